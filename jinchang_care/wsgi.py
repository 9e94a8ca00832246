"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchang_care.settings")

application = get_wsgi_application()
# Every view and form is read now, before workers are forked, not by first visitors.
_ = get_resolver().url_patterns

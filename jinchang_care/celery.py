"""The hand that does what rows in PostgreSQL ask for."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchang_care.settings")

app = Celery("jinchang_care")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

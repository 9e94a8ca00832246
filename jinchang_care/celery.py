"""The hand that does what rows in PostgreSQL ask for."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchang_care.settings")

app = Celery("jinchang_care")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def set_aside_what_stays(**_: Any) -> None:
    """Spare the collector of garbage what was read at the start and never goes.

    Long work makes rows by the million; each of its rounds would look through all
    of Django again.
    """
    gc.freeze()

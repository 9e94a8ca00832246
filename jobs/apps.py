"""Loads every app's ``tasks``, so that hands and sweeps are known in each process."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """The web shows the clock's table, the worker does it: both must know it."""

    name = "jobs"

    def ready(self) -> None:
        autodiscover_modules("tasks")

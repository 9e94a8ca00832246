"""The roof: settings, addresses and the clock's table."""

from jinchang_care.celery import app as celery_app

__all__ = ["celery_app"]

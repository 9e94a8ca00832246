"""Hears of every value that does not open, and leaves an event about it."""

from django.apps import AppConfig

from common import sealed_fields


class SealingConfig(AppConfig):
    """Plugs the trail into the sealed fields, which stand below it."""

    name = "sealing"

    def ready(self) -> None:
        from sealing.unreadable import tell

        if tell not in sealed_fields.told_of_unreadable:
            sealed_fields.told_of_unreadable.append(tell)

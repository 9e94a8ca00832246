"""Erases again, in a restored database, what had been erased since its backup."""

from typing import Any

from django.core.management.base import BaseCommand

from recipients.operations.retention import replay


class Command(BaseCommand):
    """Run after every restore and before anything is served."""

    help = "恢复备份后运行:把备份之后清除过的身份信息再次清除。"

    def handle(self, **options: Any) -> str:
        """Do it; a second run erases nobody."""
        return f"再次清除 {replay()} 人的身份信息。"

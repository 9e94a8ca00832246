"""Brings in a roster of people."""

from intake.enums import BatchKind
from intake.management.import_command import ImportCommand


class Command(ImportCommand):
    """Imports people (see ImportCommand)."""

    help = "导入关爱对象花名册(.xlsx .xls .csv)"
    kind = BatchKind.RECIPIENTS

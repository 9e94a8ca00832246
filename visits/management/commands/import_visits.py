"""Brings in a ledger of past visits."""

from intake.enums import BatchKind
from intake.management.import_command import ImportCommand


class Command(ImportCommand):
    """Imports past visits (see ImportCommand)."""

    help = "导入走访台账(.xlsx .xls .csv)"
    kind = BatchKind.VISITS

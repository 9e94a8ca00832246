"""Brings in a roster of pairings."""

from intake.enums import BatchKind
from intake.management.import_command import ImportCommand


class Command(ImportCommand):
    """Imports pairings (see ImportCommand)."""

    help = "导入结对花名册(.xlsx .xls .csv)"
    kind = BatchKind.PAIRINGS
    agreeing = ("--hand-over", "备注写明调整、更换的行按交接办理")

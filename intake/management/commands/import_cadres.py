"""Brings in a roster of units and cadres."""

from intake.enums import BatchKind
from intake.management.import_command import ImportCommand


class Command(ImportCommand):
    """Imports units and cadres (see ImportCommand)."""

    help = "导入单位与干部名册(.xlsx .xls .csv)"
    kind = BatchKind.CADRES

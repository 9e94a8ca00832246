"""Brings in a roster of people."""

from intake.enums import BatchKind
from intake.management.import_command import ImportCommand


class Command(ImportCommand):
    """Imports people (see ImportCommand)."""

    help = "导入关爱对象花名册(.xlsx .xls .csv)"
    kind = BatchKind.RECIPIENTS
    agreeing = ("--prefer-file", "系统中的值比表的填报时间新时,仍用文件的值")

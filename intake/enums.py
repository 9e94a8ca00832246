"""The words of imported files and their rows."""

from django.db import models


class BatchKind(models.TextChoices):
    """What the rows of a file are about."""

    RECIPIENTS = "recipients", "关爱对象"
    CADRES = "cadres", "单位与干部"
    PAIRINGS = "pairings", "结对关系"
    VISITS = "visits", "走访台账"


class BatchStatus(models.TextChoices):
    """Where a batch stands (ImportBatch in product.md, section 4)."""

    READ = "read", "读表中"
    CHECKED = "checked", "待确认"
    CONFIRMED = "confirmed", "已导入"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "未能读入"


class Outcome(models.TextChoices):
    """What becomes of a row; the five add up to the rows read."""

    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    SAME = "same", "未变"
    REPEATED = "repeated", "重复"
    WRONG = "wrong", "错误"


class Question(models.TextChoices):
    """What a row asks the office before it may do all that it says."""

    NEWER = "newer", "系统中的值较新"
    HANDOVER = "handover", "是否交接"


ACCEPTED = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)

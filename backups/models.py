"""What was backed up, tried and brought back, and how it went."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class RecordKind(models.TextChoices):
    """What was done with a backup."""

    MADE = "made", "备份"
    CHECKED = "checked", "恢复自查"
    RESTORED = "restored", "恢复"


class BackupRecordQuerySet(models.QuerySet["BackupRecord"]):
    """Questions asked of many records at once."""

    def of(self, kind: RecordKind) -> Self:
        return self.filter(kind=kind)

    def good(self) -> Self:
        return self.filter(good=True)


class BackupRecord(models.Model):
    """One backup, one trial of it or one return from it (备份记录)."""

    kind = models.CharField("事项", max_length=10, choices=RecordKind)
    set_name = models.CharField("备份", max_length=80, blank=True)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="操作人",
    )
    good = models.BooleanField("成功")
    rows = models.PositiveBigIntegerField("行数", default=0)
    files = models.PositiveIntegerField("文件数", default=0)
    size = models.PositiveBigIntegerField("字节数", default=0)
    words = models.CharField("结果", max_length=300, blank=True)

    objects = BackupRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "备份记录"
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["kind", "-started_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RecordKind.values),
                name="backup_record_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__gte=models.F("started_at")),
                name="backup_record_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(good=True) | ~models.Q(words=""),
                name="backup_record_of_a_failure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.set_name}".rstrip()

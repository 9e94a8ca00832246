"""What was so before: where somebody was counted, what they went by, who says so."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.models import Area, User
from common.rows import Row
from common.sealed_fields import SealedTextField
from recipients.enums import (
    Category,
    DisabilityGrade,
    DisabilityKind,
    FormerKind,
    SourceKind,
)
from recipients.merging.rules import Moves, StaysBehind
from recipients.models.recipient import Recipient


class CountedPeriod(models.Model):
    """Where and in which category a person was counted until a day (统计归属).

    A row is left by the database itself whenever area or category changes; what
    holds today stands on the file. On a day D the first period with ``until_on``
    after D counts, or the file.
    """

    ON_MERGE = {"recipient": StaysBehind()}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="periods", verbose_name="关爱对象"
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="当时乡镇街道")
    village = models.CharField("当时村社区", max_length=40, blank=True)
    category = models.CharField("当时类别", max_length=12, choices=Category)
    kind = models.CharField("当时细类", max_length=20, blank=True)
    until_on = models.DateField("截止日(不含)")

    class Meta:
        verbose_name = "统计归属"
        ordering = ["recipient", "until_on"]
        indexes = [models.Index(fields=["area", "until_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "until_on"], name="period_ends_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.get_category_display()} 至 {self.until_on}"


class DisabilityPeriod(models.Model):
    """What grade of disability was on file until a day (曾定残疾等级).

    A row is left by the database itself whenever a kind or grade that was known
    changes; what holds today stands on the file. What was judged on a day D was
    judged by the first period with ``until_on`` after D, or by the file.
    """

    ON_MERGE = {"recipient": StaysBehind()}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="disabilities", verbose_name="关爱对象"
    )
    disability_kind = models.CharField(
        "当时残疾类别", max_length=1, choices=DisabilityKind, blank=True
    )
    disability_kinds = ArrayField(
        models.CharField(max_length=1, choices=DisabilityKind),
        default=list,
        blank=True,
        verbose_name="当时多重残疾类别",
    )
    disability_grade = models.CharField(
        "当时残疾等级", max_length=1, choices=DisabilityGrade, blank=True
    )
    until_on = models.DateField("截止日(不含)")

    class Meta:
        verbose_name = "曾定残疾等级"
        ordering = ["recipient", "-until_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "until_on"], name="disability_ends_once_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(disability_kind="", disability_grade=""),
                name="disability_of_the_past_was_known",
            ),
        ]

    def __str__(self) -> str:
        grade = self.get_disability_grade_display()
        return f"{self.get_disability_kind_display()}{grade} 至 {self.until_on}"


class FormerMark(Row):
    """A code, name or resident id somebody went by before (曾用信息)."""

    ON_MERGE = {"recipient": Moves()}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="formers", verbose_name="关爱对象"
    )
    kind = models.CharField("种类", max_length=12, choices=FormerKind)
    text = SealedTextField("原文")
    index = models.BinaryField("索引", max_length=16, db_index=True)
    until_on = models.DateField("用到")

    class Meta:
        verbose_name = "曾用信息"
        ordering = ["recipient", "-until_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "index"], name="former_mark_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FormerKind.values), name="former_mark_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class FieldSource(models.Model):
    """Where the value of one field comes from (字段来源): who or which file, when."""

    ON_MERGE = {"recipient": Moves(first=("-told_on", "pk"))}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="sources", verbose_name="关爱对象"
    )
    field = models.CharField("字段", max_length=20)
    kind = models.CharField("来源", max_length=8, choices=SourceKind)
    batch_id = models.UUIDField("导入批次", null=True, blank=True)
    row = models.PositiveIntegerField("文件行", null=True, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="账号"
    )
    told_on = models.DateField("日期", default=timezone.localdate)
    as_of = models.DateField("填报时间", null=True, blank=True)

    class Meta:
        verbose_name = "字段来源"
        ordering = ["recipient", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "field"], name="source_one_a_field"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values), name="source_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="import")
                | Q(batch_id__isnull=False, row__isnull=False),
                name="source_in_a_file_names_its_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.get_kind_display()}"

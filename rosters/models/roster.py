"""A department's workbook for a month, with all its rows kept."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine
from recipients.enums import DisabilityGrade, DisabilityKind
from recipients.merging.rules import Moves
from recipients.models import Recipient
from rosters.enums import RosterKind, RosterStatus, RowOutcome


class RosterQuerySet(models.QuerySet["Roster"]):
    """Questions asked of many rosters at once."""

    def visible_to(self, user: User) -> Self:
        """Return the lists that cover the account's area; a list has no names."""
        match user.role:
            case Role.CARE_OFFICE | Role.ADMIN:
                return self.all()
            case _:
                return self.none()

    def in_force(self) -> Self:
        """Return the newest version of each list; a later one replaces it."""
        return self.filter(replaced_at=None)

    def of_month(self, month: date) -> Self:
        return self.filter(month=month.replace(day=1))


class Roster(StateMachine, Row):
    """A department's list for a month (部门名单)."""

    MOVES = {
        RosterStatus.RECEIVED: frozenset({RosterStatus.COMPARED}),
        RosterStatus.COMPARED: frozenset({RosterStatus.COMPARED, RosterStatus.WORKED}),
        RosterStatus.WORKED: frozenset({RosterStatus.COMPARED, RosterStatus.CERTIFIED}),
    }

    kind = models.CharField("名单", max_length=12, choices=RosterKind)
    month = models.DateField("月份")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="覆盖范围")
    file_name = models.CharField("文件名", max_length=200)
    content_hash = models.CharField("内容指纹", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="导入人")
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    compared_at = models.DateTimeField("比对时间", null=True, blank=True)
    replaced_at = models.DateTimeField("被替换时间", null=True, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=RosterStatus, default=RosterStatus.RECEIVED
    )
    rows_read = models.PositiveIntegerField("名单行数", default=0)
    tallies = models.JSONField("比对结果", default=dict, blank=True)
    notices = models.JSONField("读表说明", default=list, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = "部门名单"
        ordering = ["-month", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "month", "area"],
                condition=Q(replaced_at=None),
                name="roster_one_in_force_a_kind_month_and_area",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="roster_month_is_a_first_day"
            ),
            models.CheckConstraint(
                condition=Q(status__in=RosterStatus.values), name="roster_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y年%-m月}{self.get_kind_display()}名单"

    @property
    def trail_area(self) -> str:
        return self.area_id


class RosterRow(Row):
    """One row of a list (名单行), with what became of it."""

    ON_MERGE = {"recipient": Moves()}
    # Of which sealed field, and of what in it, an index is made (keys change).
    INDEX_SOURCES: ClassVar = {"resident_id_index": ("content", "id")}

    roster = models.ForeignKey(
        Roster, models.CASCADE, related_name="rows", verbose_name="名单"
    )
    sheet = models.CharField("工作表", max_length=60, blank=True)
    number = models.PositiveIntegerField("行号")
    position = models.PositiveIntegerField("顺序")
    name = models.CharField("姓名", max_length=60, blank=True)
    resident_id_index = models.BinaryField(
        "证号索引", max_length=16, null=True, blank=True
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name="乡镇街道"
    )
    disability_kind = models.CharField(
        "残疾类别", max_length=1, choices=DisabilityKind, blank=True
    )
    disability_grade = models.CharField(
        "残疾等级", max_length=1, choices=DisabilityGrade, blank=True
    )
    content = SealedTextField("整行内容")
    reason = models.CharField("问题代码", max_length=30, blank=True)
    reason_words = models.CharField("问题", max_length=200, blank=True)
    outcome = models.CharField("结果", max_length=16, choices=RowOutcome, blank=True)
    recipient = models.ForeignKey(
        Recipient,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="roster_rows",
        verbose_name="关爱对象",
    )

    class Meta:
        verbose_name = "名单行"
        ordering = ["roster", "sheet", "number"]
        indexes = [
            models.Index(fields=["roster", "outcome"]),
            models.Index(
                fields=["roster", "resident_id_index"], name="roster_row_by_person"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "sheet", "number"], name="roster_row_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *RowOutcome.values]),
                name="roster_row_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(outcome="invalid")
                | Q(resident_id_index__isnull=False),
                name="roster_row_without_an_id_is_invalid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}第{self.number}行"

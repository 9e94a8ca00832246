"""What is asked for before it leaves the system."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.states import StateMachine
from jobs.models import Job


class ExportState(models.TextChoices):
    """Where the asking stands."""

    ASKED = "asked", "待批准"
    APPROVED = "approved", "已批准"
    DECLINED = "declined", "未批准"


class ExportRequestQuerySet(models.QuerySet["ExportRequest"]):
    """Questions asked of many requests at once."""

    def visible_to(self, user: User) -> Self:
        """Return one's own, and those one may decide: offices above, administrators."""
        if user.role == Role.ADMIN:
            return self.all()
        own = Q(asked_by=user)
        if user.role == Role.CARE_OFFICE and user.area and user.area.level in DECIDING:
            low, high = user.area.prefix, str(int(user.area.prefix) + 1)
            own |= Q(area_id__gte=low, area_id__lt=high)
        return self.filter(own)

    def waiting(self) -> Self:
        return self.filter(status=ExportState.ASKED)


DECIDING = ("city", "county")


class ExportRequest(StateMachine, Row):
    """Asking a second person for a ledger with many full numbers (导出申请)."""

    MOVES = {
        ExportState.ASKED: frozenset({ExportState.APPROVED, ExportState.DECLINED}),
    }

    ledger = models.CharField("台账", max_length=20)
    options = models.JSONField("范围", default=dict)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name="行政区划"
    )
    reason = models.CharField("用途", max_length=200)
    rows = models.PositiveIntegerField("行数")
    status = models.CharField(
        "状态", max_length=10, choices=ExportState, default=ExportState.ASKED
    )
    asked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    words = models.CharField("意见", max_length=200, blank=True)
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, related_name="+", verbose_name="后台任务"
    )

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "导出申请"
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["area"],
                condition=Q(status="asked"),
                name="export_request_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="export_is_not_approved_by_who_asked",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ExportState.ASKED,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    status__in=(ExportState.APPROVED, ExportState.DECLINED),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="export_decision_is_told_whole_or_not_at_all",
            ),
        ]

    def __str__(self) -> str:
        return f"导出申请({self.rows} 行)"

    @property
    def trail_area(self) -> str:
        return self.area_id


class KeptFigures(models.Model):
    """The figures of a large area's charts, as the clock counted them last."""

    area = models.OneToOneField(
        Area,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name="行政区划",
    )
    day = models.DateField("统计日")
    counted_at = models.DateTimeField("统计时间")
    figures = models.JSONField("数字")

    class Meta:
        verbose_name = "留存数字"

    def __str__(self) -> str:
        return f"留存数字({self.counted_at:%Y-%m-%d %H:%M})"

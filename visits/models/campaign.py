"""Campaigns, and the settings the calendar goes by; the office edits them."""

from django.db import models
from django.db.models import F, Q

from cadres.models import Area, User
from common.rows import Row
from common.states import StateMachine
from visits.enums import CampaignKind, CampaignStatus, SixRule


class Campaign(StateMachine, Row):
    """Days on which many visit for one purpose (主题活动)."""

    MOVES = {
        CampaignStatus.PLANNED: frozenset({CampaignStatus.OPEN}),
        CampaignStatus.OPEN: frozenset({CampaignStatus.CLOSED}),
        CampaignStatus.CLOSED: frozenset({CampaignStatus.PUBLISHED}),
    }

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=CampaignKind)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="范围")
    nominal_on = models.DateField("名义日期")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    checklist = models.JSONField("清单", default=list, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=CampaignStatus, default=CampaignStatus.PLANNED
    )

    class Meta:
        verbose_name = "主题活动"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind", "nominal_on", "name"],
                name="campaign_once_an_area_and_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CampaignStatus.values),
                name="campaign_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_area(self) -> str:
        return self.area_id


class SixSetting(models.Model):
    """What an area does when a 逢6 day is no working day."""

    area = models.OneToOneField(
        Area, models.CASCADE, primary_key=True, verbose_name="范围"
    )
    rule = models.CharField(
        "遇节假日", max_length=8, choices=SixRule, default=SixRule.KEEP
    )
    grace_days = models.PositiveSmallIntegerField("补走访天数", default=2)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="修改人")

    class Meta:
        verbose_name = "逢6上街设置"

    def __str__(self) -> str:
        return f"{self.area}逢6上街设置"

    @property
    def trail_area(self) -> str:
        return self.area_id


class DayOverride(models.Model):
    """A day the year's notice made a working day or a day off (调休)."""

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("上班")
    words = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = "调休设置"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.working else '放假'}"

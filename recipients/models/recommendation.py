"""Somebody found who may belong on file, named by whoever came across them."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine
from recipients.enums import Category, RecommendationStatus
from recipients.merging.rules import Moves
from recipients.models.recipient import Recipient

WAITING = (RecommendationStatus.RAISED, RecommendationStatus.CHECKED)


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Questions asked of many recommendations at once."""

    def visible_to(self, user: User) -> Self:
        """Return the account's own; an office's are also those of its area."""
        return self.filter(raised_by=user.pk) | self.within_office_of(user)

    def within_office_of(self, user: User) -> Self:
        """Return those that are this office's to work on; nobody else has any."""
        if user.role != Role.CARE_OFFICE or user.area is None:
            return self.none()
        low, high = user.area.prefix, str(int(user.area.prefix) + 1)
        return self.filter(area_id__gte=low, area_id__lt=high)

    def raised(self) -> Self:
        """Return those that wait to be checked."""
        return self.filter(status=RecommendationStatus.RAISED)

    def checked(self) -> Self:
        """Return those that wait for the county."""
        return self.filter(status=RecommendationStatus.CHECKED)

    def closed(self) -> Self:
        return self.exclude(status__in=WAITING)


class Recommendation(StateMachine, Row):
    """A person found who may belong on file (推荐纳入).

    Anyone recommends, the township checks, the county includes; who recommended hears
    what became of it and no more.
    """

    ON_MERGE = {"recipient": Moves()}
    MOVES = {
        RecommendationStatus.RAISED: frozenset(
            {RecommendationStatus.CHECKED, RecommendationStatus.DECLINED}
        ),
        RecommendationStatus.CHECKED: frozenset(
            {RecommendationStatus.INCLUDED, RecommendationStatus.RAISED}
        ),
    }

    name = models.CharField("姓名", max_length=40)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name="乡镇街道"
    )
    place = SealedTextField("在哪里")
    words = SealedTextField("什么情况")
    category = models.CharField(
        "可能的类别", max_length=12, choices=Category, blank=True
    )
    phone = SealedTextField("联系电话")
    resident_id = SealedTextField("身份证号")
    status = models.CharField(
        "状态",
        max_length=10,
        choices=RecommendationStatus,
        default=RecommendationStatus.RAISED,
    )
    raised_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="推荐人"
    )
    raised_at = models.DateTimeField("推荐时间", default=timezone.now)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    checked_at = models.DateTimeField("核实时间", null=True)
    answer = SealedTextField("办理情况")
    included_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    included_at = models.DateTimeField("纳入时间", null=True)
    recipient = models.ForeignKey(
        Recipient,
        models.PROTECT,
        null=True,
        related_name="recommendations",
        verbose_name="关爱对象",
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐纳入"
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(
                fields=["area", "raised_at"],
                condition=Q(status__in=("raised", "checked")),
                name="recommendation_waiting",
            ),
            models.Index(fields=["raised_by", "-raised_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="recommendation_names_somebody"
            ),
            models.CheckConstraint(
                condition=Q(status__in=RecommendationStatus.values),
                name="recommendation_status_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="included",
                    recipient__isnull=False,
                    checked_by__isnull=False,
                    included_by__isnull=False,
                    included_at__isnull=False,
                )
                | Q(
                    ~Q(status="included"),
                    recipient__isnull=True,
                    included_by__isnull=True,
                    included_at__isnull=True,
                ),
                name="recommendation_including_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(included_by__isnull=True)
                | ~Q(included_by=F("raised_by")) & ~Q(included_by=F("checked_by")),
                name="recommendation_is_included_by_another",
            ),
        ]

    def __str__(self) -> str:
        return "推荐纳入"

    @property
    def trail_words(self) -> str:
        return f"推荐纳入 {self.area}"

    @property
    def trail_area(self) -> str:
        return self.area_id

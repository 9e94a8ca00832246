"""Seeing one person outside one's reach, in an emergency, for two hours."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import User
from common.rows import Row
from common.sealed_fields import SealedTextField
from recipients.enums import GlassVerdict
from recipients.merging.rules import Moves
from recipients.models.recipient import Recipient

OPEN_FOR = timedelta(hours=2)


class GlassLookQuerySet(models.QuerySet["GlassLook"]):
    """Questions asked of many urgent looks at once."""

    def open_to(self, user: User, now: datetime | None = None) -> Self:
        """Return the looks that this account has open at this moment."""
        now = now or timezone.now()
        return self.filter(user=user, opened_at__lte=now, until__gt=now)

    def waiting(self) -> Self:
        """Return the looks that nobody has judged yet."""
        return self.filter(verdict=GlassVerdict.WAITING)

    def visible_to(self, user: User) -> Self:
        """Return the looks at an office's own people; the auditor's are all."""
        if user.role == Role.AUDITOR:
            return self.all()
        if user.role == Role.CARE_OFFICE and user.area:
            low, high = user.area.prefix, str(int(user.area.prefix) + 1)
            return self.filter(recipient__area_id__gte=low, recipient__area_id__lt=high)
        return self.none()


class GlassLook(Row):
    """An urgent look at one person outside the reach (紧急查看), reviewed later."""

    ON_MERGE = {"recipient": Moves()}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="glass_looks", verbose_name="关爱对象"
    )
    user = models.ForeignKey(
        User, models.PROTECT, related_name="glass_looks", verbose_name="查看账号"
    )
    reason = SealedTextField("紧急理由")
    opened_at = models.DateTimeField("开始时间")
    until = models.DateTimeField("截止时间")
    verdict = models.CharField(
        "复核结论",
        max_length=12,
        choices=GlassVerdict,
        default=GlassVerdict.WAITING,
    )
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    reviewed_at = models.DateTimeField("复核时间", null=True, blank=True)
    review_words = SealedTextField("复核意见")

    objects = GlassLookQuerySet.as_manager()

    class Meta:
        verbose_name = "紧急查看"
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["user", "-until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=F("opened_at") + OPEN_FOR),
                name="glass_is_open_for_two_hours",
            ),
            models.CheckConstraint(
                condition=Q(
                    verdict=GlassVerdict.WAITING,
                    reviewed_by__isnull=True,
                    reviewed_at__isnull=True,
                )
                | Q(
                    verdict__in=(GlassVerdict.RIGHT, GlassVerdict.WRONG),
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="glass_review_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")),
                name="glass_is_not_reviewed_by_who_looked",
            ),
        ]

    def __str__(self) -> str:
        return f"紧急查看 {timezone.localtime(self.opened_at):%m-%d %H:%M}"

    @property
    def trail_words(self) -> str:
        return f"紧急查看 {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id

"""Reminders: one for each pairing, cause and period."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import User
from recipients.models import ActingCarer, Pairing
from visits.enums import ReminderCause


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Questions asked of many reminders at once."""

    def visible_to(self, user: User) -> Self:
        """Return a cadre's own reminders; nobody else has any.

        While somebody acts for the cadre (代管) they are the acting one's.
        """
        if user.role != Role.CADRE:
            return self.none()
        acting = ActingCarer.objects.in_force(timezone.localdate())
        theirs = acting.filter(pairing=OuterRef("pairing"))
        own = Q(~Exists(theirs), pairing__cadre__user=user)
        acted = acting.filter(cadre__user=user).order_by()
        return self.filter(own | Q(pairing__in=acted.values("pairing")))

    def unsent(self) -> Self:
        return self.filter(sent_at=None, moot_at=None)

    def standing(self) -> Self:
        """Return those that still ask for a visit."""
        return self.filter(done_at=None, moot_at=None)


class Reminder(models.Model):
    """A nudge to see a family (提醒): raised, sent, done or moot."""

    pairing = models.ForeignKey(
        Pairing, models.CASCADE, related_name="reminders", verbose_name="结对"
    )
    cause = models.CharField("事由", max_length=8, choices=ReminderCause)
    period = models.DateField("期次")
    words = models.CharField("提示", max_length=200, blank=True)
    raised_at = models.DateTimeField("生成时间", default=timezone.now)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    moot_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        ordering = ["-period", "id"]
        indexes = [
            models.Index(
                fields=["period", "id"],
                condition=models.Q(sent_at=None, moot_at=None),
                name="reminder_unsent",
            ),
            models.Index(
                fields=["cause", "period"],
                condition=models.Q(done_at=None, moot_at=None),
                name="reminder_standing",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "cause", "period"],
                name="reminder_once_a_pairing_cause_and_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}提醒"

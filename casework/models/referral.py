"""A need sent to a department, and what came back."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Organisation, User
from casework.enums import ReferralStatus
from casework.models.need import Need
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine

OPEN = (ReferralStatus.SENT, ReferralStatus.ACCEPTED, ReferralStatus.ANSWERED)
WITH_DEPARTMENT = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Questions asked of many referrals at once."""

    def visible_to(self, user: User) -> Self:
        """Return a department's own referrals; an office's are those of its needs."""
        if user.role == Role.DEPARTMENT:
            return self.filter(department=user.organisation_id)
        return self.filter(need__in=Need.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def with_department(self) -> Self:
        """Return those on which the department has yet to act."""
        return self.filter(status__in=WITH_DEPARTMENT)

    def overdue(self, today: date) -> Self:
        return self.with_department().filter(due_on__lt=today)


class Referral(StateMachine, Row):
    """A need sent to a department (转办): accepted, returned, answered, closed."""

    MOVES = {
        ReferralStatus.SENT: frozenset(
            {ReferralStatus.ACCEPTED, ReferralStatus.RETURNED}
        ),
        ReferralStatus.ACCEPTED: frozenset(
            {ReferralStatus.ANSWERED, ReferralStatus.RETURNED}
        ),
        ReferralStatus.ANSWERED: frozenset({ReferralStatus.CLOSED}),
    }

    need = models.ForeignKey(
        Need, models.PROTECT, related_name="referrals", verbose_name="需求"
    )
    department = models.ForeignKey(
        Organisation, models.PROTECT, related_name="referrals", verbose_name="部门"
    )
    status = models.CharField(
        "状态", max_length=10, choices=ReferralStatus, default=ReferralStatus.SENT
    )
    words = SealedTextField("转办说明")
    sent_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="转办人"
    )
    sent_at = models.DateTimeField("转办时间", default=timezone.now)
    due_on = models.DateField("期限")
    answer = SealedTextField("办理情况")
    handled_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "转办"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["department", "due_on", "id"]),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(status__in=("sent", "accepted")),
                name="referral_with_department",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need"],
                condition=Q(status__in=("sent", "accepted", "answered")),
                name="referral_one_open_a_need",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReferralStatus.values),
                name="referral_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("closed", "returned"), closed_on__isnull=False)
                | Q(~Q(status__in=("closed", "returned")), closed_on__isnull=True),
                name="referral_end_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need}转办"

    @property
    def trail_words(self) -> str:
        return f"转办 {self.need.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.need.recipient.area_id

"""Sheets on which the seven policies are checked."""

from typing import Self

from django.db import models

from cadres.models import User
from common.rows import Row
from common.sealed_fields import SealedTextField
from policies.enums import CheckState, Policy
from recipients.enums import RecipientStatus
from recipients.merging.rules import Moves
from recipients.models import Recipient


class PolicySheetQuerySet(models.QuerySet["PolicySheet"]):
    """Questions asked of many sheets at once."""

    def visible_to(self, user: User) -> Self:
        """Return the sheets of the people within this account's reach."""
        return self.filter(recipient__in=Recipient.objects.visible_to(user))


class PolicySheet(Row):
    """One check-up of the seven policies for a person on a day (政策核对表)."""

    ON_MERGE = {
        "recipient": Moves(first=("-checked_on", "-pk"), gives_way={"latest": False})
    }

    recipient = models.ForeignKey(
        Recipient, models.PROTECT, related_name="sheets", verbose_name="关爱对象"
    )
    checked_on = models.DateField("核对日期")
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="核对人")
    latest = models.BooleanField("最近一次", default=True)

    objects = PolicySheetQuerySet.as_manager()

    class Meta:
        verbose_name = "政策核对表"
        ordering = ["-checked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"],
                condition=models.Q(latest=True),
                name="sheet_one_latest_per_recipient",
            )
        ]
        indexes = [models.Index(fields=["recipient", "-checked_on"])]

    def __str__(self) -> str:
        return f"{self.checked_on} 政策核对"


class PolicyCheckQuerySet(models.QuerySet["PolicyCheck"]):
    """Questions asked of many checks at once."""

    def visible_to(self, user: User) -> Self:
        """Return the checks of the people within this account's reach."""
        return self.filter(sheet__recipient__in=Recipient.objects.visible_to(user))

    def standing(self) -> Self:
        """Return what the latest sheet of each person not left says."""
        return self.filter(sheet__latest=True).exclude(
            sheet__recipient__status=RecipientStatus.LEFT
        )


class PolicyCheck(Row):
    """What one policy's check found (核对项)."""

    sheet = models.ForeignKey(
        PolicySheet, models.CASCADE, related_name="checks", verbose_name="核对表"
    )
    policy = models.CharField("政策", max_length=12, choices=Policy)
    state = models.CharField("结果", max_length=12, choices=CheckState)
    words = SealedTextField("说明")

    objects = PolicyCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "核对项"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "policy"], name="check_one_per_policy"
            ),
            models.CheckConstraint(
                condition=models.Q(policy__in=Policy.values), name="check_policy_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CheckState.values),
                name="check_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_policy_display()} {self.get_state_display()}"

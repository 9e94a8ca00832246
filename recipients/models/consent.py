"""What a person, or for a child the guardian, has agreed to."""

from typing import Self

from django.db import models
from django.db.models import Q

from cadres.models import User
from common.rows import Row
from recipients.enums import ConsentScope
from recipients.merging.rules import Moves
from recipients.models.recipient import Recipient


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Questions asked of many consents at once."""

    def in_force(self) -> Self:
        return self.filter(withdrawn_on=None)


class Consent(Row):
    """A consent on paper, noted on the file (同意书): to what, by whom, since when."""

    ON_MERGE = {"recipient": Moves(first=("-given_on", "pk"))}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="consents", verbose_name="关爱对象"
    )
    scope = models.CharField("同意事项", max_length=10, choices=ConsentScope)
    given_by = models.CharField("同意人与对象关系", max_length=20)
    given_on = models.DateField("同意日期")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    noted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="登记人"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "同意书"
        ordering = ["scope", "-given_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "scope"],
                condition=Q(withdrawn_on=None),
                name="consent_one_in_force_a_scope",
            ),
            models.CheckConstraint(
                condition=Q(scope__in=ConsentScope.values), name="consent_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None)
                | Q(withdrawn_on__gte=models.F("given_on")),
                name="consent_is_withdrawn_after_it_is_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}({self.given_by})"

    @property
    def trail_words(self) -> str:
        return f"同意书 {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id

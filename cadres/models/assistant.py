"""Who may write down a cadre's visits besides the cadre (代录人)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from cadres.models.cadre import Cadre
from cadres.models.user import User
from common.rows import Row


class CadreAssistantQuerySet(models.QuerySet["CadreAssistant"]):
    """Questions asked of many assistants at once."""

    def in_force(self, today: date) -> Self:
        return self.filter(Q(until_on=None) | Q(until_on__gt=today), from_on__lte=today)

    def of(self, user: User, today: date) -> Self:
        """Return for whom this account may write visits down today."""
        return self.in_force(today).filter(assistant__user=user, assistant__active=True)


class CadreAssistant(Row):
    """A cadre who writes down another's visits, both names on each (代录)."""

    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="assistants", verbose_name="走访人"
    )
    assistant = models.ForeignKey(
        Cadre, models.PROTECT, related_name="assists", verbose_name="代录人"
    )
    from_on = models.DateField("起")
    until_on = models.DateField("止(不含)", null=True, blank=True)
    named_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="指定人"
    )

    objects = CadreAssistantQuerySet.as_manager()

    class Meta:
        verbose_name = "代录人"
        ordering = ["-from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(until_on__isnull=True),
                name="assistant_one_without_an_end_a_cadre",
            ),
            models.CheckConstraint(
                condition=~Q(cadre=F("assistant")), name="assistant_is_another"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="assistant_ends_after_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assistant}代录{self.cadre}"

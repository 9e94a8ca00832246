"""Who takes a carer's place while the carer is away (代管)."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value
from django.db.models.functions import Greatest

from cadres.models import Cadre, CadreLeave, User
from common.rows import Row
from recipients.acting_days import covers, in_force
from recipients.enums import PairingStatus
from recipients.models.pairing import Pairing


def _range(low: Any, high: Any, ends: str) -> Func:
    return Func(
        *(low, high, Value(ends)), function="daterange", output_field=DateRangeField()
    )


# The days agreed on, less all from the day on which it was ended.
DAYS = ExpressionWrapper(
    _range(F("from_on"), F("until_on"), "[]") * _range(None, F("ended_on"), "[)"),
    output_field=DateRangeField(),
)


class ActingCarerQuerySet(models.QuerySet["ActingCarer"]):
    """Questions asked of many acting carers at once."""

    def visible_to(self, user: User) -> Self:
        """Return those of the pairings within the account's reach."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def proposed(self) -> Self:
        """Return those that wait for an office's word, of pairings that go on."""
        return self.filter(
            agreed_at=None, ended_on=None, pairing__status=PairingStatus.ACTIVE
        )

    def covering(self, day: date) -> Self:
        """Return those whose days the day is one of, whatever has come since."""
        return self.filter(covers(day))

    def in_force(self, day: date) -> Self:
        """Return those by which somebody cares for a family on this day."""
        return self.filter(in_force(day), pairing__status=PairingStatus.ACTIVE)

    def to_come(self, today: date) -> Self:
        """Return those in force now or later."""
        return self.filter(
            agreed_at__isnull=False,
            ended_on=None,
            until_on__gte=today,
            pairing__status=PairingStatus.ACTIVE,
        )

    def sound(self, today: date) -> Self:
        """Return those to come whose acting cadre is at the post all the while."""
        away = CadreLeave.objects.filter(
            cadre=OuterRef("cadre"),
            from_on__lte=OuterRef("until_on"),
            until_on__gte=Greatest(OuterRef("from_on"), Value(today)),
        )
        return self.to_come(today).filter(~Exists(away), cadre__active=True)


class ActingCarer(Row):
    """A cadre who takes the place of a pairing's own for some days (代管).

    The pairing stays the first carer's, and every figure of pairings counts it there,
    also the load: a promise is not given twice. Within the days the acting cadre sees
    the person, visits and is reminded; a visit is of whoever made it. It lies within
    a leave of the first, and is over with it, with the pairing, and when the acting
    cadre leaves the post. See docs/decisions/0018-a-carers-place-for-some-days.md.
    """

    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="acting", verbose_name="结对"
    )
    # The pairing's cadre, told here as well, so that a constraint can see it.
    carer = models.ForeignKey(
        Cadre, models.PROTECT, related_name="stood_in_for", verbose_name="结对干部"
    )
    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="acts", verbose_name="代管干部"
    )
    from_on = models.DateField("起")
    until_on = models.DateField("止")
    words = models.CharField("代管说明", max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_on = models.DateField("提出日期")
    agreed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确定人",
    )
    agreed_at = models.DateTimeField("确定时间", null=True, blank=True)
    ended_on = models.DateField("不再代管", null=True, blank=True)
    ended_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="结束人",
    )
    end_words = models.CharField("结束说明", max_length=300, blank=True)

    objects = ActingCarerQuerySet.as_manager()

    class Meta:
        verbose_name = "代管"
        ordering = ["-from_on", "id"]
        constraints = [
            ExclusionConstraint(
                name="acting_one_at_once_a_pairing",
                expressions=[
                    ("pairing", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=Q(agreed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["pairing"],
                condition=Q(agreed_at=None, ended_on=None),
                name="acting_proposed_once_a_pairing",
            ),
            models.CheckConstraint(
                condition=~Q(cadre=F("carer")), name="acting_is_another"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="acting_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="acting_agreed_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="acting_end_is_told_whole_or_not_at_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}代管{self.carer}的结对"

    @property
    def days_words(self) -> str:
        """The days in words for a sentence: 12月1日至3月1日."""
        return f"{_day(self.from_on)}至{_day(self.until_on)}"

    @property
    def trail_words(self) -> str:
        return f"代管 {self.pairing.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.pairing.trail_area


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

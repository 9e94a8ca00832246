"""Figures, each one function whose docstring says how the city counts it (口径).

All of them take the area they are asked for. People are counted where they live
today, or on the day that is asked for; visits where the person lived when they were
made, by the day of the visit, Asia/Shanghai (domain/reports.md 5.1).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Left

from cadres.models import Area
from casework.enums import ReferralStatus
from casework.models import Need, NeedQuerySet, Referral, ReferralQuerySet
from policies.enums import ASKED, CheckState, Policy
from policies.models import PolicyCheck
from recipients.enums import Category, RecipientStatus
from recipients.models import Pairing, Recipient, RecipientQuerySet
from rosters.models import Difference, DifferenceQuerySet
from visits.models import HomeVisit, HomeVisitQuerySet

SMALLEST_SHOWN = 5


@dataclass(frozen=True)
class People:
    """Who is on file: persons, households, and persons by category."""

    persons: int
    households: int
    paired: int
    by_category: dict[str, int]

    @property
    def coverage(self) -> float | None:
        """The share with an active cadre pairing in hundredths; None for nobody."""
        return self.paired * 100 / self.persons if self.persons else None


@dataclass(frozen=True)
class Share:
    """A part of a whole, as 'done of due'."""

    done: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Full hundredths; None where there is nothing to do."""
        return self.done * 100 // self.whole if self.whole else None


@dataclass(frozen=True)
class MonthFigure:
    """Households visited in a month, and how many there were to visit."""

    month: date
    done: int
    due: int


def people(area: Area) -> People:
    """关爱对象: persons on file (暂停 included), once each, in ``category``; and
    结对率: those with an active 干部结对.
    """
    on_file = _on_file(area)
    counted: dict[str, int] = on_file.aggregate(
        persons=Count("*"),
        households=Count("household", distinct=True),
        paired=Count("paired", filter=Q(paired=True)),
        **{
            kind: Count("category", filter=Q(category=kind)) for kind in Category.values
        },
    )
    return People(
        persons=counted["persons"],
        households=counted["households"],
        paired=counted["paired"],
        by_category={kind: counted[kind] for kind in Category.values},
    )


def by_place(area: Area) -> dict[str, dict[str, int]]:
    """各地关爱对象: {place below: {category: persons}}, once each, in ``category``.

    Below a city are its counties, below a county its townships; below a township
    no places are told.
    """
    digits = {"city": 6, "county": 9}.get(area.level)
    if digits is None:
        return {}
    found: dict[str, dict[str, int]] = {}
    for row in (
        _on_file(area)
        .order_by()
        .values("category", place=Left("area", digits))
        .annotate(number=Count("*"))
    ):
        found.setdefault(row["place"], {})[row["category"]] = row["number"]
    return found


def persons(area: Area) -> int:
    """关爱对象(人): persons on file (暂停 included), once each."""
    return _on_file(area).count()


def persons_on(area: Area, day: date) -> int:
    """某日关爱对象(人): persons who were on file on the day, where they lived then."""
    return Recipient.objects.counted_on(area, day).count()


def unpaired(area: Area) -> int:
    """待结对: persons on file (not 暂停) without an active 干部结对."""
    return Recipient.objects.within(area).unpaired().count()


def proposals(area: Area) -> int:
    """待审核: pairings proposed and not yet decided."""
    return Pairing.objects.within(area).proposed().count()


def overdue(area: Area, today: date) -> int:
    """超期未走访: active 干部结对 whose next contact was due before today."""
    return Pairing.objects.within(area).by_cadres().overdue(today).count()


def visited_households(area: Area, month: date) -> Share:
    """本月已走访(户): households seen by 入户, 医院 or 机构探视 in the month, of the
    households on file. Who refused counts, a closed door (未遇) does not.
    """
    first, last = month_range(month)
    seen = (
        _visits(area)
        .in_person()
        .filter(day__range=(first, last))
        .aggregate(seen=Count("recipient__household", distinct=True))["seen"]
    )
    whole = _on_file(area).aggregate(whole=Count("household", distinct=True))["whole"]
    return Share(min(seen, whole), whole)


def visited_by_township(area: Area, month: date) -> dict[str, Share]:
    """各乡镇走访完成率: {township code: visited of all households}, as above."""
    first, last = month_range(month)
    # The queryset has ``counted_area``, which the checker of types cannot see.
    visits: Any = _visits(area)
    seen = dict(
        visits.in_person()
        .filter(day__range=(first, last))
        .order_by()
        .values_list("counted_area")
        .annotate(seen=Count("recipient__household", distinct=True))
        .values_list("counted_area", "seen")
    )
    whole = dict(
        _on_file(area)
        .order_by()
        .values_list("area")
        .annotate(whole=Count("household", distinct=True))
        .values_list("area", "whole")
    )
    return {
        code: Share(min(seen.get(code, 0), number), number)
        for code, number in sorted(whole.items())
    }


def visits_by_month(
    area: Area, today: date, due: int, months: int = 6
) -> list[MonthFigure]:
    """近六个月走访: households visited in each month, of those on file today.

    How many were on file in an earlier month is not kept before the month's close:
    ``due``, today's number, stands for it.
    """
    firsts = [_months_back(today.replace(day=1), back) for back in range(months)][::-1]
    counted: dict[str, int] = (
        _visits(area)
        .in_person()
        .filter(day__gte=firsts[0])
        .aggregate(
            **{
                f"m{number}": Count(
                    "recipient__household",
                    distinct=True,
                    filter=Q(day__range=month_range(first)),
                )
                for number, first in enumerate(firsts)
            }
        )
    )
    return [
        MonthFigure(first, counted[f"m{number}"], due)
        for number, first in enumerate(firsts)
    ]


def policies(area: Area) -> list[tuple[str, str, Share]]:
    """七项政策落实率: in each person's latest sheet, 已享受 of 已享受, 应享未享 and
    待核实; 不符合条件 is left out.
    """
    low, high = _range(area)
    counted = {
        (row["policy"], row["state"]): row["number"]
        for row in PolicyCheck.objects.filter(
            sheet__latest=True,
            sheet__recipient__area_id__gte=low,
            sheet__recipient__area_id__lt=high,
        )
        .exclude(sheet__recipient__status=RecipientStatus.LEFT)
        .order_by()
        .values("policy", "state")
        .annotate(number=Count("pk"))
    }
    return [
        (
            str(value),
            str(label),
            Share(
                counted.get((value, CheckState.ENJOYED), 0),
                sum(counted.get((value, state), 0) for state in ASKED),
            ),
        )
        for value, label in Policy.choices
    ]


def needs_overdue(area: Area, today: date) -> int:
    """超期未办结需求: open needs past their due day."""
    return _needs(area).late(today).count()


def needs_open(area: Area) -> int:
    """未办需求: needs neither 销号 nor declined."""
    return _needs(area).open().count()


def referrals_overdue(area: Area, today: date) -> int:
    """转办超期: referrals a department has neither answered nor returned in time."""
    return _referrals(area).overdue(today).count()


def referrals_answered(area: Area) -> int:
    """转办待办结: referrals that are answered and wait for the office."""
    return _referrals(area).filter(status=ReferralStatus.ANSWERED).count()


def _referrals(area: Area) -> ReferralQuerySet:
    low, high = _range(area)
    found: ReferralQuerySet = Referral.objects.filter(
        need__recipient__area_id__gte=low, need__recipient__area_id__lt=high
    )
    return found


def differences_open(area: Area) -> int:
    """待处理差异: what lists and registry disagree in and nobody has settled."""
    low, high = _range(area)
    found: DifferenceQuerySet = Difference.objects.open()
    return found.filter(area_id__gte=low, area_id__lt=high).count()


def contacts(area: Area, first: date, last: date) -> int:
    """联系交流(人次): contacts by any way, one a person, 未遇 among them."""
    return _visits(area).filter(day__range=(first, last)).count()


def hide_small(number: int) -> str:
    """Return the figure as a leader may see it: groups under five as ``<5``."""
    return f"<{SMALLEST_SHOWN}" if 0 < number < SMALLEST_SHOWN else f"{number:,}"


def month_range(month: date) -> tuple[date, date]:
    """Return the first and the last day of the month."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


def _months_back(first: date, back: int) -> date:
    index = first.year * 12 + first.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def _range(area: Area) -> tuple[str, str]:
    return area.prefix, str(int(area.prefix) + 1)


def _on_file(area: Area) -> RecipientQuerySet:
    return Recipient.objects.within(area).not_left()


def _visits(area: Area) -> HomeVisitQuerySet:
    standing: HomeVisitQuerySet = HomeVisit.objects.standing()
    return standing.counted_in(area)


def _needs(area: Area) -> NeedQuerySet:
    low, high = _range(area)
    found: NeedQuerySet = Need.objects.filter(
        recipient__area_id__gte=low, recipient__area_id__lt=high
    )
    return found


def latest_visits(area: Area, number: int = 4) -> list[HomeVisit]:
    """Return the newest visits in the area, with whom and where."""
    # Not of the past: whoever has moved away is no longer this office's to see.
    return list(
        HomeVisit.objects.within(area)
        .standing()
        .select_related("recipient__area", "cadre")
        .order_by(F("day").desc(), "-id")[:number]
    )

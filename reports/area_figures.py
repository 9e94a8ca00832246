"""What an area's charts are drawn from: counted at once, or kept where that takes long.

Offices of some ten thousand people are counted whenever somebody looks. Where there
are more, the clock counts every few minutes, and the pages say as of when.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.utils import timezone

from cadres.models import Area
from reports import indicators
from reports.indicators import MonthFigure, People, Share
from reports.models import KeptFigures

# Counting so many people and their visits takes a tenth of a second.
COUNTED_AT_ONCE = 20_000
# Three rounds of the clock; what is older is counted anew.
FRESH = timedelta(minutes=15)


@dataclass(frozen=True)
class AreaFigures:
    """People, visits and policies of an area; ``counted_at`` is None for just now."""

    people: People
    visited: Share
    visited_by_township: dict[str, Share]
    policies: list[tuple[str, str, Share]]
    months: list[MonthFigure]
    by_place: dict[str, dict[str, int]]
    counted_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return all but the moment, days as words (ISO 8601)."""
        told = asdict(self)
        del told["counted_at"]
        for month in told["months"]:
            month["month"] = month["month"].isoformat()
        return told

    @classmethod
    def from_json(cls, told: dict[str, Any], counted_at: datetime) -> Self:
        """Return the figures that ``as_json`` has told."""
        return cls(
            people=People(**told["people"]),
            visited=Share(**told["visited"]),
            visited_by_township={
                code: Share(**share)
                for code, share in told["visited_by_township"].items()
            },
            policies=[
                (value, label, Share(**share))
                for value, label, share in told["policies"]
            ],
            months=[
                MonthFigure(date.fromisoformat(row["month"]), row["done"], row["due"])
                for row in told["months"]
            ],
            by_place=told["by_place"],
            counted_at=counted_at,
        )


def figures_of(area: Area, today: date) -> AreaFigures:
    """Return the figures kept of today a short while ago, or else count them."""
    kept = KeptFigures.objects.filter(
        area=area, day=today, counted_at__gte=timezone.now() - FRESH
    ).first()
    if kept is None:
        return count(area, today)
    return AreaFigures.from_json(kept.figures, kept.counted_at)


def count(area: Area, today: date) -> AreaFigures:
    """Count the area's figures as of the day."""
    people = indicators.people(area)
    return AreaFigures(
        people=people,
        visited=indicators.visited_households(area, today),
        visited_by_township=indicators.visited_by_township(area, today),
        policies=indicators.policies(area),
        months=indicators.visits_by_month(area, today, people.households),
        by_place=indicators.by_place(area),
    )


def takes_long(area: Area) -> bool:
    """Say whether the area has more people than are counted while somebody waits."""
    return indicators.persons(area) > COUNTED_AT_ONCE

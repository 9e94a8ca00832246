"""The state of the city on one page, without names; groups under five are hidden."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cadres.models import Area, User
from recipients.enums import Category
from reports import desks, indicators
from reports.indicators import SMALLEST_SHOWN, People
from reports.indicators import hide_small as _shown_number


@dataclass(frozen=True)
class PlaceRow:
    """One county or township: figures, or None where they are hidden."""

    name: str
    figures: list[int | None]


def overview(user: User, today: date) -> dict[str, Any]:
    """Return the leader's page for the account's area: sums only."""
    area = user.area
    if area is None:
        raise ValueError("A leader's account has an area by a constraint.")
    people = indicators.people(area)
    drawn = desks.pictures(area, today, people)
    drawn["map_values"] = _shown(area, today)
    return {
        **desks.heading(user, today),
        **drawn,
        "area": area,
        "people_words": _shown_number(people.persons),
        "overdue": _shown_number(indicators.overdue(area, today)),
        "needs_note": f"未办需求 {_shown_number(indicators.needs_open(area))} 件",
        "categories": list(Category.labels),
        "places": hidden(_places(area)),
    }


def hidden(rows: list[PlaceRow]) -> list[PlaceRow]:
    """Hide every cell of one to four persons, and in its column a second one.

    A single hidden cell could be worked out from the column's sum; the smallest of
    the others goes with it.
    """
    columns = range(len(rows[0].figures)) if rows else range(0)
    for column in columns:
        small = [row for row in rows if 0 < (row.figures[column] or 0) < SMALLEST_SHOWN]
        if len(small) == 1:
            others = [row for row in rows if row not in small and row.figures[column]]
            small += sorted(others, key=lambda row: row.figures[column] or 0)[:1]
        for row in small:
            row.figures[column] = None
    return rows


def _places(area: Area) -> list[PlaceRow]:
    below = Area.objects.filter(parent=area, level__in=("county", "township"))
    return [
        PlaceRow(place.name, _figures(indicators.people(place)))
        for place in below.order_by("code")
    ]


def _figures(people: People) -> list[int | None]:
    return [people.by_category[kind] for kind in Category.values]


def _shown(area: Area, today: date) -> dict[str, int | None]:
    shares = indicators.visited_by_township(area, today)
    return {
        code: share.percent if share.whole >= SMALLEST_SHOWN else None
        for code, share in shares.items()
    }

"""The state of the city on one page, without names; groups under five are hidden."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cadres.models import Area, User
from recipients.enums import Category
from reports import desks, indicators
from reports.area_figures import figures_of
from reports.indicators import SMALLEST_SHOWN, Share
from reports.indicators import hide_small as _shown_number
from reports.small_groups import protect


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
    figures = figures_of(area, today)
    drawn = desks.pictures(figures, today)
    drawn["map_values"] = _shown(figures.visited_by_township)
    # A leader sees sums, and no rows behind them, nor what a share is made of.
    del drawn["map_told"], drawn["map_urls"]
    drawn["month_rows"] = [row[:3] for row in drawn["month_rows"]]
    places = _places(area, figures.by_place)
    totals = hidden(places)
    # A total that is hidden could be worked out from the sum of all.
    whole = _shown_number(figures.people.persons) if None not in totals else "—"
    return {
        **desks.heading(user, today),
        **drawn,
        "policy_rates": _rates(figures.policies),
        "area": area,
        "people_words": whole,
        "people_note": _note(totals),
        "overdue": _shown_number(indicators.overdue(area, today)),
        "needs_note": f"未办需求 {_shown_number(indicators.needs_open(area))} 件",
        "categories": [(desks.SHORT_CATEGORIES[kind], kind.label) for kind in Category],
        "places": places,
    }


def hidden(rows: list[PlaceRow]) -> list[int | None]:
    """Hide the small groups in every column; return the totals that may be shown."""
    totals: list[int | None] = []
    for place in range(len(rows[0].figures)) if rows else range(0):
        column = protect([row.figures[place] or 0 for row in rows])
        totals.append(column.total)
        for row, figure in zip(rows, column.cells, strict=True):
            row.figures[place] = figure
    return totals


def _note(totals: list[int | None]) -> str:
    """Say the people by category: 儿童 12 · 重残 30, and — for what is hidden."""
    names = [desks.SHORT_CATEGORIES[kind] for kind in Category]
    return " · ".join(
        f"{name}\N{NO-BREAK SPACE}{'—' if total is None else f'{total:,}'}"
        for name, total in zip(names, totals, strict=True)
    )


def _places(area: Area, persons: dict[str, dict[str, int]]) -> list[PlaceRow]:
    below = Area.objects.filter(parent=area, level__in=("county", "township"))
    return [
        PlaceRow(
            place.name,
            [persons.get(place.prefix, {}).get(kind, 0) for kind in Category.values],
        )
        for place in below.order_by("code")
    ]


def _rates(policies: list[tuple[str, str, Share]]) -> list[tuple[str, int]]:
    """Return the policies' rates, but for those of fewer than five people."""
    return [
        (label, share.percent or 0)
        for _, label, share in policies
        if share.whole >= SMALLEST_SHOWN
    ]


def _shown(shares: dict[str, Share]) -> dict[str, int | None]:
    return {
        code: share.percent if share.whole >= SMALLEST_SHOWN else None
        for code, share in shares.items()
    }

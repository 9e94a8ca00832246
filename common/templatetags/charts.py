"""Charts that the server draws: they print, they need no script, each has its table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from django import template

from common import charts
from common.townships import TOWNSHIPS

register = template.Library()

_numbers = count(1)
BAND_WORDS = ("没有数据", "{0:g} 以上", "{1:g}–{0:g}", "{2:g}–{1:g}", "{2:g} 以下")


@register.inclusion_tag("_chart_bars.html")
def month_bars(
    rows: Iterable[Sequence[Any]],
    title: str = "近六个月走访",
    due_words: str = "应走访",
) -> Any:
    """Draw (label, due, done) or (label, due, done, url) month by month.

    ``due_words`` names the grey bars.
    """
    kept = [
        (str(row[0]), int(row[1]), int(row[2]), row[3] if len(row) > 3 else "")
        for row in rows
    ]
    told = ";".join(
        f"{label}{due_words} {due} 已走访 {done}" for label, due, done, _ in kept
    )
    return {
        "id": f"chart{next(_numbers)}",
        "title": title,
        "told": told,
        "rows": kept,
        "linked": any(row[3] for row in kept),
        "due_words": due_words,
        "drawings": [
            charts.bars(kept, due_words=due_words),
            charts.bars(kept, due_words=due_words, narrow=True),
        ],
    }


@register.inclusion_tag("_chart_rates.html")
def rates(rows: Iterable[Sequence[Any]], title: str) -> Any:
    """Draw (name, percent) or (name, percent, url) as bars lying on their side."""
    kept = [
        {"name": row[0], "share": row[1], "url": row[2] if len(row) > 2 else ""}
        for row in rows
    ]
    return {"rows": kept, "title": title}


@register.inclusion_tag("_chart_trend.html")
def trend(points: Iterable[tuple[date, Any]], title: str, unit: str = "") -> Any:
    """Draw (day, value); the first value is the base."""
    kept = sorted((day, float(value)) for day, value in points)
    if not kept:
        return {"points": []}
    (first, start), (last, end) = kept[0], kept[-1]
    told = f"从{first:%Y年%m月} {start:g}{unit} 到{last:%Y年%m月} {end:g}{unit}"
    return {
        "id": f"chart{next(_numbers)}",
        "title": title,
        "told": told,
        "unit": unit,
        "points": kept,
        "drawings": [charts.trend(kept), charts.trend(kept, narrow=True)],
    }


@register.inclusion_tag("_chart_map.html")
def sketch_map(
    values: Mapping[str, Any],
    title: str = "各乡镇走访完成率",
    unit: str = "%",
    urls: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> Any:
    """Draw township code → value (or None) on the sketch of the two counties.

    ``told`` is what each value is made of, in words for the table.
    """
    known = {
        code: None if value is None else float(value) for code, value in values.items()
    }
    links, made_of = dict(urls or {}), dict(told or {})
    rows = [
        {
            "name": place.name,
            "value": known.get(place.code),
            "url": links.get(place.code, ""),
            "told": made_of.get(place.code, ""),
        }
        for place in TOWNSHIPS
    ]
    return {
        "id": f"chart{next(_numbers)}",
        "title": title,
        "unit": unit,
        "rows": rows,
        "legend": _legend(known),
        "drawings": [
            charts.sketch_map(known, links),
            charts.sketch_map(known, links, narrow=True),
        ],
    }


def _legend(values: Mapping[str, float | None]) -> list[tuple[int, str]]:
    """Return the bands from best to worst, and 没有数据 only where it is needed."""
    names = [words.format(*charts.BANDS) for words in BAND_WORDS]
    shown = list(enumerate(names))[1:]
    if any(values.get(place.code) is None for place in TOWNSHIPS):
        shown.append((0, names[0]))
    return shown

"""What rows say by where they stand and not by a cell: titles and sheets' names."""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from common.tables.dates import day_in, day_reported
from common.tables.layout import Header
from common.tables.words import CATEGORY_LABELS, category_in
from intake.layouts.judged import Context

# Not 爱心 alone: that is what the whole scheme is called.
_MOTHERS = re.compile("爱心[妈爸]")


class About(NamedTuple):
    """Where a table stands: under which head and title, on which sheet of what."""

    header: Header
    title: str
    sheet: str
    file: str
    # What stands in the last rows, below the table.
    foot: str = ""
    # What stands alone in a row between the rows above and those below it.
    section: str = ""


def derive(kinds: Collection[str], about: About, context: Context) -> dict[str, str]:
    """Return {field: text} of what the columns do not tell, as far as it is asked."""
    present = about.header.by_name
    found: dict[str, str] = {}
    for kind in kinds:
        field, tell = _TELLING[kind]
        if field not in present and (told := tell(about, context)) is not None:
            found[field] = told
    if "township" in kinds and "township" in present:
        own = context.areas.read(about.sheet).value
        if own is not None and not own.rest:
            found["sheet_township"] = own.name
    if "age" in present:
        found["as_of"] = (day_in(about.title) or context.today).isoformat()
    return found


def _category(about: About, _: Context) -> str:
    category = category_in(about.section, about.title, about.sheet, about.file)
    return CATEGORY_LABELS[category] if category else ""


def _township(about: About, context: Context) -> str:
    """Return the township of section or sheet, or of title and file without address."""
    here = [about.section, about.sheet]
    if "address" not in about.header.by_name:
        here += [about.title, about.file]
    spoken = (context.areas.find_within(text) for text in here)
    return next((place.name for place in spoken if place), "")


def _reported(about: About, context: Context) -> str | None:
    """Return the day of which the table speaks; nobody can tell of days to come."""
    day = day_reported(about.title, about.foot)
    return min(day, context.today).isoformat() if day else None


def _place(about: About, context: Context) -> str | None:
    """Return the township that the sheet is named after, or nothing at all."""
    own = context.areas.read(about.sheet).value
    return own.name if own is not None else None


def _kind_of_pairing(about: About, _: Context) -> str:
    """Return what the head over the cadres says they are: 爱心妈妈."""
    cadre = about.header.by_name.get("cadre")
    heads = [cadre.label if cadre else "", about.title, about.sheet]
    return next((text for text in heads if _MOTHERS.search(text)), "")


def _unit(about: About, _: Context) -> str:
    return "" if about.sheet.lower().startswith("sheet") else about.sheet


# {what a kind of table asks for: (field, how it is told)}
_TELLING: dict[str, tuple[str, Callable[[About, Context], str | None]]] = {
    "category": ("category", _category),
    "township": ("township", _township),
    "place": ("township", _place),
    "reported": ("reported", _reported),
    "ptype": ("ptype", _kind_of_pairing),
    "unit": ("unit", _unit),
}

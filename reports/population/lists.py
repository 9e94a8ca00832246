"""Three departments' lists of the month, which differ a little from the registry."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from cadres.models import User
from common.invented import Inventor
from intake.drafts import Draft, Flaw
from intake.reading import ReadFile
from recipients.enums import Category
from reports.population.people import Filed
from rosters.enums import RosterKind
from rosters.operations.receiving import receive
from rosters.operations.reconcile import check_registry_itself, compare_roster

LEFT_OUT = 0.012
OTHER_NAME = 0.006
OTHER_GRADE = 0.015
STRANGERS = {RosterKind.DIBAO: 14, RosterKind.TEKUN: 7, RosterKind.DISABILITY: 11}
UNREADABLE = 2
FIRST_ROW = 3
# Older than anybody on file, so that they are nobody on file.
AGES = (93, 99)
BAD_ID = "身份证号校验码不对,可能抄错一位,请核对。"


def write_lists(people: list[Filed], *, seed: int, today: date, by: User) -> int:
    """Receive and compare the three lists, and check the registry with itself.

    Returns how many lists.
    """
    random, month = Random(seed + 2), today.replace(day=1)
    strangers = Inventor(seed + 3, today=today)
    for kind in STRANGERS:
        drafts = list(_drafts(kind, people, random, strangers))
        roster = receive(
            kind=kind,
            month=month,
            file_name=f"{kind.label}名单{month:%Y%m}.xlsx",
            content_hash=_content_hash(drafts),
            read=ReadFile(drafts, []),
            by=by,
        )
        compare_roster(roster=roster, by=by)
    check_registry_itself(month=month, by=None)
    return len(STRANGERS)


def _content_hash(drafts: list[Draft]) -> str:
    told = json.dumps([draft.values for draft in drafts])
    return hashlib.sha256(told.encode()).hexdigest()


def _drafts(
    kind: RosterKind, people: list[Filed], random: Random, strangers: Inventor
) -> Iterator[Draft]:
    held = [filed for filed in people if filed.resident_id and _is_held(kind, filed)]
    told = [_values(filed, random) for filed in held if random.random() >= LEFT_OUT]
    rows = [*told, *_others(kind, held, random, strangers)]
    for place, values in enumerate(rows):
        bad = place >= len(rows) - UNREADABLE
        flaws = [Flaw("id", "E03", BAD_ID)] if bad else []
        yield Draft(place + 1, "名单", place + FIRST_ROW, values, flaws=flaws)


def _others(
    kind: RosterKind, held: list[Filed], random: Random, strangers: Inventor
) -> Iterator[dict[str, Any]]:
    """Yield people whom the registry does not know."""
    for _ in range(STRANGERS[kind]):
        person = strangers.person(ages=AGES)
        area = held[int(random.random() * len(held))].area
        yield {"name": person.name, "id": person.resident_id, "area_code": area}


def _is_held(kind: RosterKind, filed: Filed) -> bool:
    if kind == RosterKind.DIBAO:
        return filed.traits.dibao is True
    if kind == RosterKind.DISABILITY:
        return filed.traits.disability != ""
    return Category.DESTITUTE in (filed.category, *filed.traits.also)


def _values(filed: Filed, random: Random) -> dict[str, Any]:
    name, grade = filed.name, filed.traits.grade
    if random.random() < OTHER_NAME:
        # A character of the same sound, as two offices write it.
        name = name[:-1] + ("芬" if name[-1] != "芬" else "芳")
    if grade and random.random() < OTHER_GRADE:
        grade = "2" if grade == "1" else "1"
    return {
        "name": name,
        "id": filed.resident_id,
        "area_code": filed.area,
        "dis_kind": filed.traits.disability,
        "dis_grade": grade,
    }

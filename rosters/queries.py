"""What the pages of rosters and differences show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from cadres.models import User
from common import masks
from recipients.enums import DisabilityGrade, DisabilityKind
from recipients.models import Recipient
from rosters.content import content_of
from rosters.enums import FIELD_NAMES, DifferenceKind, DifferenceStatus
from rosters.models import Difference, DifferenceQuerySet, RosterRow


@dataclass(frozen=True)
class Side:
    """One field that differs: what the registry says and what the list says."""

    field: str
    registry: str
    roster: str


def months(user: User) -> list[date]:
    """Return the months that have differences within reach, newest first."""
    return list(
        Difference.objects.visible_to(user)
        .order_by("-month")
        .values_list("month", flat=True)
        .distinct()[:24]
    )


def by_kind_and_township(found: DifferenceQuerySet) -> list[dict[str, Any]]:
    """Return a row a township with the open differences of each kind, and a sum."""
    counted = (
        found.open()
        .order_by()
        .values("area__code", "area__name", "kind")
        .annotate(number=Count("pk"))
    )
    townships: dict[str, dict[str, Any]] = {}
    for row in counted:
        entry = townships.setdefault(
            row["area__code"],
            {"code": row["area__code"], "name": row["area__name"], "kinds": {}},
        )
        entry["kinds"][row["kind"]] = row["number"]
    for entry in townships.values():
        entry["total"] = sum(entry["kinds"].values())
        entry["parts"] = [
            (label, entry["kinds"][kind])
            for kind, label in DifferenceKind.choices
            if kind in entry["kinds"]
        ]
    return [townships[code] for code in sorted(townships)]


def counts_by_kind(found: DifferenceQuerySet) -> dict[str, int]:
    """Return {kind: differences}."""
    return dict(
        found.order_by()
        .values_list("kind")
        .annotate(number=Count("pk"))
        .values_list("kind", "number")
    )


def progress(found: DifferenceQuerySet) -> dict[str, int]:
    """Return how many are open and how many have been settled."""
    result: dict[str, int] = found.aggregate(
        open=Count("pk", filter=Q(status=DifferenceStatus.OPEN)),
        closed=Count("pk", filter=Q(status=DifferenceStatus.CLOSED)),
    )
    return result


def sides(difference: Difference) -> list[Side]:
    """Return each differing field with both values, private ones masked."""
    row = difference.row
    recipient = difference.recipient
    found = []
    for field in difference.fields:
        registry = _of_registry(recipient, field) if recipient else ""
        roster = _of_row(row, field) if row else ""
        found.append(Side(FIELD_NAMES.get(field, field), registry, roster))
    return found


def masked_id(difference: Difference) -> str:
    """Return the masked id of whoever the difference is about."""
    if difference.recipient and difference.recipient.resident_id:
        return masks.mask_id(difference.recipient.resident_id)
    if difference.row:
        return masks.mask_id(str(content_of(difference.row).get("id") or ""))
    return ""


def _of_registry(recipient: Recipient, field: str) -> str:
    shown = _REGISTRY_WORDS.get(field)
    return (shown(recipient) if shown else "") or "空"


_REGISTRY_WORDS: dict[str, Callable[[Any], str]] = {
    "name": lambda person: person.name,
    "township": lambda person: str(person.area),
    "dis_kind": lambda person: person.get_disability_kind_display(),
    "disability": lambda person: person.get_disability_kind_display(),
    "dis_grade": lambda person: person.get_disability_grade_display(),
    "dibao": lambda person: {True: "是", False: "否"}.get(person.dibao, "不详"),
    "category": lambda person: person.get_category_display(),
    "birth_on": lambda person: str(person.birth_on or ""),
    "certificate_until": lambda person: str(person.certificate_until or ""),
    "phone": lambda person: masks.mask_phone(person.phone) if person.phone else "",
}


def _of_row(row: RosterRow, field: str) -> str:
    match field:
        case "name":
            return row.name
        case "township":
            return str(row.area) if row.area else ""
        case "dis_kind" | "disability":
            return str(dict(DisabilityKind.choices).get(row.disability_kind, "在名单"))
        case "dis_grade":
            return str(dict(DisabilityGrade.choices).get(row.disability_grade, ""))
        case _:
            return "在名单"

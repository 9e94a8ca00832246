"""What the pages of rosters and differences show."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from cadres.models import Area, User
from common import masks
from recipients.enums import DisabilityGrade, DisabilityKind
from rosters.enums import DifferenceKind, DifferenceStatus
from rosters.models import Difference, DifferenceQuerySet, RosterRow

FIELD_NAMES = {
    "name": "姓名",
    "township": "乡镇街道",
    "dis_kind": "残疾类别",
    "dis_grade": "残疾等级",
    "dibao": "享受低保",
    "category": "特困家庭",
    "disability": "残疾",
    "birth_on": "出生日期",
    "village": "村社区",
    "phone": "联系电话",
    "guardian": "监护人",
    "certificate_until": "残疾证有效期",
}


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
        entry["cells"] = [
            (kind, entry["kinds"].get(kind, 0)) for kind in DifferenceKind.values
        ]
    return [townships[code] for code in sorted(townships)]


def counts_by_kind(found: DifferenceQuerySet) -> dict[str, int]:
    """Return {kind: open differences}."""
    return dict(
        found.open()
        .order_by()
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


def content(row: RosterRow) -> dict[str, Any]:
    """Return the normalised values of the row, opened."""
    return json.loads(row.content) if row.content else {}


def masked_id(difference: Difference) -> str:
    """Return the masked id of whoever the difference is about."""
    if difference.recipient and difference.recipient.resident_id:
        return masks.mask_id(difference.recipient.resident_id)
    if difference.row:
        return masks.mask_id(str(content(difference.row).get("id") or ""))
    return ""


def _of_registry(recipient: Any, field: str) -> str:
    match field:
        case "name":
            return str(recipient.name)
        case "township":
            return str(recipient.area)
        case "dis_kind" | "disability":
            return str(recipient.get_disability_kind_display()) or "无"
        case "dis_grade":
            return str(recipient.get_disability_grade_display())
        case "dibao":
            return {True: "是", False: "否"}.get(recipient.dibao, "不详")
        case "category":
            return str(recipient.get_category_display())
        case "birth_on" | "certificate_until":
            value = getattr(recipient, field)
            return value.isoformat() if value else "空"
        case "phone":
            return masks.mask_phone(recipient.phone) if recipient.phone else "空"
        case _:
            return "空"


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


def township_of(row: RosterRow, otherwise: Area) -> Area:
    """Return where the row says the person lives."""
    return row.area or otherwise

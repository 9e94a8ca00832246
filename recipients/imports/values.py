"""What a roster's words about a person are called in the registry."""

import re
from collections.abc import Callable
from typing import Any, cast

from common.encryption import blind_index
from intake.drafts import Draft
from recipients.enums import DisabilityGrade, DisabilityKind, Kind
from recipients.imports.filed import Filed

_KINDS = {label: str(value) for value, label in Kind.choices}
_DISABILITIES = {
    name: str(value)
    for value, label in DisabilityKind.choices
    for name in (label, label.removesuffix("残疾"), str(value))
}
_GRADES = {
    name: str(value)
    for value, label in DisabilityGrade.choices
    for name in (label, str(value))
}
_BETWEEN = re.compile(r"[、,,/;; ]+")
KIND_LENGTH = 20
RELATION_LENGTH = 20
VILLAGE_LENGTH = 40

# Every field that is compared, and its name on screen, in the order of a roster.
WORDS = {
    "name": "姓名",
    "township": "乡镇",
    "village": "村社区",
    "address": "住址",
    "hukou": "户籍地",
    "phone": "电话",
    "kind": "细类",
    "dis_kind": "残疾类别",
    "dis_grade": "残疾等级",
    "g_name": "监护人",
    "g_rel": "监护人关系",
    "g_phone": "监护人电话",
    "dibao": "低保",
    "also": "兼属类别",
}
GUARDIAN = ("g_name", "g_rel", "g_phone")


def kind_of(words: str) -> str:
    """Return the code of a finer kind; a kind that has none stays in its words."""
    return _KINDS.get(words, words)[:KIND_LENGTH]


def disability_of(words: str) -> tuple[str, list[str]]:
    """Return the kind counted and, for 多重, the kinds it consists of."""
    parts = [
        _DISABILITIES[part] for part in _BETWEEN.split(words) if part in _DISABILITIES
    ]
    if len(parts) > 1:
        single = sorted(set(parts) - {DisabilityKind.MULTIPLE})
        return DisabilityKind.MULTIPLE.value, single
    return (parts[0] if parts else ""), []


def grade_of(words: str) -> str:
    return _GRADES.get(words, "")


def township_of(draft: Draft) -> str:
    """Return the code of the township the row names; '' when it names none."""
    return draft.text("area_code")


def value_for(draft: Draft, name: str) -> Any:
    """Return the row's value of a compared field as the registry would hold it."""
    read = _READ.get(name)
    return read(draft) if read else draft.text(name)


def differs(draft: Draft, filed: Filed, name: str) -> bool:
    """Say whether a field the row fills in differs from the file.

    An empty cell never erases anything, so it never differs; 清空 in it does.
    """
    value = value_for(draft, name)
    if value in ("", None):
        return is_cleared(draft, name) and bool(_FILLED[name](filed))
    return bool(_DIFFERS[name](value, filed))


def is_cleared(draft: Draft, name: str) -> bool:
    """Say whether the row asks that a field that may be empty be emptied."""
    return name in _FILLED and name in draft.values.get("cleared", ())


def hukou_of(draft: Draft) -> tuple[str | None, str]:
    """Return the township of the 户口, None outside the city, and what stands behind.

    Both belong together: another township takes the old address along.
    """
    return draft.text("hukou_code") or None, draft.text("hukou_address")


def _hukou_differs(told: tuple[str | None, str], filed: Filed) -> bool:
    code, address = told
    if code != filed.hukou_area_id:
        return True
    return bool(address) and address != filed.opened_hukou()


def _disability_differs(words: str, filed: Filed) -> bool:
    kind, kinds = disability_of(words)
    if not kind:
        return False
    return kind != filed.disability_kind or bool(
        kinds and kinds != sorted(filed.disability_kinds)
    )


def _dibao(draft: Draft) -> bool | None:
    return cast("bool | None", draft.values.get("dibao"))


def _guardian_differs(name: str) -> Callable[[str, Filed], bool]:
    def differing(value: str, filed: Filed) -> bool:
        guardian = filed.guardian
        if guardian is None:
            return True
        if name == "g_name":
            return value != guardian.opened_name()
        if name == "g_rel":
            return value != guardian.relation
        return blind_index(value) != guardian.phone_index

    return differing


_FILLED: dict[str, Callable[[Filed], Any]] = {
    "village": lambda filed: filed.village,
    "address": lambda filed: filed.opened_address(),
    "hukou": lambda filed: filed.hukou_area_id or filed.hukou_address,
    "phone": lambda filed: filed.phone_index,
    "kind": lambda filed: filed.kind,
    "dis_kind": lambda filed: filed.disability_kind,
    "dis_grade": lambda filed: filed.disability_grade,
    "g_rel": lambda filed: filed.guardian and filed.guardian.relation,
    "g_phone": lambda filed: filed.guardian and filed.guardian.phone_index,
    "dibao": lambda filed: filed.dibao is not None,
}
_READ: dict[str, Callable[[Draft], Any]] = {
    "township": township_of,
    "village": lambda draft: draft.text("village")[:VILLAGE_LENGTH],
    "hukou": lambda draft: hukou_of(draft) if any(hukou_of(draft)) else None,
    "kind": lambda draft: kind_of(draft.text("kind")),
    "dis_grade": lambda draft: grade_of(draft.text("dis_grade")),
    "g_rel": lambda draft: draft.text("g_rel")[:RELATION_LENGTH],
    "dibao": _dibao,
    "also": lambda draft: draft.text("category"),
}
_DIFFERS: dict[str, Callable[[Any, Filed], bool]] = {
    "name": lambda value, filed: value != filed.name,
    "township": lambda value, filed: value != filed.area_id,
    "village": lambda value, filed: value != filed.village,
    "address": lambda value, filed: value != filed.opened_address(),
    "hukou": _hukou_differs,
    "phone": lambda value, filed: blind_index(value) != filed.phone_index,
    "kind": lambda value, filed: value != filed.kind,
    "dis_kind": _disability_differs,
    "dis_grade": lambda value, filed: value != filed.disability_grade,
    "g_name": _guardian_differs("g_name"),
    "g_rel": _guardian_differs("g_rel"),
    "g_phone": _guardian_differs("g_phone"),
    "dibao": lambda value, filed: value != filed.dibao,
    # A person keeps the category it is counted in; a second one is held beside it.
    "also": lambda value, filed: value != filed.category and value not in filed.also,
}

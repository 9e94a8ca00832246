"""Which value of each field stays when two files become one."""

from dataclasses import dataclass
from typing import Any

from recipients.models import Household, Recipient
from recipients.person_facts import hukou_words, shown

KEPT, GONE = "kept", "gone"
# What stays together: (name, what people call it, the columns that go with it).
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("name", "姓名", ("name", "pinyin", "initials", "grams")),
    (
        "resident_id",
        "身份证号",
        ("resident_id", "resident_id_index", "id_state", "sex", "birth_on"),
    ),
    ("ethnic", "民族", ("ethnic",)),
    ("category", "对象类别", ("category", "kind")),
    (
        "disability_kind",
        "残疾类别等级",
        ("disability_kind", "disability_kinds", "disability_grade"),
    ),
    ("certificate", "残疾人证", ("certificate", "certificate_until")),
    ("area", "乡镇村社", ("area", "village")),
    ("address", "家庭住址", ("address",)),
    ("hukou_area", "户籍地", ("hukou_area", "hukou_address")),
    ("phone", "联系电话", ("phone", "phone_index")),
    ("dibao", "享受低保", ("dibao",)),
    ("health", "健康状况", ("health",)),
    ("note", "备注", ("note",)),
    ("household", "家庭", ("household", "relation")),
)
# Not chosen by anyone: what follows from both files, or stays the kept file's own.
FOLLOWS = ("also", "registered_on", "status", "left_on", "left_reason", "version")
OWN = ("id", "code", "paired", "updated_at", "erased_on")
KEYS = ("area", "hukou_area", "household")
ALONE = "单独一户"
EMPTY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Choice:
    """One field of which the two files say different things."""

    name: str
    label: str
    kept: str
    gone: str
    stays: str


def differing(
    kept: Recipient, gone: Recipient, choices: dict[str, str] | None = None
) -> list[Choice]:
    """Return the fields that differ, masked, each with which one stays."""
    chosen = choices or {}
    told = [
        (name, label, _words(kept, name), _words(gone, name))
        for name, label, columns in GROUPS
        if _differs(kept, gone, name, columns[0])
    ]
    return [
        Choice(name, label, one, other, chosen.get(name) or default(kept, gone, name))
        for name, label, one, other in told
        # Somebody who is one person lives in one of two homes told alike, whichever
        # row that is.
        if not (name == "household" and one == other and one.startswith(ALONE))
    ]


def default(kept: Recipient, gone: Recipient, name: str) -> str:
    """Return which file's value stays unless somebody says otherwise."""
    empty, full = _value(kept, name) in EMPTY, _value(gone, name) not in EMPTY
    return GONE if empty and full else KEPT


def values(kept: Recipient, gone: Recipient, choices: dict[str, str]) -> dict[str, Any]:
    """Return what is to be set on the kept file, all that follows included."""
    taken: dict[str, Any] = {}
    for name, _, columns in GROUPS:
        if (choices.get(name) or default(kept, gone, name)) == GONE:
            taken |= {column: getattr(gone, column) for column in columns}
    category = taken.get("category", kept.category)
    both = [*kept.also, *gone.also, kept.category, gone.category]
    standing = _standing(kept, gone)
    return {
        **taken,
        "also": [one for one in dict.fromkeys(both) if one != category],
        "registered_on": min(kept.registered_on, gone.registered_on),
        "status": standing.status,
        "left_on": standing.left_on,
        "left_reason": standing.left_reason,
        "version": kept.version + 1,
    }


def _standing(kept: Recipient, gone: Recipient) -> Recipient:
    """Return the file whose standing stays: who is on file has not left."""
    order = {"on_file": 0, "paused": 1, "left": 2}
    return min((kept, gone), key=lambda one: order[one.status])


def _differs(kept: Recipient, gone: Recipient, name: str, first: str) -> bool:
    if name == "area" and kept.village != gone.village:
        return True
    if name == "hukou_area" and kept.hukou_address != gone.hukou_address:
        return True
    return bool(_value(kept, first) != _value(gone, first))


def _value(person: Recipient, name: str) -> Any:
    return getattr(person, f"{name}_id" if name in KEYS else name)


def _words(person: Recipient, name: str) -> str:
    if name == "area":
        return f"{person.area.full_name}{person.village}"
    if name == "hukou_area":
        return hukou_words(person) or "(空)"
    if name == "household":
        return _home(person.household)
    if name == "resident_id" and not person.resident_id:
        return str(person.get_id_state_display())
    return shown(name, getattr(person, name)) or "(空)"


def _home(home: Household) -> str:
    others = home.recipients.count() - 1
    told = [f"与 {others} 名对象同户" if others else ALONE]
    if home.institution:
        told.append(f"住在{home.institution}")
    if home.size:
        told.append(f"家庭人口 {home.size} 人")
    return ",".join(told)

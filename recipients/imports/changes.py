"""What a roster changes about people on file, old beside new, masked for the screen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cadres.models import Area, User
from common.masks import mask_address, mask_name, mask_phone
from intake.drafts import Draft
from intake.registry import Change
from recipients.enums import Category, DisabilityGrade, DisabilityKind, Kind
from recipients.imports import filed
from recipients.imports.filed import Filed
from recipients.imports.values import WORDS
from recipients.imports.writing import held, told


def changes(drafts: Sequence[Draft], *, user: User) -> dict[int, list[Change]]:
    """Return {position: what changes} of the rows that bring a file up to date."""
    keys = [draft.target for draft in drafts if draft.target]
    people = filed.seen_by(user, keys)
    found = {
        draft.position: _values(draft, people[draft.target])
        for draft in drafts
        if draft.target in people
    }
    kept = {draft.position: draft.kept for draft in drafts}
    areas = _areas(found.values())
    return {
        position: [
            Change(
                WORDS[name],
                _said(name, old, areas),
                _said(name, new, areas),
                kept=name in kept[position],
            )
            for name, (old, new) in values.items()
        ]
        for position, values in found.items()
    }


def _values(draft: Draft, person: Filed) -> dict[str, tuple[Any, Any]]:
    """Return {field: (old, new)}, whether or not the row was imported already."""
    found = {}
    for name in (*draft.fields, *draft.kept):
        old = draft.before[name] if name in draft.before else held(person, name)
        if name == "also":
            new: Any = [*old, draft.text("category")]
        else:
            new = told(draft, name, person)
        found[name] = (old, new)
    return found


def _areas(values: Iterable[dict[str, tuple[Any, Any]]]) -> dict[str, str]:
    codes = {code for one in values for code in _codes(one)}
    return dict(Area.objects.filter(pk__in=codes).values_list("pk", "name"))


def _codes(values: dict[str, tuple[Any, Any]]) -> Iterator[str]:
    yield from values.get("township", ())
    yield from (told[0] for told in values.get("hukou", ()) if told and told[0])


def _said(name: str, value: Any, areas: Mapping[str, str]) -> str:
    if value in (None, "", []):
        return ""
    if name == "township":
        return areas.get(value, "")
    if name == "hukou":
        code, address = value
        return areas.get(code, "") + mask_address(address)
    say = _SAY.get(name)
    return say(value) if say else str(value)


def _disability(value: Sequence[Any]) -> str:
    """Say 多重残疾(肢体残疾、智力残疾)."""
    kind, kinds = value
    labels = dict(DisabilityKind.choices)
    within = "、".join(str(labels.get(one, one)) for one in kinds)
    return (
        f"{labels.get(kind, kind)}({within})" if within else str(labels.get(kind, ""))
    )


_SAY: dict[str, Callable[[Any], str]] = {
    "name": mask_name,
    "address": mask_address,
    "phone": mask_phone,
    "kind": lambda value: str(dict(Kind.choices).get(value, value)),
    "dis_kind": _disability,
    "dis_grade": lambda value: str(dict(DisabilityGrade.choices).get(value, value)),
    "g_name": mask_name,
    "g_phone": mask_phone,
    "dibao": lambda value: "是" if value else "否",
    "also": lambda value: "、".join(str(Category(one).label) for one in value),
}

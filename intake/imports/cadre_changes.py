"""What a roster changes about cadres on file, old beside new, masked for the screen."""

from collections.abc import Mapping, Sequence
from typing import Any

from cadres.enums import Sex
from cadres.models import Cadre, Organisation, User
from common.masks import mask_phone
from intake.drafts import Draft
from intake.imports.cadre_values import WORDS, FiledCadre, filed_cadres
from intake.imports.cadre_writing import held
from intake.registry import Change


def changes(drafts: Sequence[Draft], *, user: User) -> dict[int, list[Change]]:
    """Return {position: what changes} of the rows that bring a cadre up to date."""
    keys = [draft.target for draft in drafts if draft.target]
    cadres = Cadre.objects.visible_to(user).filter(pk__in=keys)
    on_file = {cadre.pk: cadre for cadre in filed_cadres(cadres, lock=False)}
    units = _units(drafts, on_file.values())
    return {
        draft.position: [
            _change(draft, on_file[draft.target], name, units) for name in draft.fields
        ]
        for draft in drafts
        if draft.target in on_file
    }


def _units(drafts: Sequence[Draft], cadres: Any) -> dict[str, str]:
    """Return {key: name} of the units that the cadres are in, or were."""
    keys = {cadre.organisation_id for cadre in cadres}
    keys |= {draft.before["unit"] for draft in drafts if "unit" in draft.before}
    names = Organisation.objects.filter(pk__in=keys).values_list("pk", "name")
    return {str(pk): name for pk, name in names}


def _change(
    draft: Draft, cadre: FiledCadre, name: str, units: Mapping[str, str]
) -> Change:
    old = draft.before[name] if name in draft.before else held(cadre, name)
    return Change(WORDS[name], _said(name, old, units), _said(name, draft.text(name)))


def _said(name: str, value: Any, units: Mapping[str, str] | None = None) -> str:
    """Say a value; ``units`` name those that are told by key."""
    match name:
        case "phone":
            return mask_phone(str(value))
        case "unit" if units is not None:
            return units.get(str(value), "")
        case "gender" if value in Sex.values:
            return str(Sex(value).label)
        case _:
            return "" if value is None else str(value)

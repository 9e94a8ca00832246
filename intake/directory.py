"""Finds the cadres and units that a roster names, for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cadres.models import Cadre, Organisation
from common.encryption import blind_index
from intake.copying import in_blocks
from intake.drafts import Draft


@dataclass(slots=True)
class KnownCadre:
    """A cadre on file as an import looks at it."""

    pk: UUID
    name: str
    organisation_id: UUID
    phone_index: bytes
    resident_id_index: bytes
    capacity: int


class Units:
    """The units on file, by every name they go by."""

    def __init__(self) -> None:
        """Fetch them all: a city has some hundreds."""
        self.by_name: dict[str, UUID] = {}
        rows = Organisation.objects.values_list("pk", "name", "aliases")
        for pk, _, aliases in rows:
            self.by_name.update(dict.fromkeys(aliases, pk))
        # A unit's own name goes before another unit's alias.
        self.by_name.update({name: pk for pk, name, _ in rows})

    def find(self, name: str) -> UUID | None:
        return self.by_name.get(name)


class CadreBook:
    """The cadres in post who bear the names of a file."""

    def __init__(self, names: Iterable[str], *, lock: bool) -> None:
        """Fetch those with these names; ``lock`` holds them."""
        self.units = Units()
        self.by_name: dict[str, list[KnownCadre]] = defaultdict(list)
        for block in in_blocks(sorted(set(names) - {""})):
            for cadre in _fetch(block, lock=lock):
                self.by_name[cadre.name].append(cadre)

    def name_on(self, draft: Draft) -> KnownCadre | None:
        """Return the one cadre the row means; refuse the row when it is not one.

        Found by name and unit; the phone tells apart those who share both, and finds
        one where the unit is missing.
        """
        namesakes = self.by_name.get(draft.text("cadre"), [])
        unit, phone = draft.text("unit"), draft.text("phone")
        if unit:
            at = self.units.find(unit)
            fitting = [one for one in namesakes if one.organisation_id == at]
        else:
            fitting = namesakes
        index = blind_index(phone) if phone else b""
        if len(fitting) == 1:
            _compare_phone(draft, fitting[0], index)
            return fitting[0]
        if not fitting:
            where = f"“{unit}”" if unit else "系统中"
            words = f"{where}没有这名干部,请核对姓名和单位,或先导入干部名册。"
            draft.refuse("E_CADRE_UNKNOWN", "cadre", words)
            return None
        by_phone = [one for one in fitting if index and one.phone_index == index]
        if len(by_phone) == 1:
            return by_phone[0]
        words = f"有 {len(fitting)} 名同名干部,请写明单位和登记的电话。"
        draft.refuse("E_CADRE_AMBIGUOUS", "cadre", words)
        return None


def _compare_phone(draft: Draft, cadre: KnownCadre, index: bytes) -> None:
    if index and cadre.phone_index and index != cadre.phone_index:
        draft.warn("W_CADRE_PHONE", "phone", "与系统登记的干部电话不一致,请核对。")


def _fetch(names: Sequence[str], *, lock: bool) -> list[KnownCadre]:
    cadres = Cadre.objects.active().filter(name__in=list(names)).order_by("pk")
    if lock:
        cadres = cadres.select_for_update(of=("self",), no_key=True)
    rows = cadres.values_list(
        "pk",
        "name",
        "organisation_id",
        "phone_index",
        "resident_id_index",
        "capacity",
    )
    return [
        KnownCadre(pk, name, unit, bytes(phone or b""), bytes(number or b""), capacity)
        for pk, name, unit, phone, number, capacity in rows
    ]

"""The city's places and bodies: areas, invented villages, departments, units."""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from cadres.enums import AreaLevel, OrganisationKind, OrganisationLevel
from cadres.models import Area, Organisation
from cadres.operations.areas import load_areas
from common.invented_places import (
    CITY,
    JINCHUAN,
    YONGCHANG,
    Unit,
    Village,
    units,
    villages,
)
from common.pinyin import pinyin_of
from common.search_text import grams
from recipients.enums import Kind
from reports.population.keys import Keys, Stream

_NAMES = (
    *("委组织部", "民政局", "残疾人联合会", "妇女联合会", "团委", "教育局", "司法局"),
    *("财政局", "人力资源和社会保障局", "住房和城乡建设局", "交通运输局"),
    *("农业农村局", "卫生健康委员会", "医疗保障局", "工业和信息化局", "商务局"),
)
DEPARTMENTS = tuple(f"金昌市{name}" for name in _NAMES)
LEADS = DEPARTMENTS[:4]
CADRES_UNIT = "永昌县教育局"
COUNTIES = (JINCHUAN, YONGCHANG)


class Institution(NamedTuple):
    """A home: where it stands, for whom it cares, and from which area they come."""

    name: str
    area: str
    cares_for: Kind
    takes_from: str


INSTITUTIONS = (
    Institution("金昌市儿童福利院", JINCHUAN, Kind.ORPHAN_HOME, CITY),
    Institution("金川区综合福利院", JINCHUAN, Kind.TEKUN_CENTRE, JINCHUAN),
    Institution("永昌县中心敬老院", YONGCHANG, Kind.TEKUN_CENTRE, YONGCHANG),
)


@dataclass(frozen=True)
class Township:
    """A township where people live, with its villages and the front of its files."""

    code: str
    name: str
    county: str
    front: str
    villages: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """What stands before the first person is invented.

    ``units`` are, for each county, the places of the units that send cadres there in
    the order in which they were written.
    """

    townships: tuple[Township, ...]
    units: dict[str, tuple[int, ...]]


def lay_out(seed: int, keys: Keys) -> City:
    """Write areas, villages, departments and units; return where people may live."""
    load_areas()
    townships = list(Area.objects.townships().select_related("parent").order_by("code"))
    named = [(area.code, area.name) for area in townships]
    below = villages(named, Random(seed))
    _write_villages(townships, below)
    sent = _units(named)
    _write_organisations(sent, keys)
    return City(
        tuple(
            Township(
                area.code,
                area.name,
                str(area.parent_id),
                f"{area.parent.initials if area.parent else ''}-{area.initials}",
                tuple(village.name for village in below[area.code]),
            )
            for area in townships
        ),
        {county: _sent_to(county, sent) for county in COUNTIES},
    )


def _write_villages(townships: list[Area], below: dict[str, list[Village]]) -> None:
    known = set(Area.objects.values_list("parent", "name"))
    codes = set(Area.objects.values_list("code", flat=True))
    Area.objects.bulk_create(
        Area(
            code=code,
            name=name,
            level=AreaLevel.VILLAGE,
            parent=township,
            invented=True,
        )
        for township in townships
        for code, name in below[township.code]
        if code not in codes and (township.code, name) not in known
    )


def _units(townships: list[tuple[str, str]]) -> list[Unit]:
    """Return the 274 units.

    Sixteen bodies are departments here; in their place the townships' clinics come.
    """
    kept = [unit for unit in units(townships) if unit.name not in DEPARTMENTS]
    clinics = [Unit(f"{name}卫生院", code) for code, name in townships]
    return [*kept, *clinics[: len(DEPARTMENTS)]]


def _write_organisations(sent: list[Unit], keys: Keys) -> None:
    rows = [
        *((unit.name, unit.area, OrganisationKind.UNIT) for unit in sent),
        *((name, CITY, OrganisationKind.DEPARTMENT) for name in DEPARTMENTS),
        *((one.name, one.area, OrganisationKind.HOME) for one in INSTITUTIONS),
    ]
    Organisation.objects.bulk_create(
        _organisation(number, name, area, kind, keys)
        for number, (name, area, kind) in enumerate(rows)
    )


def _organisation(
    number: int, name: str, area: str, kind: OrganisationKind, keys: Keys
) -> Organisation:
    full, initials = pinyin_of(name)
    return Organisation(
        pk=keys.nth(Stream.ORGANISATION, number),
        name=name,
        area_id=area,
        kind=kind,
        level=_level(area),
        leads=name in LEADS,
        pinyin=full,
        initials=initials,
        grams=grams(name),
    )


def _level(area: str) -> OrganisationLevel:
    if area == CITY:
        return OrganisationLevel.CITY
    if area in COUNTIES:
        return OrganisationLevel.COUNTY
    return OrganisationLevel.TOWNSHIP


def _sent_to(county: str, sent: list[Unit]) -> tuple[int, ...]:
    """Return the places of the county's own units, and half of the city's."""
    half = COUNTIES.index(county)
    own = [n for n, unit in enumerate(sent) if unit.area[:6] == county[:6]]
    city = [n for n, unit in enumerate(sent) if unit.area == CITY]
    # The unit whom the demonstration signs in as comes first.
    places = sorted([*own, *city[half::2]])
    first = [n for n in places if sent[n].name == CADRES_UNIT]
    return (*first, *(n for n in places if n not in first))

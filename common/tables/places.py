"""Places of the city as people write them, looked up in the book of its areas."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from common.tables.cells import Read, shown, wrong
from common.tables.text import EMPTY_WORDS, Value, narrow

LENGTH = 12
PROVINCE = ("甘肃省", "甘肃", "")
_KIND = re.compile(
    r"(?:街道办事处|街道办|办事处|街道|镇人民政府|乡人民政府|镇政府|乡政府|镇|乡)$"
)
_ENDINGS = (
    "",
    "镇",
    "乡",
    "街道",
    "街道办事处",
    "街道办",
    "办事处",
    "镇政府",
    "乡政府",
)
_OWN_ENDINGS = ("街道办事处", "街道", "镇", "乡")
MISSING = "乡镇(街道)为空,请从下拉表选填。"
ELSEWHERE = "“{}”不在金昌市的18个乡镇(街道)之内,请从下拉表选填。"
NOT_IN_COUNTY = "“{}”不属于“{}”,请核对县区和乡镇。"
# What townships were or are called besides; the table of areas may tell more.
OTHER_NAMES = {"620302100000": ("宁远",)}
_CODED = re.compile(r"(\d{9})(?:000)?[-|.,: ]*")
_COUNTY_SHAPE = re.compile(r".{1,6}[县区市]$")


class AreaLike(Protocol):
    """A division: its 12-digit code, its name, the other names it goes by."""

    code: str
    name: str
    aliases: Any


class Place(NamedTuple):
    """A township, and what was written behind it."""

    code: str
    name: str
    rest: str = ""


@dataclass(frozen=True)
class PlainArea:
    """A division outside the database, for files read without one."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


class AreaBook:
    """The townships by all the names they go by."""

    def __init__(self, areas: Iterable[AreaLike]) -> None:
        """Write the book from the divisions in use, of any level."""
        known = list(areas)
        self.townships = {a.code: a.name for a in known if _level(a.code) == 9}
        self.counties = {a.code[:6]: a.name for a in known if _level(a.code) == 6}
        self.cities = [a.name for a in known if _level(a.code) == 4] or ["金昌市"]
        self.names: dict[str, str] = {}
        self._cells: dict[tuple[str, str], Read] = {}
        spoken = [a for a in known if _level(a.code) == 9]
        for area in spoken:
            self._write(area)
        self._whole = sorted(
            (name for name in self.names if name.endswith(_OWN_ENDINGS)),
            key=len,
            reverse=True,
        )

    def find(self, text: str) -> Place | None:
        """Return the township that the text names, whole or at its beginning."""
        code = self.names.get(text)
        if code is not None:
            return Place(code, self.townships[code])
        if coded := _CODED.match(text):
            return self._coded(f"{coded[1]}000", text[coded.end() :])
        for name in self._whole:
            if text.startswith(name):
                code = self.names[name]
                return Place(code, self.townships[code], text[len(name) :])
        return None

    def _coded(self, code: str, label: str) -> Place | None:
        """Return the township of a code, unless the label behind it is another's."""
        if code not in self.townships or (label and self.names.get(label) != code):
            return None
        return Place(code, self.townships[code])

    def find_within(self, text: Value) -> Place | None:
        """Return the township named anywhere in a title or a sheet's name."""
        found = narrow(text)
        place = self.find(found)
        if place is not None:
            return place
        for name in self._whole:
            if name in found and len(name) > 2:
                return Place(self.names[name], self.townships[self.names[name]])
        return None

    def read(self, value: Value, county: Value = "", column: str = "township") -> Read:
        """Read a township; the value is a ``Place`` or None."""
        key = (value if value.__class__ is str else narrow(value), narrow(county))
        read = self._cells.get(key)
        if read is None:
            read = self._read(narrow(value), narrow(county), column)
            if len(self._cells) < 4096:
                self._cells[key] = read
        return read

    def in_address(self, value: Value) -> Read:
        """Read the township that an address begins with; nothing is not wrong."""
        place = self.find(narrow(value))
        return Read(place)

    def _read(self, text: str, county: str, column: str) -> Read:
        if text in EMPTY_WORDS:
            return wrong(column, "E_AREA_MISSING", MISSING)
        place = self.find(text)
        if place is None:
            return wrong(column, "E_AREA_OUTSIDE", ELSEWHERE.format(shown(text)))
        if county in EMPTY_WORDS or self._fits(place.code, county):
            return Read(place)
        words = NOT_IN_COUNTY.format(shown(text), shown(county))
        return wrong(column, "E_AREA_OUTSIDE", words)

    def _fits(self, code: str, county: str) -> bool:
        """Say whether the township lies in the county of another cell."""
        own = self.counties.get(code[:6], "")
        if own and (own in county or county in own or own[:-1] in county):
            return True
        others = [name for name in self.counties.values() if name != own]
        if any(name in county or name[:-1] == county for name in others):
            return False
        of_city = any(city.rstrip("市") in county for city in self.cities)
        return of_city or not _COUNTY_SHAPE.match(county)

    def _write(self, area: AreaLike) -> None:
        others = (*(area.aliases or ()), *OTHER_NAMES.get(area.code, ()))
        for name in (area.name, *others):
            stem = _KIND.sub("", name) or name
            for spelling in self._spellings(area, name, stem):
                self.names.setdefault(spelling, area.code)

    def _spellings(self, area: AreaLike, name: str, stem: str) -> Iterable[str]:
        county = self.counties.get(area.code[:6], "")
        fronts = {""}
        for city in (*self.cities, *(city.rstrip("市") for city in self.cities)):
            fronts |= {city, *(f"{province}{city}" for province in PROVINCE)}
        endings = {f"{stem}{ending}" for ending in _ENDINGS} | {name}
        for front in fronts:
            for middle in {"", county, county.rstrip("县区")} if county else {""}:
                for ending in endings:
                    yield f"{front}{middle}{ending}"


def _level(code: str) -> int:
    """Return how many digits of a code are its own: 4, 6, 9 or 12."""
    for digits in (4, 6, 9):
        if code[digits:].strip("0") == "":
            return digits
    return LENGTH

"""Columns of a kind of table, and how the heads of real tables name them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from common.tables.text import Value, narrow

LONGEST_HINTED = 18
_BRACKETS = re.compile(r"\([^()]*\)")
_UNIT = re.compile(r"\(([^()]*)\)")
_EDGES = re.compile(r"^[\d.,、*★☆]+|[*★☆:,;.、]+$")
_FRONTS = re.compile(
    "^(?:关爱对象|帮扶对象|救助对象|结对对象|对象|本人|享受|是否享受|是否享有|是否为|是否|"
    "现|户籍所在|户籍地|户籍|所属|所在|现居住|居住|家庭所在)"
)


@dataclass(frozen=True)
class Field:
    """A column that a layout knows: our word for it, and the heads it goes by.

    ``weak`` heads are taken only when no column goes by one of ``labels``; ``hints``
    are patterns for heads that nobody foresaw. A field that stands ``beside`` another
    takes its weak heads only where there is a column of the other; alone they mean
    what they mean to other fields.
    """

    name: str
    heading: str
    labels: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    note: str = ""
    choices: tuple[str, ...] = ()
    width: int = 14
    in_template: bool = True
    is_text: bool = True
    beside: str = ""


@dataclass(frozen=True)
class Layout:
    """What tables of one kind look like."""

    kind: str
    title: str
    fields: tuple[Field, ...]
    # Each group must be there by at least one of its columns.
    needed: tuple[tuple[str, ...], ...]
    # What must be there instead when no sheet of a file has all that is needed.
    needed_else: tuple[tuple[str, ...], ...] = ()
    # {column that names a person: how heads about that person begin}
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Heads about other people or other things, by pattern.
    foreign: tuple[str, ...] = ()
    # Heads that are known and not read.
    ignored: tuple[str, ...] = ()

    @cached_property
    def by_label(self) -> dict[str, str]:
        """Return {head as it is compared: field}."""
        known = {folded(f.heading): f.name for f in self.fields if not f.beside}
        for one in self.fields:
            known |= {folded(label): one.name for label in one.labels}
        return known

    @cached_property
    def weak_labels(self) -> dict[str, list[str]]:
        known: dict[str, list[str]] = {}
        for one in sorted(self.fields, key=lambda one: not one.beside):
            for label in one.weak:
                known.setdefault(folded(label), []).append(one.name)
        return known

    @cached_property
    def beside(self) -> dict[str, str]:
        """Return {field: the field without whose column it has none}."""
        return {one.name: one.beside for one in self.fields if one.beside}

    @cached_property
    def beside_labels(self) -> frozenset[str]:
        """Return the heads that mean one field or another by what stands beside."""
        return frozenset(
            folded(label) for one in self.fields if one.beside for label in one.weak
        )

    @cached_property
    def hints(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (re.compile(hint), one.name) for one in self.fields for hint in one.hints
        ]

    @cached_property
    def foreign_heads(self) -> re.Pattern[str]:
        return re.compile("|".join(self.foreign) or "(?!)")

    @cached_property
    def ignored_heads(self) -> frozenset[str]:
        return frozenset(map(folded, self.ignored))

    def fitting(self, header: "Header | None") -> "Layout":
        """Return the layout with as little needed as this head has."""
        if not self.needed_else or header is None or header.has(self.needed):
            return self
        return self.with_less

    @cached_property
    def with_less(self) -> "Layout":
        return replace(self, needed=self.needed_else, needed_else=())

    def heading_of(self, name: str) -> str:
        """Return our head for a field."""
        return next((f.heading for f in self.fields if f.name == name), name)

    def lookup(self, label: str) -> str | None:
        """Return the field that a head names beyond doubt."""
        found = self.by_label.get(label)
        if label in self.beside_labels:
            return found
        if found is None and (short := _FRONTS.sub("", label)) != label:
            found = self.by_label.get(short)
        return found


@dataclass(frozen=True)
class Column:
    """A column of a real table that we read: where it stands and what it means."""

    index: int
    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True)
class Header:
    """The head of a real table: its rows, and what its columns mean."""

    first: int
    depth: int
    columns: tuple[Column, ...]
    labels: tuple[frozenset[str], ...]
    serials: frozenset[int]
    score: int
    # Every column's head as it stands there, whether we read the column or not.
    heads: tuple[str, ...] = ()

    def taken_as(self, fields: Mapping[int, str]) -> "Header":
        """Return the head with its columns meaning what somebody says they mean."""
        columns = tuple(
            Column(index, fields[index], head, unit_of(head))
            for index, head in enumerate(self.heads)
            if fields.get(index)
        )
        return replace(self, columns=columns)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def has(self, needed: Sequence[Sequence[str]]) -> bool:
        """Say whether each group of columns is there by at least one."""
        return all(any(name in self.by_name for name in group) for group in needed)

    @property
    def end(self) -> int:
        """The first row below the head."""
        return self.first + self.depth


_SERIALS = frozenset(["序号", "编号", "序", "NO", "NUMBER", "顺序号", "行号", "№"])
Grid = Sequence[Sequence[Value]]


def letters(index: int) -> str:
    """Return what Excel calls a column: 0 is A, 26 is AA."""
    found, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def heads(text: str) -> tuple[str, ...]:
    """Return the heads, or other short words, that stand in a text between spaces."""
    return tuple(text.split())


def folded(text: Any) -> str:
    """Return a head as it is compared: no spaces, no brackets, no marks."""
    found = narrow(text)
    bare = _BRACKETS.sub("", found)
    found = bare or found.strip("()")
    return _EDGES.sub("", found).upper() if found else ""


def unit_of(text: Value) -> str:
    """Return what stands in brackets in a head: 万元, 人, 年/月."""
    found = _UNIT.findall(narrow(text))
    return found[-1] if found else ""


def match_columns(layout: Layout, paths: Sequence[tuple[str, ...]]) -> dict[int, str]:
    """Return {column: field} for heads given as paths from the top row down."""
    labels = [tuple(folded(part) for part in path if part) for path in paths]
    found: dict[int, str] = {}
    taken: set[str] = set()
    for step in (_by_path, _by_owner_left, _by_weak, _by_hint):
        for index, label in enumerate(labels):
            if index in found or not label:
                continue
            name = step(layout, label, index, found, taken)
            if name and name not in taken:
                found[index] = name
                taken.add(name)
    _move_lone_phone(layout, labels, found)
    return found


def _by_path(
    layout: Layout,
    path: tuple[str, ...],
    index: int,
    found: dict[int, str],
    taken: set[str],
) -> str | None:
    """Match the lowest head with those above it, then by itself."""
    last = path[-1]
    if len(path) > 1:
        for label in _joined(path):
            if name := layout.lookup(label):
                return name
            if label in layout.beside_labels:
                return None
        if any(layout.foreign_heads.search(above) for above in path[:-1]):
            return None
        if _owner_named(layout, "".join(path[:-1])):
            return None
    name = layout.lookup(last)
    if name is None or name not in taken:
        return name
    return None


def _by_owner_left(
    layout: Layout,
    path: tuple[str, ...],
    index: int,
    found: dict[int, str],
    taken: set[str],
) -> str | None:
    """Match a second 联系电话 as that of the person last named to its left."""
    names = [found[at] for at in sorted(found) if at < index]
    owner = next((name for name in reversed(names) if name in layout.owners), None)
    if owner is None or len(path) > 1:
        return None
    for front in layout.owners[owner]:
        if name := layout.by_label.get(folded(f"{front}{path[-1]}")):
            return name
    return None


def _by_weak(
    layout: Layout,
    path: tuple[str, ...],
    index: int,
    found: dict[int, str],
    taken: set[str],
) -> str | None:
    if len(path) > 1 and _owner_named(layout, "".join(path[:-1])):
        return None
    whole = (label for label in _joined(path) if label in layout.beside_labels)
    candidates = layout.weak_labels.get(next(whole, path[-1]), [])
    # 关系 behind a 户主 is not the one behind a 监护人.
    owned = _by_owner_left(layout, path, index, found, taken) if candidates else None
    if owned and owned not in taken:
        return owned
    free = (name for name in candidates if name not in taken)
    return next((n for n in free if layout.beside.get(n, "") in {"", *taken}), None)


def _by_hint(
    layout: Layout,
    path: tuple[str, ...],
    index: int,
    found: dict[int, str],
    taken: set[str],
) -> str | None:
    whole = "".join(dict.fromkeys(path))
    if path[-1] in layout.ignored_heads or whole in layout.ignored_heads:
        return None
    if len(whole) > LONGEST_HINTED or layout.foreign_heads.search(whole):
        return None
    for pattern, name in layout.hints:
        if name not in taken and pattern.search(whole):
            return name
    return None


def _owner_named(layout: Layout, text: str) -> bool:
    """Say whether the heads above are about somebody else in the row."""
    fronts = [front for some in layout.owners.values() for front in some]
    return any(front and front in text for front in fronts)


def _joined(path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lowest head with each of those above it in front."""
    for above in reversed(path[:-1]):
        for group in _group_words(above):
            yield f"{group}{path[-1]}"


def _group_words(above: str) -> list[str]:
    """Return how a head of a group may begin the heads under it."""
    bare = re.sub("(?:基本)?(?:情况|信息|资料|概况)$", "", above)
    parts = re.split(r"[/,、或和]", bare)
    return list(dict.fromkeys([above, bare, *parts]))


def _move_lone_phone(
    layout: Layout, labels: Sequence[tuple[str, ...]], found: dict[int, str]
) -> None:
    """Take a lone 联系电话 right behind the guardian as the guardian's."""
    if "g_name" not in layout.owners or "g_phone" in found.values():
        return
    for index, name in found.items():
        before = found.get(index - 1)
        if name == "phone" and before in ("g_name", "g_rel"):
            heads = {labels[index][-1]}
            if heads & {"联系电话", "电话", "联系方式", "手机号", "手机号码", "手机"}:
                found[index] = "g_phone"
            return


def is_serial(path: Sequence[str]) -> bool:
    """Say whether a head is that of the running number."""
    return bool(path) and folded(path[-1]) in _SERIALS

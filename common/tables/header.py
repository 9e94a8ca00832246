"""Finds the head of a table among its first rows, however many rows it has."""

import re
from collections.abc import Sequence

from common.tables.layout import (
    Column,
    Grid,
    Header,
    Layout,
    folded,
    is_serial,
    match_columns,
    unit_of,
)
from common.tables.text import Value, clean, narrow

LOOKED_AT = 15
DEEPEST = 3
FEWEST = 3
LONGEST_HEAD = 40
Merged = Sequence[tuple[int, int, int, int]]

_DATA = re.compile(r"\d{5,}|\d{4}[-./年]\d|\d+\.\d+")


def find_header(layout: Layout, rows: Grid, merged: Merged) -> Header | None:
    """Return the best head among the first rows; None when there is none."""
    best: Header | None = None
    for first in range(min(LOOKED_AT, len(rows))):
        found = header_at(layout, rows, merged, first)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def header_at(layout: Layout, rows: Grid, merged: Merged, first: int) -> Header | None:
    """Return the head that begins at this row, of as many rows as fit best."""
    best: Header | None = None
    for depth in range(1, DEEPEST + 1):
        if first + depth > len(rows):
            break
        lowest = rows[first + depth - 1]
        if not any(_filled(cell) for cell in lowest) or _is_data(lowest):
            break
        found = _header(layout, rows, merged, first, depth)
        if found is None:
            continue
        if best is None or found.score > best.score:
            best = found
    return best


def _header(
    layout: Layout, rows: Grid, merged: Merged, first: int, depth: int
) -> Header | None:
    paths = _paths(rows, merged, first, depth)
    found = match_columns(layout, paths)
    names = set(found.values())
    known = len(found) + sum(
        bool(path) and (is_serial(path) or folded(path[-1]) in layout.ignored_heads)
        for index, path in enumerate(paths)
        if index not in found
    )
    if known < FEWEST or not any(names & set(group) for group in layout.needed):
        return None
    own = {cell for cell in map(narrow, rows[first + depth - 1]) if cell}
    told = {folded(path[-1]) for i, path in enumerate(paths) if i in found and path}
    if depth > 1 and not any(folded(cell) in told for cell in own):
        return None
    columns = tuple(
        Column(index, name, _label(paths[index]), _unit(paths[index]))
        for index, name in sorted(found.items())
    )
    serials = frozenset(i for i, path in enumerate(paths) if is_serial(path))
    labels = tuple(
        frozenset(filter(None, (folded(part) for part in path))) for path in paths
    )
    # Whoever needs fewer rows to say the same is right.
    score = known * 10 - depth
    heads = tuple(map(_label, paths))
    return Header(first, depth, columns, labels, serials, score, heads)


def _paths(rows: Grid, merged: Merged, first: int, depth: int) -> list[tuple[str, ...]]:
    """Return the heads over each column, from the top row down."""
    width = max(len(row) for row in rows[first : first + depth])
    heads = [[""] * width for _ in range(depth)]
    for level in range(depth):
        for index, cell in enumerate(rows[first + level]):
            heads[level][index] = clean(cell)
    _spread_merged(heads, merged, first)
    for level in range(depth - 1):
        _spread_right(heads, level)
    return [
        tuple(
            dict.fromkeys(heads[level][i] for level in range(depth) if heads[level][i])
        )
        for i in range(width)
    ]


def _spread_merged(heads: list[list[str]], merged: Merged, first: int) -> None:
    last = first + len(heads) - 1
    for top, left, bottom, right in merged:
        if top < first or top > last:
            continue
        text = heads[top - first][left] if left < len(heads[0]) else ""
        for row in range(top, min(bottom, last) + 1):
            for column in range(left, min(right, len(heads[0]) - 1) + 1):
                heads[row - first][column] = text


def _spread_right(heads: list[list[str]], level: int) -> None:
    """Let a head speak for the blank cells to its right that have heads below."""
    above = ""
    for index, text in enumerate(heads[level]):
        if text:
            above = text
        elif any(below[index] for below in heads[level + 1 :]):
            heads[level][index] = above
        else:
            above = ""


def _is_data(row: Sequence[Value]) -> bool:
    """Say whether a row holds what no head holds: numbers, days, long texts."""
    filled = [cell for cell in row if _filled(cell)]
    if any(not isinstance(cell, str) for cell in filled):
        return True
    texts = [narrow(cell) for cell in filled]
    return any(_DATA.search(text) or text.isdigit() for text in texts) or any(
        len(text) > LONGEST_HEAD for text in texts
    )


def _filled(cell: Value) -> bool:
    return cell not in ("", None) and clean(cell) != ""


def _label(path: tuple[str, ...]) -> str:
    return "/".join(path)


def _unit(path: tuple[str, ...]) -> str:
    return next((unit for unit in map(unit_of, reversed(path)) if unit), "")

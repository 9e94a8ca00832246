"""Writes and changes many rows at once with COPY; the table's own rules check them.

The ORM's ``save`` is gone round on purpose: ids are made and values sealed by the
caller, and whatever field the caller does not name gets its model's default.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import Error, connection, models
from django.utils import timezone

BLOCK = 2_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_in(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Add the rows; ``names`` are the fields their values belong to."""
    fields = [model._meta.get_field(name) for name in names]
    rest = [field for field in model._meta.concrete_fields if field not in fields]
    rest = [field for field in rest if not isinstance(field, models.AutoField)]
    columns = [_column(field) for field in (*fields, *rest)]
    tail = "".join(f"\t{_text(_default(field))}" for field in rest)
    json_at = _json_places(fields)
    lines = (_line(row, json_at) + tail + "\n" for row in rows)
    return _copy(model._meta.db_table, columns, lines)


def copy_lines(
    model: type[models.Model], names: Sequence[str], lines: Iterable[str]
) -> int:
    """Add rows that are written as COPY's text format has them, for very many.

    What is not named is NULL; no value may hold a tab, a line's end or a backslash.
    """
    columns = [_column(model._meta.get_field(name)) for name in names]
    return _copy(model._meta.db_table, columns, iter(lines))


def change_many(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Set the named fields of many rows; each row begins with its primary key."""
    key = model._meta.pk
    fields = [model._meta.get_field(name) for name in names]
    columns = [_column(key), *(_column(field) for field in fields)]
    table, staged = model._meta.db_table, f"staged_{model._meta.db_table}"
    listed = ", ".join(_quoted(name) for name in columns)
    assigned = ", ".join(f"{_quoted(c)} = s.{_quoted(c)}" for c in columns[1:])
    json_at = _json_places([key, *fields])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {staged} ON COMMIT DROP AS "
            f"SELECT {listed} FROM {table} WITH NO DATA"
        )
        written = _copy(staged, columns, (_line(row, json_at) + "\n" for row in rows))
        with _discreet():
            cursor.execute(
                f"UPDATE {table} t SET {assigned} FROM {staged} s "
                f"WHERE t.{_quoted(columns[0])} = s.{_quoted(columns[0])}"
            )
        changed: int = cursor.rowcount
        cursor.execute(f"DROP TABLE {staged}")
    if changed != written:
        raise RuntimeError(f"{written} rows of {table} were staged, {changed} changed.")
    return changed


def in_blocks(items: Sequence[Any], size: int = BLOCK) -> Iterator[Sequence[Any]]:
    """Return the items in blocks, for queries that name many keys."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


@contextmanager
def _discreet() -> Iterator[None]:
    """Tell of a fault by its kind and code only.

    PostgreSQL quotes the row that it refuses, which no log may hold.
    """
    try:
        with connection.wrap_database_errors:
            yield
    except Error as fault:
        code = str(getattr(fault.__cause__, "pgcode", ""))
        raise type(fault)(code) from None


class _Lines(io.TextIOBase):
    """A file for COPY to read from that is made while it is read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.rest = ""
        self.written = 0

    def read(self, size: int | None = -1, /) -> str:
        size = -1 if size is None else size
        parts, length = [self.rest], len(self.rest)
        while size < 0 or length < size:
            line = next(self.lines, None)
            if line is None:
                break
            self.written += 1
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        if size < 0:
            self.rest = ""
            return text
        self.rest = text[size:]
        return text[:size]


def _copy(table: str, columns: Sequence[str], lines: Iterator[str]) -> int:
    listed = ", ".join(_quoted(name) for name in columns)
    source = _Lines(lines)
    with connection.cursor() as cursor, _discreet():
        cursor.copy_expert(f"COPY {table} ({listed}) FROM STDIN", source, 65_536)
    return source.written


def _line(row: Sequence[Any], json_at: frozenset[int]) -> str:
    writers, other = _WRITERS.get, _other
    if not json_at:
        return "\t".join([writers(type(value), other)(value) for value in row])
    told = (
        json.dumps(value, ensure_ascii=False) if at in json_at else value
        for at, value in enumerate(row)
    )
    return "\t".join([writers(type(value), other)(value) for value in told])


def _text(value: Any) -> str:
    """Return the value as COPY's text format writes it."""
    return _WRITERS.get(type(value), _other)(value)


def _string(value: str) -> str:
    # Nearly every text is printable and has no backslash: nothing to escape.
    if value.isprintable() and "\\" not in value:
        return value
    # NUL cannot be stored at all; it never carries meaning in a cell.
    return value.translate(_ESCAPES).replace("\x00", "")


def _array(value: Iterable[Any]) -> str:
    quoted = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
    return _string("{" + ",".join(f'"{item}"' for item in quoted) + "}")


def _bytes(value: bytes) -> str:
    return "\\\\x" + value.hex()


def _other(value: Any) -> str:
    if isinstance(value, str):
        return _string(str(value))
    if isinstance(value, memoryview):
        return _bytes(bytes(value))
    return _string(str(value))


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    str: _string,
    bytes: _bytes,
    bool: lambda value: "t" if value else "f",
    int: str,
    UUID: lambda value: f"{value.int:032x}",
    list: _array,
    tuple: _array,
    dict: lambda value: _string(json.dumps(value, ensure_ascii=False)),
}


def _default(field: Any) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    value = field.get_default()
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    # A sealed field is text in hand and bytes in the table.
    if field.get_internal_type() == "BinaryField" and value == "":
        return b""
    return value


def _json_places(fields: Sequence[Any]) -> frozenset[int]:
    json_fields = (
        at for at, field in enumerate(fields) if isinstance(field, models.JSONField)
    )
    return frozenset(json_fields)


def _column(field: Any) -> str:
    return str(field.column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)

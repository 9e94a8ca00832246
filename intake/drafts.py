"""A row between file and database: what it says, and what is to become of it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from common.sealed_fields import json_in
from intake.enums import Outcome

ERROR = "error"
WARNING = "warning"
NAMED_AT_MOST = 30


@dataclass(slots=True)
class Flaw:
    """What is wrong or odd with one cell, in words for the person who typed it."""

    column: str
    code: str
    words: str
    severity: str = ERROR
    # Said by the registry and not by the cell: asked again each time it is judged.
    judged: bool = False


@dataclass(slots=True)
class Draft:
    """One row of a file while it is judged; ``values`` are plain JSON."""

    position: int
    sheet: str
    number: int
    values: dict[str, Any]
    cells: dict[str, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    outcome: str = Outcome.NEW
    fields: list[str] = field(default_factory=list)
    target: UUID | None = None
    before: dict[str, Any] = field(default_factory=dict)
    # What the row asks, if anything, and whether the office lets it do as it says.
    question: str = ""
    agreed: bool = False
    # Fields that were changed on file after the day of which the row speaks.
    newer: list[str] = field(default_factory=list)
    # What is on file about the row's person; found while judging, never stored.
    found: Any = None

    @property
    def wrong(self) -> bool:
        return any(flaw.severity == ERROR for flaw in self.flaws)

    @property
    def reason(self) -> str:
        """The code of the first thing that is wrong; '' when nothing is."""
        codes = (flaw.code for flaw in self.flaws if flaw.severity == ERROR)
        return next(codes, "")

    @property
    def warned(self) -> bool:
        return any(flaw.severity == WARNING for flaw in self.flaws)

    @property
    def kept(self) -> list[str]:
        """The fields that stay as they are on file, though the row says otherwise."""
        return [] if self.agreed else self.newer

    def text(self, name: str) -> str:
        """Return the value as text; '' when the cell was empty."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def refuse(self, code: str, column: str, words: str) -> None:
        """Let the row stay out because of what is on file."""
        self.flaws.append(Flaw(column, code, words, ERROR, judged=True))
        self.outcome = Outcome.WRONG

    def warn(self, code: str, column: str, words: str) -> None:
        self.flaws.append(Flaw(column, code, words, WARNING, judged=True))

    def begin_again(self) -> None:
        """Forget what the registry said; what the cells say stays."""
        self.flaws = [flaw for flaw in self.flaws if not flaw.judged]
        self.outcome = Outcome.WRONG if self.wrong else Outcome.NEW
        self.fields, self.before, self.found = [], {}, None
        self.question, self.newer = "", []

    def lighten(self) -> None:
        """Forget what the row says; what is said of it stays, for a report."""
        self.values, self.cells, self.before, self.found = {}, {}, {}, None

    def written(self) -> str:
        """Return the row as text, to be sealed."""
        kept: dict[str, Any] = {
            "values": self.values,
            "cells": self.cells,
            "flaws": [asdict(flaw) for flaw in self.flaws],
            "fields": self.fields,
        }
        if self.question:
            kept |= {"agreed": self.agreed, "newer": self.newer}
        return json.dumps(kept, ensure_ascii=False)


def read_back(
    text: str, *, position: int, sheet: str, number: int, target: UUID | None
) -> Draft:
    """Return the draft whose ``written`` text this is, ready to be judged again."""
    kept = json_in(text)
    return Draft(
        position=position,
        sheet=sheet,
        number=number,
        values=kept.get("values", {}),
        cells=kept.get("cells", {}),
        flaws=[Flaw(**flaw) for flaw in kept.get("flaws", [])],
        fields=kept.get("fields", []),
        target=target,
        agreed=kept.get("agreed", False),
        newer=kept.get("newer", []),
    )


def plain(value: Any) -> Any:
    """Return the value as JSON can hold it: days and amounts as text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def tallies(drafts: Iterable[Draft]) -> dict[str, int]:
    """Return {outcome: rows}, every outcome named, so that they add up."""
    counted = {str(outcome): 0 for outcome in Outcome}
    warned = asked = 0
    for draft in drafts:
        counted[str(draft.outcome)] += 1
        warned += draft.warned
        asked += bool(draft.question)
    return {**counted, "warned": warned, "asked": asked}


class Tally:
    """What became of the rows of a file, counted block by block."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counted = tallies([])

    def add(self, drafts: Iterable[Draft]) -> None:
        for outcome, many in tallies(drafts).items():
            self.counted[outcome] += many

    @property
    def rows(self) -> int:
        return sum(self.counted[str(outcome)] for outcome in Outcome)


def in_turn(drafts: Iterable[Draft], many: int | None) -> Iterator[list[Draft]]:
    """Give so many rows at a time; all at once when ``many`` is None."""
    rest = iter(drafts)
    while block := list(islice(rest, many)):
        yield block


def named(drafts: Sequence[Draft]) -> str:
    """Name rows for a sentence: 第4、7、9行等12行."""
    rows = [f"{draft.sheet}第{draft.number}行" for draft in drafts[:NAMED_AT_MOST]]
    more = f"等{len(drafts)}行" if len(drafts) > NAMED_AT_MOST else ""
    return "、".join(rows) + more

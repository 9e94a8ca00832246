"""Which importer knows which kind of file; higher apps plug theirs in.

An app that has one registers it in its ``imports`` module or package.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import ClassVar

from django.utils.module_loading import autodiscover_modules

from cadres.models import User
from common.masks import mask_id, mask_name, mask_phone
from intake.drafts import Draft
from intake.enums import BatchKind
from intake.models import ImportBatch, ImportRow

MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "id": mask_id,
    "phone": mask_phone,
}


@dataclass(frozen=True)
class Shown:
    """A column of the preview, and how much of its values a screen may show."""

    name: str
    heading: str
    mask: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    def on_screen(self, text: str) -> str:
        return MASKS[self.mask](text) if self.mask and text else text


@dataclass(frozen=True)
class Change:
    """A field of a record that a row sets anew: old and new, as a screen may show."""

    heading: str
    old: str
    new: str
    # The old one stays: it is of a later day than the file.
    kept: bool = False

    @property
    def hidden(self) -> bool:
        """Say whether only what the masks hide differs."""
        return self.old == self.new


@dataclass(frozen=True)
class Obstacle:
    """A row of a batch that can no longer be taken back, and why."""

    row: ImportRow
    words: str


class Importer:
    """What one kind of file means for the registry (a strategy of the engine)."""

    kind: ClassVar[BatchKind]
    noun: ClassVar[str] = "人"
    # The address, by name, of the page of a record that a row has written.
    page: ClassVar[str] = ""
    columns: ClassVar[tuple[Shown, ...]] = ()
    # How the preview and the trail name the fields that are compared.
    words: ClassVar[dict[str, str]] = {}
    # How many rows are in hand at a time; None for kinds that need them all.
    rows_at_once: ClassVar[int | None] = None

    def choices(self) -> dict[str, list[str]]:
        """Return the words a cell may hold, for columns that have a list of them."""
        return {}

    def check_account(self, by: User) -> None:
        """Refuse an account that may not bring in this kind of file at all."""

    def judge(self, drafts: Sequence[Draft], *, by: User, lock: bool) -> None:
        """Give every row its outcome against what is on file.

        ``lock`` holds what was found until the transaction ends.
        """
        raise NotImplementedError

    def judging(self, *, by: User, lock: bool) -> Callable[[Sequence[Draft]], None]:
        """Return what judges the rows of one file block after block, as ``judge``.

        Whoever has ``rows_at_once`` remembers the rows of earlier blocks.
        """
        return partial(self.judge, by=by, lock=lock)

    def apply(self, drafts: Sequence[Draft], *, batch: ImportBatch, by: User) -> None:
        """Write the new and changed rows, set-wise."""
        raise NotImplementedError

    def changes(
        self, drafts: Sequence[Draft], *, user: User
    ) -> dict[int, list[Change]]:
        """Return {position: what changes} of rows whose records the account may see.

        A row that was imported tells by its ``before`` what the record held.
        """
        return {}

    def obstacles(self, rows: Sequence[ImportRow]) -> list[Obstacle]:
        """Return the rows that something depends on by now."""
        raise NotImplementedError

    def undo(self, rows: Sequence[ImportRow], *, by: User) -> None:
        """Take the rows back: new ones go, changed ones get their old values."""
        raise NotImplementedError


_IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Let the engine know of an importer."""
    _IMPORTERS[importer.kind] = importer


def importer_for(kind: str) -> Importer:
    """Return the importer of this kind of file."""
    _find_all()
    return _IMPORTERS[kind]


@cache
def _find_all() -> None:
    autodiscover_modules("imports")

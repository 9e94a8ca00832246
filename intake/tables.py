"""What the columns of a file were taken as, and what somebody says they are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from intake.layouts import Blanks
from intake.layouts.choosing import Chosen
from intake.models import ImportBatch

KEPT_AS, TICKED = "tables", "ticked"
BLANKS, ANSWERED = "blanks", "answered"


@dataclass
class Table:
    """Sheets of a file that have the same heads, and what each column was taken as.

    ``first`` and ``last`` are the rows of the head on the first of them, from 1;
    ``fields`` go with ``heads``, '' for a column that is not read.
    """

    sheets: list[str]
    first: int
    last: int
    heads: list[str]
    fields: list[str]

    @property
    def taken(self) -> int:
        """How many columns are read."""
        return sum(map(bool, self.fields))

    @property
    def named(self) -> int:
        """How many columns have a head at all."""
        return sum(map(bool, self.heads))


def tables_of(batch: ImportBatch) -> list[Table]:
    """Return the tables of a batch as they were read; [] for one of long ago."""
    return [Table(**kept) for kept in batch.settings.get(KEPT_AS, [])]


def keep_tables(
    batch: ImportBatch, tables: Sequence[Table], ticked: Sequence[str]
) -> None:
    """Let the batch remember its tables; the caller saves it.

    ``ticked`` are the heads of columns in which a blank may be meant as a no.
    """
    kept: list[dict[str, Any]] = [asdict(table) for table in tables]
    batch.settings = {**batch.settings, KEPT_AS: kept, TICKED: list(ticked)}


def blanks_of(batch: ImportBatch) -> Blanks:
    """Return what blank cells of the file mean, as far as the office said so."""
    return Blanks(**batch.settings.get(BLANKS, {}))


def ticked_in(batch: ImportBatch) -> list[str]:
    """Return the heads of columns in which a blank may be meant as a no."""
    return list(batch.settings.get(TICKED, []))


def keep_blanks(batch: ImportBatch, blanks: Blanks) -> None:
    """Let the batch remember what blank cells mean; the caller saves it."""
    batch.settings |= {BLANKS: asdict(blanks), ANSWERED: ticked_in(batch)}


def unanswered_ticks(batch: ImportBatch) -> list[str]:
    """Return the heads of such columns that nobody was asked about yet."""
    answered = batch.settings.get(ANSWERED, [])
    return [head for head in ticked_in(batch) if head not in answered]


def chosen_in(
    tables: Sequence[Table], fields: Sequence[Sequence[str]] | None = None
) -> Chosen:
    """Return what the columns of each sheet mean: as read, or as ``fields`` say."""
    meant = [table.fields for table in tables] if fields is None else fields
    return {
        sheet: {index: name for index, name in enumerate(names) if name}
        for table, names in zip(tables, meant, strict=True)
        for sheet in table.sheets
    }

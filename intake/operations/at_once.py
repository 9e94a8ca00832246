"""Takes a file in and imports its good rows in one go, as the commands do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from common.refusals import Refused
from intake import originals, storing
from intake.drafts import Draft, tallies
from intake.enums import BatchKind, BatchStatus
from intake.models import ImportBatch
from intake.operations.confirming import is_clash, take_turn
from intake.operations.receiving import new_batch, summary
from intake.reading import ReadFile, read_file
from intake.registry import importer_for
from intake.tables import keep_tables

READ_AT_ONCE = 1024 * 1024


@dataclass(frozen=True)
class Brought:
    """What became of a file: its rows, and the batch if anything was imported."""

    read: ReadFile
    batch: ImportBatch | None

    @property
    def drafts(self) -> list[Draft]:
        return self.read.drafts

    @property
    def tallies(self) -> dict[str, int]:
        return tallies(self.read.drafts)


def bring_in(
    *,
    kind: BatchKind,
    path: Path,
    strict: bool = False,
    dry_run: bool = False,
    on_step: Callable[[str], None] = lambda _: None,
    by: User,
) -> Brought:
    """Import the good rows of a file, all or none of them.

    With ``dry_run`` nothing is written; with ``strict`` nothing is when a row is
    wrong. Raises Refused when the file cannot be read.
    """
    importer_for(kind).check_account(by)
    if path.stat().st_size > originals.limit():
        raise Refused(originals.too_large())
    on_step("读表")
    read = read_file(path, path.name, kind)
    if dry_run or (strict and any(draft.wrong for draft in read.drafts)):
        importer_for(kind).judge(read.drafts, by=by, lock=False)
        return Brought(read, None)
    return _keep_and_write(kind, path, read, strict, on_step, by)


def _keep_and_write(
    kind: BatchKind,
    path: Path,
    read: ReadFile,
    strict: bool,  # noqa: FBT001
    on_step: Callable[[str], None],
    by: User,
) -> Brought:
    with path.open("rb") as file:
        kept = originals.keep(iter(lambda: file.read(READ_AT_ONCE), b""))
    try:
        on_step("写入")
        batch = _write(new_batch(kind, path.name, kept, by), read, strict=strict, by=by)
    except BaseException as fault:
        originals.remove(kept.name)
        if is_clash(fault):
            raise Refused("刚才有人改动了其中的人,请再导入一次。") from None
        raise
    if batch is None:
        originals.remove(kept.name)
    return Brought(read, batch)


@transaction.atomic
def _write(
    batch: ImportBatch, read: ReadFile, *, strict: bool, by: User
) -> ImportBatch | None:
    take_turn()
    importer = importer_for(batch.kind)
    importer.judge(read.drafts, by=by, lock=True)
    if strict and any(draft.wrong for draft in read.drafts):
        return None
    batch.status, batch.done_at = BatchStatus.CONFIRMED, timezone.now()
    batch.rows_read, batch.notices = len(read.drafts), read.notices
    batch.tallies = tallies(read.drafts)
    keep_tables(batch, read.tables)
    batch.save()
    importer.apply(read.drafts, batch=batch, by=by)
    storing.store(batch, read.drafts)
    trail.record("import.confirmed", subject=batch, by=by, **summary(batch))
    return batch

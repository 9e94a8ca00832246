"""Takes a file in and imports its good rows in one go, as the commands do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from intake import originals, storing
from intake.drafts import Draft, Tally, in_turn
from intake.enums import BatchKind, BatchStatus, Outcome
from intake.layouts import NOTHING_MEANT, Blanks
from intake.models import ImportBatch
from intake.operations.confirming import is_clash, take_turn
from intake.operations.receiving import new_batch, summary
from intake.reading import ReadFile, read_file
from intake.registry import importer_for
from intake.tables import keep_tables

READ_AT_ONCE = 1024 * 1024


@dataclass
class Brought:
    """What became of a file: each of its rows, and the batch if any was imported.

    Of very many rows only what is said of them is kept, not what they say.
    """

    notices: list[str]
    drafts: list[Draft]
    tallies: dict[str, int]
    batch: ImportBatch | None = None


@permits(Permission.IMPORT)
def bring_in(
    *,
    kind: BatchKind,
    path: Path,
    strict: bool = False,
    dry_run: bool = False,
    agreed: bool = False,
    blanks: Blanks = NOTHING_MEANT,
    on_step: Callable[[str], None] = lambda _: None,
    by: User,
) -> Brought:
    """Import the good rows of a file, all or none of them.

    With ``dry_run`` nothing is written; with ``strict`` nothing is when a row is
    wrong; ``agreed`` answers whatever the rows ask, and ``blanks`` says what blank
    cells mean. Raises Refused when the file cannot be read.
    """
    importer_for(kind).check_account(by)
    if path.stat().st_size > originals.limit():
        raise Refused(originals.too_large())
    on_step("读表")
    read = read_file(path, path.name, kind, blanks=blanks)
    if agreed:
        read.drafts = map(_agree, read.drafts)
    if dry_run:
        judge = importer_for(kind).judging(by=by, lock=False)
        return _gone_through(read, kind, judge)
    on_step("写入")
    return _keep_and_write(kind, path, read, strict, by)


def _agree(draft: Draft) -> Draft:
    draft.agreed = True
    return draft


def _keep_and_write(
    kind: BatchKind,
    path: Path,
    read: ReadFile,
    strict: bool,  # noqa: FBT001
    by: User,
) -> Brought:
    with path.open("rb") as file:
        kept = originals.keep(iter(lambda: file.read(READ_AT_ONCE), b""))
    try:
        brought = _write(
            new_batch(kind, path.name, kept, by), read, strict=strict, by=by
        )
    except BaseException as fault:
        originals.remove(kept.name)
        if is_clash(fault):
            raise Refused("刚才有人改动了其中的人,请再导入一次。") from None
        raise
    if brought.batch is None:
        originals.remove(kept.name)
    return brought


@transaction.atomic
def _write(batch: ImportBatch, read: ReadFile, *, strict: bool, by: User) -> Brought:
    """Write block after block; nothing of it stays if the rows must all be right."""
    take_turn()
    importer = importer_for(batch.kind)
    judge = importer.judging(by=by, lock=True)
    batch.save()

    def write(drafts: Sequence[Draft]) -> None:
        judge(drafts)
        importer.apply(drafts, batch=batch, by=by)
        storing.store(batch, drafts)

    brought = _gone_through(read, batch.kind, write)
    if strict and brought.tallies[Outcome.WRONG]:
        transaction.set_rollback(True)
        return brought
    batch.status, batch.done_at = BatchStatus.CONFIRMED, timezone.now()
    batch.rows_read, batch.notices = len(brought.drafts), read.notices
    batch.tallies = brought.tallies
    keep_tables(batch, read.tables, read.ticked)
    batch.save()
    trail.record("import.confirmed", subject=batch, by=by, **summary(batch))
    brought.batch = batch
    return brought


def _gone_through(
    read: ReadFile, kind: str, do: Callable[[Sequence[Draft]], None]
) -> Brought:
    """Do something with every block of rows, and keep what is said of each row."""
    many, tally = importer_for(kind).rows_at_once, Tally()
    done: list[Draft] = []
    for drafts in in_turn(read.drafts, many):
        do(drafts)
        tally.add(drafts)
        done += drafts
        for draft in drafts if many else ():
            draft.lighten()
    return Brought(read.notices, done, tally.counted)

"""Shows that a backup is good by bringing it back where nobody looks."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from audit import heads, seals
from audit.verification import verify
from backups import making, operations, restoring, sets
from backups.keys import private_key
from backups.looking import looking_at
from backups.models import BackupRecord, RecordKind
from backups.operations import Outcome
from backups.server import Server
from cadres.models import User
from common.refusals import Refused

SCRATCH = "_selfcheck"


def back_up(folder: Path, *, by: User | None) -> BackupRecord:
    """Make a backup and write down how it went; raises Refused when it did not go."""
    outcome = Outcome(RecordKind.MADE, started_at=timezone.now())
    try:
        place, manifest = making.make(folder)
    except making.Busy:
        raise
    except Refused as refusal:
        operations.note(outcome=replace(outcome, good=False, words=str(refusal)), by=by)
        raise
    done = replace(
        outcome,
        set_name=place.name,
        rows=manifest.rows,
        files=len(manifest.files),
        size=sum(part.stat().st_size for part in place.iterdir()),
    )
    return operations.note(outcome=done, by=by)


def check_newest(folder: Path, *, now: datetime) -> BackupRecord:
    """Restore the newest backup into a scratch database, compare, and write it down."""
    outcome = Outcome(RecordKind.CHECKED, started_at=now)
    try:
        place = sets.newest_in(folder)
        outcome = replace(outcome, set_name=place.name)
        backup = sets.open_set(place, key=private_key())
        ours = Server.ours()
        scratch = ours.called_there(f"{ours.name[:40]}{SCRATCH}")
        with restoring.restored(backup, scratch) as there:
            restoring.compare(backup, there)
            looking_at(there, _walk_the_trail)
    except Refused as refusal:
        wrong = replace(outcome, good=False, words=str(refusal))
        return operations.note(outcome=wrong, by=None)
    told = backup.manifest
    done = replace(
        outcome,
        rows=told.rows,
        files=len(told.files),
        words=f"{len(told.tables)} 张表的行数和校验、全部文件一致,留痕逐条校验完好。",
    )
    return operations.note(outcome=done, by=None)


def _walk_the_trail() -> None:
    """Refuse a copy whose trail does not hold, also against the heads printed here."""
    last = seals.last_end().pos
    marks = [mark for mark in heads.kept_here() if mark.pos <= last]
    verdict = verify(marks)
    if not verdict.good:
        raise Refused(verdict.words)

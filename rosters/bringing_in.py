"""From a department's file to a compared list: by page, by command, in a worker."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.conf import settings
from django.db import transaction

from cadres.models import User
from common.refusals import Refused
from intake import originals
from intake.progressing import Tell, in_silence
from intake.reading import read_file
from jobs.models import Job
from rosters.enums import RosterKind
from rosters.models import Roster
from rosters.operations import receiving, reconcile


def bring_in(
    *, kind: RosterKind, month: date, file_name: str, chunks: Iterable[bytes], by: User
) -> Roster:
    """Read the file, keep all its rows; the caller compares when it wants to.

    Raises Refused with a sentence for a file that is none of ours.
    """
    kept = originals.keep(chunks)
    return receive_kept(
        kind=kind, month=month, file_name=file_name, stored_as=kept.name, by=by
    )


def upload(
    *, kind: RosterKind, month: date, file_name: str, chunks: Iterable[bytes], by: User
) -> Roster | Job:
    """Do a small file at once, with its comparison; leave a large one to a worker."""
    kept = originals.keep(chunks)
    if kept.size > settings.IMPORT_IN_WORKER_ABOVE_BYTES:
        return receiving.ask_to_receive(
            kind=kind, month=month, file_name=file_name, stored_as=kept.name, by=by
        )
    roster = receive_kept(
        kind=kind, month=month, file_name=file_name, stored_as=kept.name, by=by
    )
    return reconcile.compare_roster(roster=roster, by=by)


def receive_kept(
    *,
    kind: RosterKind,
    month: date,
    file_name: str,
    stored_as: str,
    by: User,
    tell: Tell = in_silence,
) -> Roster:
    """Read a file of the originals' folder; its rows are kept, the file is not.

    The file goes when the rows are safe: a worker that is killed before finds it.
    """
    try:
        with originals.opened(stored_as) as path:
            read = read_file(path, file_name, str(kind))
        roster = receiving.receive(
            kind=kind,
            month=month,
            file_name=file_name,
            content_hash=originals.digest_of(stored_as),
            read=read,
            by=by,
            tell=tell,
        )
    except Refused:
        originals.remove(stored_as)
        raise
    transaction.on_commit(partial(originals.remove, stored_as))
    return roster

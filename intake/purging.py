"""Forgets the files of half a year ago; what became of their rows is kept."""

from datetime import datetime, timedelta

from django.db import transaction

from intake import originals
from intake.models import ImportBatch, ImportRow

KEPT_FOR = timedelta(days=180)
# A file is written a moment before its row; it is an orphan only after a day.
ORPHAN_AFTER = timedelta(days=1)


def purge(now: datetime) -> int:
    """Remove old originals, what their rows held, and files that have no batch.

    Harmless to run twice or late. Returns how many files went.
    """
    old = ImportBatch.objects.older_than(now - KEPT_FOR).exclude(stored_as="")
    removed = sum(_forget(batch) for batch in old.iterator())
    return removed + _remove_orphans(now)


@transaction.atomic
def _forget(batch: ImportBatch) -> int:
    ImportRow.objects.filter(batch=batch).update(content="", before="")
    name = batch.stored_as
    batch.stored_as = ""
    batch.save(update_fields=["stored_as"])
    transaction.on_commit(lambda: originals.remove(name))
    return 1


def _remove_orphans(now: datetime) -> int:
    known = set(ImportBatch.objects.exclude(stored_as="").values_list("stored_as"))
    removed = 0
    for path in originals.folder().glob("*"):
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
        if (path.name,) not in known and now - written > ORPHAN_AFTER:
            path.unlink(missing_ok=True)
            removed += 1
    return removed

"""The sealer: puts finished events into the chain, a batch at a time.

Not in the writer's transaction, where the end of the chain would be one lock for
everybody. A batch takes the events of transactions that can no longer be under way,
so that a late committer cannot slip in behind and a rolled-back number is no gap.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from audit.canon import EVENT_TEXT, GENESIS, signature
from audit.head_key import head_key
from audit.models import Head

# "trail" in ASCII: the advisory lock that lets one sealer in at a time.
LOCK = 0x747261696C
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
BEFORE = f"coalesce(%(before)s, {OLDEST_RUNNING})"
IN_ORDER = f"xid >= %(upto)s AND xid < {BEFORE} AND id > %(floor)s"
LEFT_OVER = "NOT EXISTS (SELECT FROM audit_seal known WHERE known.n = e.id)"
# One statement has one snapshot: what is taken and where the next begins agree.
SEAL = f"""
WITH waiting AS (
    SELECT e.id AS n, %(pos)s + row_number() OVER (ORDER BY e.id) AS pos,
           convert_to({EVENT_TEXT}, 'UTF8') AS text
    FROM audit_event e WHERE {{which}}
), linked AS (
    SELECT pos, n, audit_chain(%(h)s, int8send(pos) || int8send(n) || text)
        OVER (ORDER BY pos ROWS UNBOUNDED PRECEDING) AS h
    FROM waiting
), added AS (
    INSERT INTO audit_seal (pos, n, h) SELECT pos, n, h FROM linked RETURNING pos, h
)
SELECT pos, h, {BEFORE} FROM added ORDER BY pos DESC LIMIT 1
"""


class SealedElsewhereError(Exception):
    """The trail was restored here from a copy; it must be resumed first."""


@dataclass(frozen=True)
class End:
    """Where the chain ends, and from which transaction on it goes on."""

    pos: int = 0
    h: bytes = GENESIS
    upto: int = 0
    floor: int = 0


@transaction.atomic
def seal(*, before: int | None = None) -> int:
    """Seal what is finished and return how many events that were.

    Harmless twice at once: who comes second goes away with nothing done. ``before``
    is for whoever knows better than the server which transactions are over: it
    counts those of all its databases, and waits for the slowest of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            return 0
        end = last_end()
        if _is_from_elsewhere(end):
            raise SealedElsewhereError("运行 manage.py seal_audit --after-restore")
        return _seal(cursor, end, IN_ORDER, before)


@transaction.atomic
def resume() -> int:
    """Take the chain up again in a database that was restored from a dump.

    Transactions count from low numbers there. What is not sealed yet is sealed now,
    and from here on only events with higher numbers are looked at. Wants the owner's
    rights, and keeps writers out for the moment.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("LOCK TABLE audit_event IN SHARE MODE")
        sealed = _seal(cursor, last_end(), LEFT_OVER)
        cursor.execute(
            f"SELECT {OLDEST_RUNNING}, coalesce(max(id), 0) FROM audit_event"
        )
        upto, floor = cursor.fetchone() or (0, 0)
        end = last_end()
        _sign(End(end.pos, end.h, upto, floor))
        return sealed


def resume_if_restored() -> int:
    """Take the chain up again if this database was made from a dump of another."""
    return resume() if _is_from_elsewhere(last_end()) else 0


def _is_from_elsewhere(end: End) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (newest,) = cursor.fetchone() or (0,)
    return bool(end.upto > newest)


def last_end() -> End:
    """Return the end that the last batch left."""
    head = Head.objects.order_by("-id").first()
    if head is None:
        return End()
    return End(head.pos, bytes(head.h), head.upto, head.floor)


def waiting() -> int:
    """Count the events that are not sealed yet."""
    end = last_end()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_event WHERE xid >= %s AND id > %s",
            [end.upto, end.floor],
        )
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def _seal(cursor: Any, end: End, which: str, before: int | None = None) -> int:
    cursor.execute(
        SEAL.format(which=which),
        {**vars(end), "before": before},
    )
    last = cursor.fetchone()
    if last is None:
        return 0
    pos, h, upto = last
    _sign(End(pos, bytes(h), upto, end.floor))
    return int(pos - end.pos)


def _sign(end: End) -> None:
    Head.objects.create(
        pos=end.pos,
        h=end.h,
        mac=signature(head_key(), end.pos, end.h),
        upto=end.upto,
        floor=end.floor,
    )

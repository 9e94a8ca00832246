"""Walks the chain from its first link and says where it is broken first.

The bytes of each event are read from the database and hashed here, so that a changed
function or trigger there deceives nobody.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from math import inf

from django.db import connection

from audit.canon import EVENT_TEXT, GENESIS, link, signature
from audit.head_key import head_key
from audit.heads import Mark
from audit.models import Content, Event, Seal
from audit.trail import digest_of

ROWS_AT_ONCE = 20_000
WALK = f"""
SELECT s.pos, s.n, s.h, CASE WHEN e.id IS NOT NULL THEN {EVENT_TEXT} END
FROM audit_seal s LEFT JOIN audit_event e ON e.id = s.n
WHERE s.pos > %s AND s.pos <= %s ORDER BY s.pos
"""
DISPLACED = f"""
SELECT e.id FROM audit_event e WHERE e.id <> %(n)s AND
    sha256(%(prev)s || int8send(%(pos)s) || int8send(e.id)
        || convert_to({EVENT_TEXT}, 'UTF8')) = %(h)s LIMIT 1
"""
# In one statement and so of one moment: the sealer goes on while we walk.
ENDS = """
SELECT coalesce((SELECT max(pos) FROM audit_seal), 0), h.id, h.pos, h.upto, h.floor
FROM (SELECT 1) one
LEFT JOIN (SELECT * FROM audit_head ORDER BY id DESC LIMIT 1) h ON true
"""
HEADS = """
SELECT id, pos, h, mac FROM audit_head WHERE id > %s AND id <= %s AND pos > 0
ORDER BY id LIMIT %s
"""
# What is neither sealed nor waiting its turn was put in behind the sealer's back.
DUE = "(e.xid < %(upto)s OR e.id <= %(floor)s)"
UNSEALED = f"""
SELECT e.id FROM audit_event e WHERE {DUE}
    AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.n = e.id) ORDER BY e.id LIMIT 1
"""
LISTS_TAKEN_OUT = ("export.made",)
Link = tuple[int, int, bytes, str | None]
Told = Callable[[int], None]


@dataclass(frozen=True)
class Verdict:
    """What a walk found: how far the chain holds, and what broke it first."""

    events: int
    head: bytes = GENESIS
    # The first broken link's position, and what is the matter there; "" for nothing.
    broken_at: int = 0
    fault: str = ""

    @property
    def good(self) -> bool:
        return not self.fault

    @property
    def words(self) -> str:
        if self.good:
            return f"留痕完好:共 {self.events} 条,链头 {self.head.hex()}。"
        return f"留痕有问题:第 {self.broken_at} 条,{self.fault}。"


class BrokenError(Exception):
    """The chain does not hold at this position."""

    def __init__(self, pos: int, fault: str) -> None:
        super().__init__(fault)
        self.pos, self.fault = pos, fault


def verify(marks: Sequence[Mark] = (), told: Told = lambda done: None) -> Verdict:
    """Walk the whole chain, and hold it against heads that were kept outside."""
    ends = _Ends.now()
    walk = _Walk(ends, marks)
    try:
        for row in _links(ends.last):
            walk.step(row)
            if walk.pos % ROWS_AT_ONCE == 0:
                told(walk.pos)
        walk.arrive()
    except BrokenError as broken:
        return Verdict(walk.pos, walk.h, broken.pos, broken.fault)
    return Verdict(walk.pos, walk.h)


@dataclass(frozen=True)
class _Ends:
    """How far seals and heads reached when the walk began."""

    last: int
    head_id: int
    head_pos: int
    upto: int
    floor: int

    @classmethod
    def now(cls) -> "_Ends":
        with connection.cursor() as cursor:
            cursor.execute(ENDS)
            return cls(*(value or 0 for value in cursor.fetchone() or (0,) * 5))


class _Walk:
    """One walk: where it is, and which signed and outside heads are still to come."""

    def __init__(self, ends: _Ends, marks: Sequence[Mark]) -> None:
        self.ends = ends
        self.pos, self.h = 0, GENESIS
        self.marks = deque(sorted(marks, key=lambda mark: mark.pos))
        self.heads = _heads(ends)
        self.head = next(self.heads, None)
        self.key = head_key()
        self.next_head = self._next_head()

    def step(self, row: Link) -> None:
        pos, n, h, text = row
        if pos != self.pos + 1:
            raise BrokenError(self.pos + 1, "这一链节缺失")
        if text is None:
            raise BrokenError(pos, f"事件 {n} 已被删除")
        ours = link(self.h, pos, n, text)
        if ours != h:
            raise BrokenError(pos, _why(self.h, row, ours))
        self.pos, self.h = pos, h
        # Most links have no head to compare with, and there are millions of them.
        if pos >= self.next_head:
            self._compare_heads()

    def arrive(self) -> None:
        """Hold the end against what should have come by now, and what should not."""
        if self.head is not None:
            raise BrokenError(self.pos + 1, "链尾被截去,之后的链头还在")
        if self.marks:
            lost = self.marks[-1].pos - self.pos
            raise BrokenError(self.pos + 1, f"链尾被截去,外存链头还记有 {lost} 条")
        if self.ends.head_pos != self.pos:
            raise BrokenError(self.ends.head_pos + 1, "链节没有签名的链头")
        _compare_contents()
        stranger = _unsealed(self.ends)
        if stranger:
            raise BrokenError(self.pos, f"事件 {stranger} 是插入的,不在链上")

    def _compare_heads(self) -> None:
        while self.head is not None and self.head[0] <= self.pos:
            pos, h, mac = self.head
            if pos != self.pos or h != self.h:
                raise BrokenError(self.pos, "与当时的链头不符")
            if not compare_digest(mac, signature(self.key, pos, h)):
                raise BrokenError(self.pos, "链头的校验码不对,链被重算过")
            self.head = next(self.heads, None)
        while self.marks and self.marks[0].pos <= self.pos:
            mark = self.marks.popleft()
            if mark.h != self.h.hex():
                raise BrokenError(self.pos, "与外存链头不符,之前的留痕被改写过")
        self.next_head = self._next_head()

    def _next_head(self) -> float:
        """Return the position at which the next head, ours or outside, will stand."""
        ours = self.head[0] if self.head else inf
        outside = self.marks[0].pos if self.marks else inf
        return min(ours, outside)


def _links(last: int) -> Iterator[Link]:
    with connection.cursor() as cursor:
        for begin in range(0, last, ROWS_AT_ONCE):
            cursor.execute(WALK, [begin, min(begin + ROWS_AT_ONCE, last)])
            for pos, n, h, text in cursor.fetchall():
                yield pos, n, bytes(h), text


def _heads(ends: _Ends) -> Iterator[tuple[int, bytes, bytes]]:
    seen = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(HEADS, [seen, ends.head_id, ROWS_AT_ONCE])
            rows = cursor.fetchall()
        if not rows:
            return
        for number, pos, h, mac in rows:
            seen = number
            yield pos, bytes(h), bytes(mac)


def _why(prev: bytes, row: Link, ours: bytes) -> str:
    """Say what was done to this link: moved, forged, or its event changed."""
    pos, n, h, _ = row
    with connection.cursor() as cursor:
        cursor.execute(DISPLACED, {"n": n, "prev": prev, "pos": pos, "h": h})
        other = cursor.fetchone()
        if other:
            return f"次序被调换,这里原是事件 {other[0]},现为事件 {n}"
        cursor.execute(WALK, [pos, pos + 1])
        after = cursor.fetchone()
    if after and after[3] is not None:
        next_pos, next_n, next_h, text = after
        if link(ours, next_pos, next_n, text) == bytes(next_h):
            return f"事件 {n} 的链值被改动"
    return f"事件 {n} 的内容被改动"


def _compare_contents() -> None:
    """Hold the lists of what was taken out against the digests in their events."""
    lists = Event.objects.filter(
        kind__in=LISTS_TAKEN_OUT, details__has_key="people_digest"
    )
    for event in lists.order_by("id").iterator(chunk_size=50):
        kept = Content.objects.filter(pk=event.pk).first()
        if kept is None or digest_of(kept.people) != event.details["people_digest"]:
            seal = Seal.objects.filter(n=event.pk).first()
            fault = f"事件 {event.pk} 的导出名单被改动或删除"
            raise BrokenError(seal.pos if seal else 0, fault)


def _unsealed(ends: _Ends) -> int:
    """Return an event that should be sealed and is not; 0 when there is none.

    Counting is quick, looking for the odd one is not: that is done only if need be.
    """
    bounds = {"upto": ends.upto, "floor": ends.floor}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM audit_event e WHERE {DUE}", bounds)
        if cursor.fetchone() == (ends.last,):
            return 0
        cursor.execute(UNSEALED, bounds)
        found = cursor.fetchone()
    return int(found[0]) if found else 0

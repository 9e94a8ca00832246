"""The trail as a file for the auditor."""

from collections.abc import Iterator
from typing import IO

from django.utils import timezone

from audit import details
from audit.models import Event, EventQuerySet, Seal
from audit.sentences import sentence
from cadres.models import User
from common.excel import Column, Frame, write_ledger

CHUNK = 1_000
COLUMNS = [
    Column[Event]("时间", lambda event: event.at, 18, "datetime"),
    Column[Event]("操作人", lambda event: event.by_name, 14),
    Column[Event]("账号标识", lambda event: event.by, 10),
    Column[Event]("做了什么", sentence, 24),
    Column[Event]("对象", lambda event: event.subject_words, 26),
    Column[Event]("理由", lambda event: event.reason, 24),
    Column[Event]("明细", lambda event: plain_details(event), 36),
    Column[Event]("来源", lambda event: event.address, 18),
    Column[Event]("设备", lambda event: event.device, 16),
    Column[Event]("事件号", lambda event: event.pk, 10, "int"),
    Column[Event]("链上位置", lambda event: getattr(event, "pos", None), 10, "int"),
]


def plain_details(event: Event) -> str:
    """Return an event's details in one line."""
    return ";".join(f"{name}:{words}" for name, words in details.lines(event))


def write_trail(
    events: EventQuerySet, out: IO[bytes], *, reason: str, told: str, by: User
) -> int:
    """Write the events, newest first, with each one's place in the chain."""
    now = timezone.localtime()
    frame = Frame(
        title="操作留痕",
        second_line=f"筛选:{told or '全部'}  导出时间:{now:%Y-%m-%d %H:%M}",
        notes=[
            ("导出人", f"{by.name}({by.username})"),
            ("导出时间", f"{now:%Y-%m-%d %H:%M:%S}"),
            ("用途", reason),
            ("筛选", told or "全部"),
            ("核对", "链上位置与链头用 manage.py verify_audit 核对。"),
        ],
        author=by.name,
    )
    return write_ledger(out, _rows(events), COLUMNS, frame)


def _rows(events: EventQuerySet) -> Iterator[Event]:
    chunk: list[Event] = []
    for event in events.order_by("-id").iterator(chunk_size=CHUNK):
        chunk.append(event)
        if len(chunk) == CHUNK:
            yield from _placed(chunk)
            chunk = []
    yield from _placed(chunk)


def _placed(events: list[Event]) -> list[Event]:
    places = dict(
        Seal.objects.filter(n__in=[event.pk for event in events]).values_list(
            "n", "pos"
        )
    )
    for event in events:
        event.pos = places.get(event.pk)  # type: ignore[attr-defined]
    return events

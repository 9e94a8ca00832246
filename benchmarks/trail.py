"""The trail's chain: what it costs its writers, and how fast a long one is walked."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.children import in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import Stage

DATABASE = "bench_trail"
WRITERS = 16
ROUNDS = 3
# Ten million at full size, the length that §4.3 of the design speaks of.
EVENTS_A_VISIT = 10
KEEPS = 0.9
# As many as one batch finds when the city is busy: five seconds of writers.
BATCH = 20_000
COLUMNS = (
    "at, by, by_name, kind, subject_type, subject_id, subject_words, area, reason, "
    "details, address, device"
)
ONE = f"""
INSERT INTO audit_event ({COLUMNS}) VALUES
(now(), '7', '王科长', 'person.seen', 'recipients.recipient', %s, '关爱对象 YC-000001',
 '620321101000', '', '{{}}', '10.20.30.0/24', '安卓 微信')
"""
MANY = f"""
INSERT INTO audit_event ({COLUMNS})
SELECT now() - (%s - n) * interval '1 s', '7', '王科长', 'person.seen',
       'recipients.recipient', (n %% 100000)::text, '关爱对象 YC-' || n, '620321101000',
       '', jsonb_build_object('found', n), '10.20.30.0/24', '安卓 微信'
FROM generate_series(1, %s) AS n
"""


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Write with and without a sealer beside; then seal and walk a long trail."""
    stage.renew(DATABASE)
    told = in_a_child(stage, DATABASE, "benchmarks.trail:writers", size.told * 4)
    yield Figure(
        id="trail_writers",
        words=f"{WRITERS}个并发写留痕,有封存与无封存相比",
        size=size.told * 4,
        unit="条/秒",
        ours=told.result["sealed"],
        baseline=told.result["bare"],
        target=KEEPS,
    )
    events = size.visits * EVENTS_A_VISIT
    long = in_a_child(stage, DATABASE, "benchmarks.trail:long_chain", events)
    for name, words in (
        ("first", "首次封存整条留痕"),
        ("walk", "verify_audit 走完整条链"),
        ("batch", f"在长链末尾再封一批({BATCH:,}条)"),
    ):
        yield Figure(
            id=f"trail_{name}",
            words=words,
            size=long.result["events"],
            unit="条/秒",
            ours=long.result[name],
            baseline=None,
            target=None,
            peak_mb=long.peak_mb if name == "walk" else None,
        )


def writers(number: int) -> dict[str, float]:
    """Return the best of some rounds, bare and with a sealer at work each second."""
    from audit import seals

    bare = sealed = 0.0
    for _ in range(ROUNDS):
        bare = max(bare, _write_at_once(number))
        stop = threading.Event()

        def work(stop: threading.Event = stop) -> None:
            while not stop.wait(1):
                seals.seal()

        sealer = threading.Thread(target=work)
        sealer.start()
        sealed = max(sealed, _write_at_once(number))
        stop.set()
        sealer.join()
        seals.seal()
    return {"bare": bare, "sealed": sealed}


def long_chain(events: int) -> dict[str, float]:
    """Return rows a second of the first sealing, of a walk, and of one more batch."""
    from django.db import connection

    from audit import seals
    from audit.verification import verify

    with connection.cursor() as cursor:
        cursor.execute(MANY, [events, events])
        cursor.execute("VACUUM ANALYZE audit_event")
    first = _timed(lambda: events, seals.seal)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_seal")
        cursor.execute(MANY, [BATCH, BATCH])
    batch = _timed(lambda: BATCH, seals.seal)
    total = seals.last_end().pos
    walk = _timed(lambda: total, lambda: _require(verify().good))
    return {"events": total, "first": first, "batch": batch, "walk": walk}


def _require(good: bool) -> None:  # noqa: FBT001
    if not good:
        raise RuntimeError("The chain is broken.")


def _timed(number: Callable[[], int], work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return number() / (time.perf_counter() - began)


def _write_at_once(number: int) -> float:
    """Return events a second of many writers, each event a transaction."""
    import psycopg2
    from django.db import connection

    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    links = [psycopg2.connect(**parameters) for _ in range(WRITERS)]
    share = number // WRITERS

    def work(link: Any) -> None:
        link.autocommit = True
        with link.cursor() as cursor:
            for place in range(share):
                cursor.execute(ONE, [str(place)])

    workers = [threading.Thread(target=work, args=[link]) for link in links]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    for link in links:
        link.close()
    return share * WRITERS / seconds

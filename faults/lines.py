"""Bad lines between a phone and the server: slow, narrow, or cut at a certain byte."""

import socket
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.deployment import Deployment
from faults.journal import Journal
from faults.phones import ACCEPTED, KNOWN, RESET_AT_CLOSE, raw_post, told
from jinchang_care import serving

# AV-22: each way takes two seconds, and five thousand bytes go in one.
SLOW, NARROW = 2.0, 5_000
PATIENCE = 60.0
CHUNK = 512
TRIES = 20


@dataclass(frozen=True)
class Line:
    """What a line is like; bytes are counted from the first of each direction."""

    delay: float = 0.0
    bytes_a_second: float | None = None
    request_ends_at: int | None = None
    answer_ends_at: int | None = None


def bad_lines(
    deployment: Deployment, cadres: Sequence[Any], journals: Path, *, step: int
) -> dict[str, Any]:
    """Tell one visit over each bad line, and again over a good one until it is known.

    Each goes into the journals, so that it is looked for like all others.
    """
    journal, port = Journal(journals / "lines.jsonl"), deployment.port
    with closing(journal):
        begun = time.monotonic()
        with ThreadPoolExecutor(8) as phones:
            slow = Line(delay=SLOW, bytes_a_second=NARROW)
            answers = list(
                phones.map(lambda one: _tell(one, port, journal, slow), cadres[:8])
            )
        longest = time.monotonic() - begun
        before = len(deployment.running("backend"))
        request, answer = _lengths(cadres[0], port, journal)
        cuts = [Line(request_ends_at=at) for at in range(0, request, step)]
        cuts += [Line(answer_ends_at=at) for at in range(0, answer, step)]
        known = sum(
            _tell(cadres[number % len(cadres)], port, journal, line)
            for number, line in enumerate(cuts)
        )
    after = len(deployment.running("backend"))
    words = (
        f"单程 {SLOW:.0f} 秒、每秒 {NARROW} 字节:{sum(answers)} 次都在"
        f" {longest:.1f} 秒内存下;在请求的 {request} 个字节和回答的 {answer} 个字节上"
        f"每隔 {step} 个断一次,共 {len(cuts)} 次,重试后存下 {known} 次;"
        f"数据库连接之前 {before} 个,之后 {after} 个。"
    )
    # A client that is cut off leaves no connection behind.
    met = all(answers) and known == len(cuts) and after <= serving.lines_needed()
    return {"cuts": len(cuts), "known": known, "words": words, "met": met}


def tell_well(cadre: Any, port: int, journal: Journal) -> bool:
    """Tell one visit over a good line."""
    return _tell(cadre, port, journal, Line())


def _tell(cadre: Any, port: int, journal: Journal, line: Line) -> bool:
    """Tell a visit over the line, then again over a good one until it is known."""
    key, request = _visit(cadre, port, journal)
    with _through(port, line) as bad:
        status = _status(request, bad)
    for _ in range(TRIES):
        if status in (ACCEPTED, KNOWN):
            journal.note("kept", id=key)
            return True
        status = _status(request, port)
    return False


def _visit(cadre: Any, port: int, journal: Journal) -> tuple[str, bytes]:
    key, words = str(uuid.uuid4()), f"线路不好时的探访 {time.monotonic_ns():020}"
    journal.note("asked", id=key, words=words)
    return key, raw_post(cadre, told(key, words), port)


def _lengths(cadre: Any, port: int, journal: Journal) -> tuple[int, int]:
    """Return how long the request of a visit is, and the answer to it."""
    for _ in range(TRIES):
        _, request = _visit(cadre, port, journal)
        with suppress(OSError):
            if answer := _answer(request, port):
                return len(request), len(answer)
    raise RuntimeError("No visit is answered over a good line.")


def _status(request: bytes, port: int) -> int:
    """Return the status of a whole answer, or 0."""
    with suppress(OSError, ValueError, IndexError):
        head, whole, _ = _answer(request, port).partition(b"\r\n\r\n")
        return int(head.split()[1]) if whole else 0
    return 0


def _answer(request: bytes, port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(request)
        parts = iter(lambda: line.recv(CHUNK), b"")
        return b"".join(parts)


@contextmanager
def _through(port: int, line: Line) -> Iterator[int]:
    """Have a proxy to the port for one request, and give its own port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        carrier = threading.Thread(target=_carry, args=[door, port, line], daemon=True)
        carrier.start()
        yield door.getsockname()[1]
        carrier.join(timeout=PATIENCE)


def _carry(door: socket.socket, port: int, line: Line) -> None:
    phone, _ = door.accept()
    server = socket.create_connection(("127.0.0.1", port), PATIENCE)
    ways = [
        (phone, server, line.request_ends_at),
        (server, phone, line.answer_ends_at),
    ]
    pumps = [
        threading.Thread(target=_pump, args=[*way, line], daemon=True) for way in ways
    ]
    for pump in pumps:
        pump.start()
    for pump in pumps:
        pump.join(timeout=PATIENCE)
    for end in (phone, server):
        end.close()


def _pump(
    source: socket.socket, sink: socket.socket, ends_at: int | None, line: Line
) -> None:
    """Pass on what comes, as slowly as the line is, until it ends or is cut."""
    left, delay = ends_at, line.delay
    with suppress(OSError):
        while left is None or left > 0:
            some = source.recv(CHUNK if left is None else min(CHUNK, left))
            if not some:
                sink.shutdown(socket.SHUT_WR)
                return
            # The first bytes are on their way for so long; the rest follows them.
            time.sleep(delay)
            delay = 0.0
            if line.bytes_a_second:
                time.sleep(len(some) / line.bytes_a_second)
            sink.sendall(some)
            left = None if left is None else left - len(some)
        for end in (source, sink):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
            # Frees who reads here; the reset itself is sent when the line is closed.
            end.shutdown(socket.SHUT_RD)

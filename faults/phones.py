"""Phones that send visits without pause, each again until it is answered."""

import http.client
import random
import socket
import struct
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.visits import POLICIES, TOKEN
from common.encryption import UNREADABLE
from faults.journal import Journal

PATIENCE = 20.0
# Stored now, and stored before under the same id; in trouble, and to be asked again.
ACCEPTED, KNOWN, UNAVAILABLE = 302, 200, 503
HOME = "/visits/home/"
# Of a hundred posts: cut off in the middle first; given up after the first failure.
TORN, FORGOTTEN = 0.08, 0.15
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Heard:
    """What all the phones heard, for the nemesis and for the tally."""

    statuses: Counter[str] = field(default_factory=Counter)
    # When an accepted post was begun, when it was answered.
    accepted: list[tuple[float, float]] = field(default_factory=list)
    # The same of those that were sent away.
    refused: list[tuple[float, float]] = field(default_factory=list)
    unplain: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, status: str) -> None:
        with self.lock:
            self.statuses[status] += 1

    def accept(self, begun: float) -> None:
        with self.lock:
            self.accepted.append((begun, time.monotonic()))

    def refuse(self, begun: float) -> None:
        with self.lock:
            self.refused.append((begun, time.monotonic()))

    def served_since(self, moment: float) -> float | None:
        """Return when a post begun after the moment was first accepted."""
        with self.lock:
            # In the order of the answers: those before the moment end the search.
            recent = takewhile(lambda one: one[1] > moment, reversed(self.accepted))
            return min((end for begun, end in recent if begun > moment), default=None)

    def slowest(self, since: float, until: float) -> float:
        """Return the longest wait among the posts begun in this span."""
        with self.lock:
            waits = [e - b for b, e in self.accepted if since <= b < until]
        return max(waits, default=0.0)

    def longest_refusal(self, since: float, until: float) -> float:
        """Return after how long the last of those sent away heard so, at the most."""
        with self.lock:
            waits = [e - b for b, e in self.refused if since <= b < until]
        return max(waits, default=0.0)


class Phone(threading.Thread):
    """One cadre's phone: a visit, then a look at the home page, and so on."""

    def __init__(
        self,
        cadres: Sequence[dict[str, str]],
        *,
        port: int,
        folder: Path,
        number: int,
        seed: int,
        pause: float,
        heard: Heard,
    ) -> None:
        super().__init__(name=f"phone {number}", daemon=True)
        self.cadres, self.port, self.pause, self.heard = cadres, port, pause, heard
        self.chance = random.Random(f"{seed} phone {number}")
        self.journal = Journal(folder / f"phone{number:02}.jsonl")
        self.over = threading.Event()
        self.line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.over.is_set():
            cadre = self.chance.choice(self.cadres)
            self._tell(cadre)
            if self.chance.random() < 0.5:
                self._ask("GET", HOME, cadre)
            self.over.wait(self.chance.uniform(0.5, 1.5) * self.pause)
        self.journal.close()

    def _tell(self, cadre: dict[str, str]) -> None:
        key = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        words = f"探访记录 {self.chance.randrange(10**9):09} 老人身体平稳"
        self.journal.note("asked", id=key, words=words)
        form = told(key, words)
        if self.chance.random() < TORN:
            self._tear(cadre, form)
        steadfast = self.chance.random() >= FORGOTTEN
        until = time.monotonic() + PATIENCE
        while True:
            begun = time.monotonic()
            status = self._ask("POST", cadre["address"], cadre, form)
            if status in (ACCEPTED, KNOWN):
                self.journal.note("kept", id=key)
                self.heard.accept(begun)
                return
            late = time.monotonic() > until and self.over.is_set()
            if late or not steadfast or status not in (0, UNAVAILABLE):
                return
            time.sleep(0.25)

    def _ask(
        self, method: str, address: str, cadre: dict[str, str], form: str | None = None
    ) -> int:
        """Return the status of the answer, or 0 when there was none."""
        headers = {"Cookie": cadre["cookie"]}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.monotonic()
        try:
            if self.line is None:
                self.line = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=PATIENCE
                )
            self.line.request(method, address, form, headers)
            answer = self.line.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            if self.line is not None:
                self.line.close()
            self.line = None
            self.heard.count("no answer")
            return 0
        self.heard.count(f"{method} {answer.status}")
        if answer.status == ACCEPTED and answer.headers["Location"] != HOME:
            # Sent to sign in again: that is no acknowledgement.
            self.heard.unplain.append(f"302 {answer.headers['Location']}")
            return -1
        page = body.decode(errors="replace")
        if answer.status == UNAVAILABLE:
            self.heard.refuse(begun)
            self._look_at(answer, page)
        if UNREADABLE in page:
            self.heard.unplain.append(UNREADABLE)
        return answer.status

    def _look_at(self, answer: http.client.HTTPResponse, page: str) -> None:
        """A page that says what is the matter, in Chinese, and when to come again."""
        if "系统暂时忙不过来" not in page or not answer.headers["Retry-After"]:
            self.heard.unplain.append(page[:200])

    def _tear(self, cadre: dict[str, str], form: str) -> None:
        """Send it and be cut off: at some byte of it, or before the answer is read."""
        request = raw_post(cadre, form, self.port)
        sent = self.chance.choice([len(request), self.chance.randrange(len(request))])
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
                line.sendall(request[:sent])
                self.over.wait(self.chance.uniform(0, 0.05))
        except OSError:
            pass
        self.heard.count("torn")


def told(key: str, words: str) -> str:
    """Return the form of a visit of today: seven policies, one deed, these words."""
    return urlencode(
        {
            "csrfmiddlewaretoken": TOKEN,
            "client_id": key,
            "way": "HOME",
            "when": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600)),
            "words": words,
            "need_urgency": "normal",
            "need_kind": "other",
            "count_deed": "1",
            **{f"policy_{policy}": "enjoyed" for policy in POLICIES},
        }
    )


def raw_post(cadre: dict[str, str], form: str, port: int) -> bytes:
    """Return the bytes that tell it, on a line of its own."""
    return (
        f"POST {cadre['address']} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {cadre['cookie']}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n{form}"
    ).encode()

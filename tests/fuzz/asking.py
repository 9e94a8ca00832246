"""Sends one odd request, and says what was wrong with the answer."""

import copy
import html
import logging
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

SECONDS = 5.0
# Words of our insides: none of them has any business in an answer.
INSIDES = (
    *("Traceback (most recent", "psycopg2", "django.db", "django.core", 'File "/'),
    *("DoesNotExist", "IntegrityError", 'relation "', "INSERT INTO", 'SELECT "'),
    *("site-packages", 'recipients_recipient"', " object at 0x", "MultiValueDict"),
)
ANSWERS = {200, 204, 286, 302, 303, 304, 400, 403, 404, 405, 409, 413, 414, 422, 429}
Pairs = Sequence[tuple[str, str]]


@dataclass
class Asked:
    """What was asked, with what, and all that was wrong with the answers."""

    count: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def encoded(pairs: Pairs) -> str:
    """Write the pairs as a browser would, half characters and all."""
    return "&".join(
        f"{quote_plus(name.encode('utf-8', 'surrogatepass'))}"
        f"={quote_plus(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in pairs
    )


def ask(
    client: Client,
    asked: Asked,
    *,
    method: str,
    url: str,
    pairs: Pairs = (),
    typed: Mapping[str, str] | None = None,
    content: bytes | None = None,
    content_type: str = "application/x-www-form-urlencoded",
) -> None:
    """Send it inside a transaction that is rolled back, and judge the answer.

    ``typed`` are the words a person would miss if a refused form came back
    without them.
    """
    words = encoded(pairs)
    body = content if content is not None else words.encode("ascii")
    target = f"{url}?{words}" if method == "GET" and words else url
    faults: list[str] = []
    begun = time.monotonic()
    with undone(client), _hearing(faults):
        if method == "GET":
            answer = client.get(target)
        else:
            answer = client.generic("POST", url, body, content_type)
        told = b"" if answer.streaming else answer.content
        let_go(answer)
    seconds = time.monotonic() - begun
    asked.count += 1
    asked.statuses[answer.status_code] = asked.statuses.get(answer.status_code, 0) + 1
    notes = faults + _notes(answer.status_code, told, seconds, typed or {})
    if notes:
        sent = words if len(words) < 300 else f"{words[:300]}… ({len(words)})"
        asked.wrong.append(f"{method} {url} {sent}: {'; '.join(notes)}")


def let_go(answer: Any) -> None:
    """Close the files of an answer; its close() would tell Django that all is over."""
    for close in answer._resource_closers:
        close()


def _notes(
    status: int, told: bytes, seconds: float, typed: Mapping[str, str]
) -> list[str]:
    notes = [] if status in ANSWERS else [f"status {status}"]
    if seconds > SECONDS:
        notes.append(f"{seconds:.1f} s")
    text = told.decode("utf-8", "replace")
    notes += [f"tells {words}" for words in INSIDES if words in text]
    if status == 422:
        notes += [
            f"lost what was typed in {name}"
            for name, value in typed.items()
            if _can_come_back(value) and not _came_back(value, text)
        ]
    return notes


def _can_come_back(value: str) -> bool:
    """Say whether the words can be written in a page at all."""
    return bool(value.strip()) and value.isprintable() and len(value) < 1000


def _came_back(value: str, text: str) -> bool:
    return html.escape(value.strip()) in text


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Take back whatever is done inside the block.

    The way out ends the session; whoever is asking stays in.
    """
    kept = copy.copy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = kept


@contextmanager
def _hearing(faults: list[str]) -> Iterator[None]:
    """Write down the kind of fault behind a 500."""

    def hear(sender: object, **told: object) -> None:
        kind, fault, trace = sys.exc_info()
        place = traceback.extract_tb(trace)[-1] if trace else None
        name = kind.__name__ if kind else "?"
        faults.append(f"{name} {str(fault)[:120]} in {place and place.filename}")

    got_request_exception.connect(hear)
    try:
        with quiet():
            yield
    finally:
        got_request_exception.disconnect(hear)


@contextmanager
def quiet() -> Iterator[None]:
    """Let no refused request write a line of its own."""
    log = logging.getLogger("django.request")
    was, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was

"""What the keeper and its children say: one line each, with a name before it."""

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

COLOURS = {
    "postgres": 36,
    "valkey": 35,
    "web": 32,
    "worker": 33,
    "beat": 34,
    "keeper": 37,
}
_speaking = threading.Lock()


def say(name: str, line: str) -> None:
    """Put one line on the screen, prefixed, in the speaker's colour on a terminal."""
    prefix = f"{name:<8} |"
    if sys.stdout.isatty():
        prefix = f"\x1b[{COLOURS.get(name, 37)}m{prefix}\x1b[0m"
    announce(f"{prefix} {line}")


def announce(line: str) -> None:
    """Put one line on the screen as it is; a screen that has gone stops nobody."""
    with _speaking:
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except OSError:
            return


def repeat(name: str, source: IO[bytes]) -> threading.Thread:
    """Say every line that comes from the source until it ends."""

    def listen() -> None:
        with source:
            for line in source:
                say(name, line.decode(errors="replace").rstrip())

    thread = threading.Thread(target=listen, name=f"log of {name}", daemon=True)
    thread.start()
    return thread


def note_incident(file: Path, what: str, **details: object) -> None:
    """Add one line to the incident log; the caller sees that nobody is named."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"at": now, "what": what, **details}, ensure_ascii=False)
    with file.open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")

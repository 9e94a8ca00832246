"""Ends a web worker that has a request which never ends (gthread's timeout does not).

The threads of a worker cannot be stopped one by one. So the worker is asked to leave,
its other requests finish, and gunicorn puts a new one in its place.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from jinchang_care import serving
from jinchang_care.keeping.speech import note_incident
from jinchang_care.services.places import Places, ServicesError

LIMIT = float(os.environ.get("REQUEST_SECONDS", "60"))
# A slow telephone may take its time over a large file; the server only waits.
LIMIT_OF_THE_LINE = 15 * LIMIT
GRACE = 5.0
BASE = Path(__file__).resolve().parent.parent

_begun: dict[int, float] = {}


def request_begins(worker: Any, request: Any) -> None:
    if _length_of(request) > serving.LONGEST_BODY:
        # It is refused; were the line kept, all of it would be read for nothing.
        request.force_close()
    _begun[threading.get_ident()] = time.monotonic()


def request_ends(worker: Any, request: Any, environ: Any, response: Any) -> None:
    _begun.pop(threading.get_ident(), None)


def _length_of(request: Any) -> int:
    told = [text for name, text in request.headers if name == "CONTENT-LENGTH"]
    return int(told[0]) if told and told[0].isdigit() else 0


def begin(worker: Any) -> None:
    """Watch over this worker from a thread of its own."""
    threading.Thread(target=_watch, name="watchdog", daemon=True).start()


def _watch() -> None:
    while True:
        time.sleep(min(1.0, LIMIT / 4))
        overdue = _overdue(time.monotonic())
        if overdue:
            for frame, age in overdue:
                # With a full disk there is no note, but the worker leaves.
                with contextlib.suppress(OSError, ServicesError):
                    _note(frame, age)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(GRACE)
            os._exit(1)


def _overdue(now: float) -> list[tuple[FrameType, float]]:
    frames = sys._current_frames()
    found = []
    for thread, since in list(_begun.items()):
        frame, age = frames.get(thread), now - since
        if frame is None:
            # The thread has gone, and its request with it.
            _begun.pop(thread, None)
        elif age > (LIMIT_OF_THE_LINE if _waits_for_the_line(frame) else LIMIT):
            found.append((frame, age))
    return found


def _waits_for_the_line(frame: FrameType) -> bool:
    return "gunicorn" in Path(frame.f_code.co_filename).parts


def _note(frame: FrameType, age: float) -> None:
    """Write where the request stands: files, lines and names, never a value."""
    places = Places.of(Path(os.environ.get("DATA_DIR") or BASE / "var"))
    places.make()
    note_incident(
        places.incidents, "request never ended", seconds=round(age), stack=_stack(frame)
    )


def _stack(frame: FrameType | None) -> list[str]:
    lines = []
    while frame is not None:
        code = frame.f_code
        lines.append(f"{code.co_filename}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return lines

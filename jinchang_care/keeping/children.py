"""One process in the keeper's care: how it is started, watched, restarted, ended."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jinchang_care.keeping.speech import note_incident, repeat, say
from jinchang_care.services.running import end_group

# What is killed again and again must still be back within fifteen seconds.
FIRST_WAIT, LONGEST_WAIT = 0.3, 5.0
SETTLED_AFTER = 10.0
ASK_EVERY = 2.0

# Who is ended first when memory runs out: what holds nothing, and the database last.
GIVES_WAY = {"worker": 500, "web": 300, "beat": 200, "valkey": 100, "postgres": -500}

Start = Callable[[], "subprocess.Popen[bytes]"]


@dataclass(frozen=True)
class Illness:
    """What a living process may have, and how long it may before it is ended."""

    words: str
    has_it: Callable[[int], bool]
    patience: float


class Child:
    """A process that should always be there, and the back-off when it is not."""

    def __init__(
        self,
        name: str,
        start: Start,
        *,
        incidents: Path,
        farewell: signal.Signals = signal.SIGTERM,
        illnesses: Sequence[Illness] = (),
    ) -> None:
        self.name = name
        self.farewell = farewell
        self.process: subprocess.Popen[bytes] | None = None
        self._start = start
        self._incidents = incidents
        self._failures = 0
        self._started_at = 0.0
        self._not_before = 0.0
        for one in illnesses:
            threading.Thread(target=self._watch_for, args=[one], daemon=True).start()

    def start(self) -> None:
        self._started_at = time.monotonic()
        self.process = self._start()
        _give_way(self.process.pid, GIVES_WAY[self.name])
        if self.process.stdout is not None:
            repeat(self.name, self.process.stdout)

    def look_after(self) -> None:
        """Start it again when it has died and has been left in peace long enough."""
        if self.process is not None and self.process.poll() is not None:
            self._mourn(self.process)
        if self.process is None and time.monotonic() >= self._not_before:
            self.start()

    def ask_to_leave(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.farewell)

    def has_left(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def make_leave(self, *, patience: float = 0) -> None:
        """End it and whatever its group has left behind."""
        if self.process is None:
            return
        end_group(self.process.pid, signal.SIGTERM, patience=patience)
        self.process.wait()

    def _watch_for(self, illness: Illness) -> None:
        """End the process when it has been ill for too long; it is then mourned."""
        well_at, process = time.monotonic(), self.process
        while True:
            time.sleep(ASK_EVERY)
            if process is None or process is not self.process:
                well_at, process = time.monotonic(), self.process
            elif not illness.has_it(process.pid):
                well_at = time.monotonic()
            elif time.monotonic() - well_at > illness.patience:
                say("keeper", f"{self.name} {illness.words},重启它")
                note_incident(self._incidents, "ill", child=self.name)
                process.kill()

    def _mourn(self, process: "subprocess.Popen[bytes]") -> None:
        end_group(process.pid, signal.SIGTERM, patience=2)
        if time.monotonic() - self._started_at > SETTLED_AFTER:
            self._failures = 0
        wait = min(FIRST_WAIT * 2**self._failures, LONGEST_WAIT)
        self._failures += 1
        self._not_before = time.monotonic() + wait
        self.process = None
        say("keeper", f"{self.name} 退出({process.returncode}),{wait:.1f} 秒后重启")
        note_incident(
            self._incidents, "death", child=self.name, code=process.returncode
        )


def _give_way(process: int, score: int) -> None:
    """Tell the system's killer; only who may is allowed to shield (a score below 0)."""
    with suppress(OSError):
        Path(f"/proc/{process}/oom_score_adj").write_text(str(score))

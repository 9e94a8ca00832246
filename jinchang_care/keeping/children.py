"""One process in the keeper's care: how it is started, watched, restarted, ended."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from jinchang_care.keeping.speech import note_incident, repeat, say
from jinchang_care.services.running import end_group

# What is killed again and again must still be back within fifteen seconds.
FIRST_WAIT, LONGEST_WAIT = 0.3, 5.0
SETTLED_AFTER = 10.0

Start = Callable[[], "subprocess.Popen[bytes]"]


class Child:
    """A process that should always be there, and the back-off when it is not."""

    def __init__(
        self,
        name: str,
        start: Start,
        *,
        incidents: Path,
        farewell: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.farewell = farewell
        self.process: subprocess.Popen[bytes] | None = None
        self._start = start
        self._incidents = incidents
        self._failures = 0
        self._started_at = 0.0
        self._not_before = 0.0

    def start(self) -> None:
        self._started_at = time.monotonic()
        self.process = self._start()
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

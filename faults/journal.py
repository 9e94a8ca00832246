"""What a phone knows for certain: written down and on the disk before it goes on."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """Lines in a file, each on the disk before the phone's next step."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._writing = threading.Lock()

    def note(self, what: str, **facts: Any) -> None:
        line = json.dumps({"what": what, **facts}, ensure_ascii=False)
        with self._writing:
            self._file.write(f"{line}\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every line of all the journals in the folder."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)

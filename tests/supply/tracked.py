"""The files that are in the repository, and the modules of the product."""

import subprocess
from functools import cache
from pathlib import Path

from scripts.packages import BASE

PRODUCT = (
    *("audit", "backups", "cadres", "casework", "common", "intake", "jinchang_care"),
    *("jobs", "policies", "recipients", "reports", "rosters", "visits"),
)


@cache
def tracked() -> tuple[Path, ...]:
    """Return every tracked file, or every file where there is no git to ask."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=BASE,
        capture_output=True,
        check=False,
    )
    if said.returncode:
        ours = [*PRODUCT, "docs", "scripts", "static", "templates", "tests"]
        found = [path for name in ours for path in (BASE / name).rglob("*")]
        found += BASE.glob("*")
    else:
        names = said.stdout.decode().rstrip("\0").split("\0")
        found = [BASE / name for name in names]
    return tuple(path for path in found if path.is_file())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return (name, text) of every tracked file that is text."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            name = str(path.relative_to(BASE))
            found.append((name, content.decode(errors="replace")))
    return tuple(found)


def modules(*folders: str) -> list[Path]:
    """Return the Python files of some folders that are in the repository."""
    wanted = {BASE / folder for folder in folders}
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and wanted & set(path.parents)
    ]

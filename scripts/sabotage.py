"""Take away the product's guards one by one, and see that a named test finds each.

Works in a copy that is thrown away; a seed is not needed, all are tried.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "sabotages.toml"
# What pytest answers when a test failed; anything else means that none was run.
FAILED = 1
PATIENCE = 900
# A test that was cut short leaves the servers that it started.
STOP = "from jinchang_care import local as l; import pathlib as p; "
STOP += "l.stop_services(p.Path('var/test'))"


def main(words: list[str]) -> int:
    """Try all, or those whose description has one of these words in it."""
    sabotages = [
        one
        for one in tomllib.loads(LIST.read_text())["sabotage"]
        if not words or any(word in one["what"] for word in words)
    ]
    with tempfile.TemporaryDirectory(prefix="jc-sabotage-") as folder:
        copy = Path(folder)
        copy.chmod(0o711)
        _copy_to(copy)
        missed = [one["what"] for one in sabotages if not _is_found(one, copy)]
        subprocess.run([sys.executable, "-c", STOP], cwd=copy, check=False)
    print(f"{len(sabotages) - len(missed)} / {len(sabotages)}")
    return 1 if missed else 0


def _copy_to(copy: Path) -> None:
    left = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=left, dirs_exist_ok=True)


def _is_found(sabotage: dict[str, str], copy: Path) -> bool:
    """Spoil the copy, run the test, and mend the copy again."""
    spoilt = copy / sabotage["file"]
    whole = spoilt.read_text()
    spoilt.write_text(whole.replace(sabotage["was"], sabotage["now"], 1))
    try:
        answer = _run(sabotage["test"], copy)
    finally:
        spoilt.write_text(whole)
    found = answer == FAILED
    print(f"{'found ' if found else 'MISSED'} {sabotage['what']}", flush=True)
    return found


def _run(test: str, copy: Path) -> int:
    files, _, chosen = test.partition(" -k ")
    narrow = ["-k", chosen] if chosen else []
    try:
        return _pytest([*files.split(), *narrow], copy)
    except subprocess.TimeoutExpired:
        return -1


def _pytest(words: list[str], copy: Path) -> int:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", *words),
            *("-q", "-x", "-n", "0", "-p", "no:randomly", "--reuse-db"),
        ],
        cwd=copy,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

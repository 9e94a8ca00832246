"""Runs every static check, and the tests beside them, and says what failed."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent

CHECKS: dict[str, list[str | Path]] = {
    "ruff check": [PROGRAMS / "ruff", "check", "."],
    "ruff format": [PROGRAMS / "ruff", "format", "--check", "."],
    "lint-imports": [PROGRAMS / "lint-imports"],
    "djlint": [PROGRAMS / "djlint", "--lint", "--quiet", "templates"],
    "makemigrations": [
        *(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
    ],
    "mypy": [PROGRAMS / "mypy", "."],
}
TESTS = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal"]
CLOSING_LINE = re.compile(r"^(?:=+ )?(?:\d+ \w+(?:, )?)+ in [\d.]+s")
SURROUNDINGS = os.environ | {
    # The checks that need a database use the tests' own, never the person's.
    "DATA_DIR": str(BASE / "var" / "test"),
    "PYTHONUNBUFFERED": "1",
}


class Check(threading.Thread):
    """One static check, run to its end with its words kept."""

    def __init__(self, name: str, command: list[str | Path]) -> None:
        super().__init__(name=name)
        self.command = [str(part) for part in command]
        self.words = ""
        self.failed = True
        self.seconds = 0.0

    def run(self) -> None:
        begun = time.monotonic()
        with tempfile.TemporaryFile("w+") as words:
            done = subprocess.run(
                self.command,
                cwd=BASE,
                env=SURROUNDINGS,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                check=False,
            )
            words.seek(0)
            self.words = words.read()
        self.failed = done.returncode != 0
        self.seconds = time.monotonic() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="the tests as well")
    arguments, rest = parser.parse_known_args()
    checks = [Check(name, command) for name, command in CHECKS.items()]
    line = threading.Thread(target=_run_one_by_one, args=[checks])
    line.start()
    tests, closing = 0, ""
    if arguments.tests:
        tests, closing = _run_tests(rest)
    line.join()
    failed = _report(checks)
    if arguments.tests:
        print(closing, flush=True)
    return 1 if failed or tests else 0


def _run_one_by_one(checks: list[Check]) -> None:
    # The tests have the other cores; six checks at once would only slow them.
    for check in checks:
        check.start()
        check.join()


def _run_tests(rest: list[str]) -> tuple[int, str]:
    """Pass pytest's words on as they come, but keep its closing line for the end."""
    tests = subprocess.Popen(
        [*TESTS, *rest],
        cwd=BASE,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PY_COLORS": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert tests.stdout is not None
    closing = ""
    for line in tests.stdout:
        if CLOSING_LINE.match(line):
            closing = line.rstrip("\n")
        else:
            print(line, end="", flush=True)
    code = tests.wait()
    if not closing:
        closing = "没有运行任何测试。"
        code = code or 1
    return code, closing


def _report(checks: list[Check]) -> bool:
    failed = [check for check in checks if check.failed]
    for check in failed:
        print(f"\n── {check.name} ──\n{check.words.rstrip()}")
    print()
    for check in checks:
        verdict = "未通过" if check.failed else "通过"
        print(f"{verdict}  {check.name}({check.seconds:.0f} 秒)")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Brings a fresh checkout to where it can run: environment, packages, front end.

Runs on a bare Python 3.11. Each step leaves a stamp made from what it was made of, so
that an interrupted set-up goes on where it stopped and a second one has nothing to do.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with tests and checks")
    arguments = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        return _refuse(f"需要 Python 3.11,现在是 {sys.version.split()[0]}。")
    try:
        _set_up(dev=arguments.dev)
    except subprocess.CalledProcessError as error:
        command = " ".join(str(part) for part in error.cmd[:5])
        return _refuse(f"没有成功:{command} …\n改正后再运行同一命令,会从这一步接着做。")
    except KeyboardInterrupt:
        return _refuse("\n已中断。再运行同一命令会接着做。")
    return 0


def _set_up(*, dev: bool) -> None:
    steps = 4 if dev else 3
    _say(1, steps, "Python 环境 .venv")
    _make_environment()
    _say(2, steps, "运行所需的软件包")
    _install("requirements.txt")
    if dev:
        _say(3, steps, "测试和检查所需的软件包")
        _install("requirements-dev.txt")
    _say(steps, steps, "页面所需的文件")
    _run([PYTHON, BASE / "scripts" / "front_end.py"])


def _make_environment() -> None:
    """Make the environment, or make it anew when it is half made or has moved."""
    stamp = STAMPS / "environment"
    if stamp.exists() and stamp.read_text() == str(VENV) and _works():
        return
    # A whole one that came about in another way is taken over as it is.
    if not _works():
        _run([sys.executable, "-m", "venv", "--clear", VENV])
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(str(VENV))


def _works() -> bool:
    pip = VENV / "bin" / "pip"
    if not PYTHON.exists() or not pip.exists():
        return False
    # A moved environment still starts, but its programs name the old place.
    if str(VENV) not in pip.read_text(errors="replace").split("\n", 3)[0]:
        return False
    trial = [str(PYTHON), "-c", "import pip"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def _install(lock: str) -> None:
    file = BASE / lock
    stamp = STAMPS / lock
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    _run([*pip, "--no-warn-script-location", "--require-hashes", "-r", file])
    stamp.write_text(digest)


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run([str(part) for part in command], cwd=BASE, check=True)


def _say(step: int, steps: int, what: str) -> None:
    now = time.strftime("%H:%M:%S")
    sys.stdout.write(f"[{step}/{steps}] {now} {what}\n")
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    # What a person's own settings put into every Python does not belong in this one.
    os.environ.pop("PYTHONHOME", None)
    os.environ.pop("PYTHONPATH", None)
    sys.exit(main())

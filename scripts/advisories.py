"""Asks whether a locked package is known to be unsafe, and how old the answer is.

The advisories come by pip-audit. Where its service cannot be reached, those of the last
time count, and their age is told; where there are none, that is told, loudly.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.packages import BASE, DEV, RUN, Package, locked, plain

KEPT = BASE / "var" / "advisories.json"
PROGRAMS = Path(sys.executable).parent
OLD_AFTER_DAYS = 7
SAFE, UNSAFE, UNKNOWN = 0, 1, 2


@dataclass
class Known:
    """What is known of packages: advisories by ``name==version``, as of a moment."""

    at: str = ""
    asked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def days_old(self) -> int:
        return (datetime.now(UTC) - datetime.fromisoformat(self.at)).days


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("locks", nargs="*", default=[RUN, DEV])
    parser.add_argument("--kept", type=Path, default=KEPT, help="上次的漏洞数据")
    arguments = parser.parse_args()
    packages = sorted({one for lock in arguments.locks for one in locked(lock)})
    fresh = ask(arguments.locks)
    known = remembered(arguments.kept)
    if fresh.asked:
        known = fresh
        arguments.kept.parent.mkdir(parents=True, exist_ok=True)
        arguments.kept.write_text(json.dumps(vars(known)), encoding="utf-8")
    else:
        print("没有连上漏洞数据服务,这次没有取到新的数据。")
    return judge(packages, known)


def ask(locks: list[str]) -> Known:
    """Ask pip-audit; nothing comes back when it could not ask about a single one."""
    options = ["--require-hashes", "--disable-pip", "--no-deps", "--format=json"]
    requirements = [part for lock in locks for part in ("-r", str(BASE / lock))]
    try:
        done = subprocess.run(
            [PROGRAMS / "pip-audit", *requirements, *options, "--progress-spinner=off"],
            cwd=BASE,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError, subprocess.TimeoutExpired):
        return Known()
    return answered(said)


def answered(said: list[dict[str, Any]]) -> Known:
    """Return what was answered; a package that was skipped was not looked at."""
    asked = {
        f"{plain(one['name'])}=={one['version']}": one["vulns"]
        for one in said
        if "vulns" in one
    }
    return Known(datetime.now(UTC).isoformat(timespec="seconds"), asked)


def remembered(file: Path) -> Known:
    try:
        return Known(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Known()


def judge(packages: list[Package], known: Known) -> int:
    """Print what is unsafe, what is not known, and how old the answer is."""
    if not known.asked:
        print(
            f"没有可用的漏洞数据,{len(packages)} 个软件包都没有查过。请联网后再运行。"
        )
        return UNKNOWN
    age = known.days_old
    print(f"漏洞数据取于 {known.at}({age} 天前)。")
    if age > OLD_AFTER_DAYS:
        print(f"数据已超过 {OLD_AFTER_DAYS} 天,请尽快联网再查。")
    unknown, unsafe = [], 0
    for package in packages:
        found = known.asked.get(f"{package.name}=={package.version}")
        if found is None:
            unknown.append(package.name)
        for one in found or []:
            unsafe += 1
            mended = "、".join(one.get("fix_versions", [])) or "尚无"
            print(f"{package.name} {package.version}:{one['id']},修复版本 {mended}")
    if unknown:
        print(f"有 {len(unknown)} 个没有查到:{'、'.join(unknown)}")
    print(f"共 {len(packages)} 个软件包,发现 {unsafe} 个已知漏洞。")
    if unsafe:
        return UNSAFE
    return UNKNOWN if unknown else SAFE


if __name__ == "__main__":
    sys.exit(main())

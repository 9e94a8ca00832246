"""Runs the faults from a seed, prints what became of every visit, and keeps it."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from faults import (
    hangs,
    hardships,
    ill_disk,
    lines,
    memory,
    own_files,
    power,
    proxy,
    slowness,
    starts,
    together,
)
from faults.arguments import APART, chosen_by_hand
from faults.checking import Tally, check, lost_of
from faults.crowd import all_sign_in
from faults.deployment import BASE, PEOPLE, Deployment
from faults.hardships import Hardship
from faults.journal import Journal
from faults.keys import keys_change
from faults.nemesis import Kill, Nemesis, is_done
from faults.phones import Heard, Phone
from faults.report import table

HARDSHIPS = (
    *(hardships.broker_hangs, hangs.broker_full, hangs.broker_slow),
    *(hardships.no_connections, hangs.database_hangs, hangs.database_hangs_for_good),
)
LIMIT = 15.0
DISK_MB = 700


def main() -> int:
    chosen = chosen_by_hand()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Leave by the ordinary way out, so that what was started is stopped.
        signal.signal(number, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder: Path = chosen.data_dir.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "journals").mkdir(parents=True)
    folder.chmod(0o711)
    found: dict[str, Any] = {"seed": chosen.seed, "parts": {}}
    found |= {"began": time.strftime("%Y-%m-%d %H:%M"), "load_before": os.getloadavg()}
    if chosen.part in ("all", "kills"):
        found["parts"] |= _kills(chosen, folder)
    if chosen.part == "all":
        for part in APART:
            found["parts"] |= _in_a_child(part, chosen, folder)
    if chosen.part == "starts":
        found["parts"] |= _starts(chosen, folder)
    if chosen.part in APART:
        run = dict(zip(APART, (_disk, _ill_disk, _files, _together), strict=True))
        found["parts"] |= run[chosen.part](chosen, folder)
    found["load_after"] = os.getloadavg()
    found["met"] = all(part["met"] for part in found["parts"].values())
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(found, ensure_ascii=False, indent=1))
    print(table(found), flush=True)
    if found["met"]:
        # What went wrong is kept to be looked at; what went well is not.
        shutil.rmtree(folder / "data", ignore_errors=True)
    return 0 if found["met"] else 1


def _kills(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    deployment = Deployment(folder / "data")
    journals = folder / "journals"
    with _running(deployment, chosen, journals) as (heard, phones):
        nemesis = Nemesis(
            deployment,
            heard,
            seed=chosen.seed,
            journal=Journal(folder / "nemesis.jsonl"),
            say=_say,
        )
        kills = nemesis.rage(chosen.kills)
        parts: dict[str, Any] = {}
        for hard in HARDSHIPS:
            one = hard(deployment, heard, chosen.lasts)
            _say(f"{one.name}:{one.back:.1f} 秒恢复 {one.words}")
            parts[one.name] = asdict(one)
        parts["线路不好"] = lines.bad_lines(
            deployment, phones[0].cadres, journals, step=chosen.cut_every
        )
        _say(f"线路不好:{parts['线路不好']['words']}")
        if proxy.is_here():
            slow = chosen.slow
            one = slowness.slow_clients(deployment, heard, chosen.lasts, people=slow)
            _say(f"{one.name}:{one.words}")
            parts[one.name] = asdict(one)
        else:
            _say("没有 nginx:慢客户端没有试。")
        _hang_up()
        one = all_sign_in(deployment, heard, people=chosen.crowd)
        _say(f"{one.name}:{one.words}")
        parts[one.name] = asdict(one)
        one = keys_change(deployment, heard, kills=chosen.key_kills, seed=chosen.seed)
        _say(f"{one.name}:{one.words}")
        parts[one.name] = asdict(one)
        if chosen.watch:
            parts["内存"] = memory.watch(deployment, chosen.watch * 60)
            _say(f"内存:{parts['内存']['words']}")
        parts["断电"] = power.cut(deployment, journals, copies=chosen.copies)
        _say(f"断电:{parts['断电']['words']}")
        _hush(phones)
        undone = sum(not is_done(job) for job in nemesis.owed)
        parts["反复启停"] = starts.start_and_stop(
            deployment, phones[0].cadres, journals, times=chosen.starts
        )
        _say(f"反复启停:{parts['反复启停']['words']}")
        parts |= {"走访": _of_visits(check(journals), heard)}
        parts["时钟跳变"] = hardships.clock_jumps()
    return {"击杀": _of_kills(kills, undone)} | parts


def _starts(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    deployment, journals = Deployment(folder / "data"), folder / "journals"
    with _running(deployment, chosen, journals) as (heard, phones):
        _hush(phones)
        one = starts.start_and_stop(
            deployment, phones[0].cadres, journals, times=chosen.starts
        )
        return {"反复启停": one, "走访": _of_visits(check(journals), heard)}


def _hang_up() -> None:
    """Our own line to the database may be among those that were dropped."""
    from django.db import connection

    connection.close()


def _disk(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    small = folder / "small"
    if not hardships.tmpfs(small, DISK_MB):
        return {"磁盘写满": {"met": True, "words": "本机不许挂载小磁盘,没有做"}}
    try:
        deployment = Deployment(small)
        with _running(deployment, chosen, folder / "journals") as (heard, phones):
            one: Hardship = hardships.disk_full(deployment, heard, chosen.lasts)
            _hush(phones)
            visits = _of_visits(check(folder / "journals"), heard)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)
    return {one.name: asdict(one), "写满后的走访": visits}


def _ill_disk(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    deployment = Deployment(folder / "data", keeper="faults.ill_disk")
    deployment.places.make()
    if not ill_disk.build(deployment.places.root):
        return {"磁盘很慢": {"met": True, "words": "本机没有 C 编译器,没有做"}}
    parts: dict[str, Any] = {}
    with _running(deployment, chosen, folder / "journals") as (heard, phones):
        for hard in (ill_disk.slow, ill_disk.broken):
            one = hard(deployment, heard, chosen.lasts)
            _say(f"{one.name}:{one.back:.1f} 秒恢复")
            parts[one.name] = asdict(one)
        _hang_up()
        _hush(phones)
        parts["坏磁盘后的走访"] = _of_visits(check(folder / "journals"), heard)
    return parts


def _files(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    deployment = Deployment(folder / "data", keeper="faults.own_files")
    deployment.places.make()
    if not ill_disk.build(deployment.places.root):
        return {"自己的文件": {"met": True, "words": "本机没有 C 编译器,没有做"}}
    together.without_second_step()
    try:
        deployment.start()
        cadres = deployment.populate()
        one = own_files.keep_on_an_ill_disk(deployment, cadres)
    finally:
        deployment.stop()
    _say(f"自己的文件:{one['words']}")
    return {"自己的文件": one}


def _together(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    together.without_second_step()
    deployment, journals = Deployment(folder / "data"), folder / "journals"
    with _running(deployment, chosen, journals, people=chosen.people) as heard_by:
        heard, phones = heard_by
        one = together.work_together(
            deployment, heard, rows=chosen.rows, idle=chosen.idle, nice=chosen.nice
        )
        _say(f"大活一起干:{one['words']}")
        _hush(phones)
        lost, answers = lost_of(journals), dict(heard.statuses)
    one |= {"lost": lost, "answers": answers, "met": one["met"] and not lost}
    return {"大活一起干": one}


def _in_a_child(part: str, chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    out = folder / f"{part}.json"
    subprocess.run(
        [
            *(sys.executable, "-m", "faults", "--part", part),
            *("--seed", str(chosen.seed), "--phones", str(chosen.phones)),
            *("--posts", str(chosen.posts)),
            *("--lasts", str(chosen.lasts), "--people", str(chosen.people)),
            *("--rows", str(chosen.rows), "--idle", str(chosen.idle)),
            *("--data-dir", str(folder / part), "--out", str(out)),
        ],
        cwd=BASE,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    parts: dict[str, Any] = json.loads(out.read_text())["parts"]
    return parts


@contextmanager
def _running(
    deployment: Deployment,
    chosen: argparse.Namespace,
    journals: Path,
    *,
    people: int = PEOPLE,
) -> Iterator[tuple[Heard, list[Phone]]]:
    """Have the deployment up, with phones that send all the time."""
    phones: list[Phone] = []
    try:
        _say("启动并放入虚构的人 …")
        deployment.start()
        cadres = deployment.populate(
            people, visits=0 if people == PEOPLE else 5 * people
        )
        heard = Heard()
        for number in range(chosen.phones):
            phones.append(
                Phone(
                    cadres[number :: chosen.phones],
                    port=deployment.port,
                    folder=journals,
                    number=number,
                    seed=chosen.seed,
                    pause=chosen.phones / chosen.posts,
                    heard=heard,
                )
            )
            phones[-1].start()
        yield heard, phones
    finally:
        _hush(phones)
        deployment.stop()


def _hush(phones: list[Phone]) -> None:
    for phone in phones:
        phone.over.set()
    for phone in phones:
        phone.join(timeout=60)


def _of_visits(tally: Tally, heard: Heard) -> dict[str, Any]:
    rude = [key for key in heard.statuses if key.split()[-1] in ("500", "409", "422")]
    return {
        **asdict(tally),
        "answers": dict(sorted(heard.statuses.items())),
        "unplain": heard.unplain[:3],
        "met": tally.clean and tally.kept > 0 and not rude and not heard.unplain,
    }


def _of_kills(kills: list[Kill], undone: int) -> dict[str, Any]:
    by_victim: dict[str, list[float]] = {}
    for kill in kills:
        by_victim.setdefault(kill.victim, []).append(round(kill.back, 2))
    late = [kill for kill in kills if kill.back > LIMIT]
    return {
        "number": len(kills),
        "back": {victim: sorted(times) for victim, times in by_victim.items()},
        "late": len(late),
        "undone": undone,
        "met": not late and not undone,
    }


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

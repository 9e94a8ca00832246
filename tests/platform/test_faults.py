"""Kills under load, from a fixed seed: no visit is lost, doubled or cut in half."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults.nemesis import SHARES

BASE = Path(__file__).resolve().parent.parent.parent
KILLS, PHONES, CROWD = 7, 6, 8
# The keeper waits less for a service that hangs than it would elsewhere.
HUNG = {"HUNG_SECONDS": "6"}


def run(part: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run a part of the faults, and return what was found of each hardship."""
    out = tmp_path_factory.mktemp("faults") / f"{part}.json"
    folder = BASE / "var" / "test" / f"faults-{part}-{os.getpid()}"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "faults", "--part", part),
            *("--lasts", "3", "--key-kills", "1", "--crowd", str(CROWD)),
            # Other tests want the machine too.
            *("--slow", "50", "--posts", "15"),
            *("--copies", "1", "--watch", "0", "--cut-every", "97", "--starts", "2"),
            *("--seed", "20261125", "--kills", str(KILLS), "--phones", str(PHONES)),
            *("--data-dir", str(folder), "--out", str(out)),
        ],
        cwd=BASE,
        env=os.environ | HUNG,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert out.exists(), done.stdout[-4000:]
    found: dict[str, Any] = json.loads(out.read_text())["parts"]
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run("kills", tmp_path_factory)


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run("ill-disk", tmp_path_factory)


def test_no_acknowledged_visit_is_lost_doubled_or_half(found):
    visits = found["走访"]
    wrong = {name: visits[name] for name in ("lost", "doubled", "half", "changed")}

    assert visits["kept"] > KILLS
    assert wrong == {"lost": 0, "doubled": 0, "half": 0, "changed": 0}
    assert visits["foreign"] == 0


def test_everybody_was_killed_and_came_back_and_no_work_is_left(found):
    kills = found["击杀"]

    assert kills["number"] == KILLS
    assert kills["back"].keys() == SHARES.keys()
    assert kills["undone"] == 0


def test_what_pages_said_meanwhile_was_plain(found):
    visits = found["走访"]
    heard = {key.split()[-1] for key in visits["answers"]}

    assert heard <= {"302", "200", "503", "answer", "torn"}
    assert visits["unplain"] == []


def test_a_broker_that_hangs_keeps_no_visit_waiting(found):
    hung = found["Valkey 停住不答"]

    assert hung["accepted"] > 0
    assert "POST 503" not in hung["heard"]


@pytest.mark.parametrize("name", ["Valkey 已满", "Valkey 很慢"])
def test_a_broker_that_is_full_or_slow_keeps_no_visit_waiting(found, name):
    worse = found[name]

    assert worse["accepted"] > 0
    assert "POST 503" not in worse["heard"]


def test_a_database_that_hangs_is_said_on_pages_and_by_health_and_started_anew(found):
    hung = found["数据库一直停住"]

    assert hung["met"], hung
    assert hung["facts"]["health"]["status"] == 503


def test_a_visit_over_a_bad_line_is_there_once_wherever_it_was_cut(found):
    assert found["线路不好"]["met"], found["线路不好"]
    assert found["线路不好"]["cuts"] > 10


def test_it_starts_and_stops_as_often_as_it_is_asked_to(found):
    assert found["反复启停"]["met"], found["反复启停"]


def test_a_slow_disk_makes_visits_slow_and_a_broken_one_loses_none(ill):
    if "坏磁盘后的走访" not in ill:
        pytest.skip("no C compiler here")

    assert ill["磁盘很慢"]["met"], ill["磁盘很慢"]
    # PostgreSQL stays in recovery for ever unless the keeper sees it.
    assert ill["磁盘读写出错"]["met"], ill["磁盘读写出错"]
    assert ill["坏磁盘后的走访"]["met"], ill["坏磁盘后的走访"]


def test_our_own_files_are_whole_or_not_there_on_an_ill_disk(tmp_path_factory):
    kept = run("files", tmp_path_factory)["自己的文件"]
    if "nth" not in kept:
        pytest.skip("no C compiler here")

    assert kept["met"], kept["words"]


def test_without_connections_pages_say_so_and_come_back(found):
    starved = found["连接用尽"]

    assert starved["back"] < 60
    assert not any(answer.endswith("500") for answer in starved["heard"])


def test_a_folder_copied_in_the_middle_of_it_starts_and_holds_what_was_kept(found):
    cut = found["断电"]

    assert (cut["copies"], cut["lost"], cut["half"]) == (1, 0, 0)
    assert cut["kept"] > 0


def test_a_crowd_at_the_door_comes_in_and_visits_go_on(found):
    crowd = found["许多人同时登录"]

    assert crowd["heard"].keys() <= {"302", "503"}
    assert crowd["heard"]["302"] == CROWD
    assert crowd["accepted"] > 0


def test_beside_slow_clients_visits_are_accepted_as_ever(found):
    if "许多慢客户端" not in found:
        pytest.skip("no nginx here")

    slow = found["许多慢客户端"]
    assert slow["met"], slow


def test_keys_change_under_load_and_nothing_becomes_unreadable(found):
    changed = found["更换密钥"]

    assert changed["met"], changed["words"]
    assert changed["accepted"] > 0
    assert {key.split()[-1] for key in changed["heard"]} <= {"302", "200", "torn"}


def test_a_clock_that_jumps_makes_no_rows_twice(found):
    assert found["时钟跳变"]["met"], found["时钟跳变"]["rows"]

"""The embedded services come up again whatever was done to them."""

import os
import pwd
import shutil
import signal
import threading
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from jinchang_care import local
from jinchang_care.services import account, postgres, valkey
from jinchang_care.services.account import Account
from jinchang_care.services.places import Places, ServicesError
from jinchang_care.services.running import end, is_alive, working_in
from tests.platform.conftest import clear_away, kill, servers


def test_what_was_written_is_there_after_everything_was_killed(places: Places):
    with local.ensure_services(places.root):
        ask(places, "CREATE TABLE kept AS SELECT 42 AS answer")
        end(working_in(places.cluster, "postgres"), signal.SIGKILL, patience=5)
        kill(valkey.server(places))
    lock = places.cluster / "postmaster.pid"
    # The number in the lock file now belongs to someone else: this very test.
    lock.write_text(f"{os.getpid()}\n{places.cluster}\n")
    places.sockets.mkdir(exist_ok=True)
    places.postgres_socket.touch()
    places.valkey_socket.touch()

    with local.ensure_services(places.root):
        answer = ask(places, "SELECT answer FROM kept")

    assert answer == 42


def test_the_orphans_of_a_killed_postmaster_are_ended(places: Places):
    with local.ensure_services(places.root):
        busy = threading.Thread(target=_compute_for_ever, args=[places])
        busy.start()
        _wait_for_a_busy_backend(places)

        kill(postgres.postmaster(places))
        orphans = working_in(places.cluster, "postgres")
        local.start_services(places.root)
        busy.join(timeout=10)

        assert orphans
        assert not any(is_alive(orphan) for orphan in orphans)
        assert ask(places, "SELECT 1") == 1


def test_a_cluster_of_another_version_is_left_alone(places: Places):
    places.make()
    places.cluster.mkdir()
    (places.cluster / "PG_VERSION").write_text("17\n")
    (places.cluster / "postmaster.pid").write_text("1\n")

    with (
        pytest.raises(ServicesError, match=r"是 PostgreSQL 17 的.*没有动它"),
        local.ensure_services(places.root),
    ):
        pass

    left = sorted(file.name for file in places.cluster.iterdir())
    assert left == ["PG_VERSION", "postmaster.pid"]


def test_the_last_to_leave_turns_the_services_off(places: Places):
    with local.ensure_services(places.root):
        first = servers(places)
        with local.ensure_services(places.root):
            assert servers(places) == first
        assert servers(places) == first

    assert servers(places) == []


def test_a_deep_folder_with_a_chinese_name_works(scratch: Path):
    deep = Places.of(scratch / "金昌 结对关爱" / "一层又一层" / ("深" * 40))

    with local.ensure_services(deep.root):
        answer = ask(deep, "SELECT 1")
        broker = valkey.answers(deep)
    mode = deep.sockets.stat().st_mode & 0o777
    clear_away(deep)

    assert answer == 1
    assert broker
    assert mode == 0o700
    assert len(os.fsencode(f"{deep.postgres_socket}.lock")) <= 107


def test_two_checkouts_side_by_side_do_not_meet(scratch: Path):
    left, right = Places.of(scratch / "left"), Places.of(scratch / "right")

    with local.ensure_services(left.root), local.ensure_services(right.root):
        ask(left, "CREATE TABLE mine AS SELECT 1")
        there = ask(right, "SELECT to_regclass('mine')")

    assert there is None


def test_a_refused_row_leaves_no_value_in_the_log(places: Places):
    with local.ensure_services(places.root):
        ask(places, "CREATE TABLE person AS SELECT 'x' AS name")
        ask(places, "CREATE UNIQUE INDEX once ON person (name)")
        ask(places, "INSERT INTO person VALUES ('620321198001011234')")
        with pytest.raises(psycopg2.IntegrityError):
            ask(places, "INSERT INTO person VALUES ('620321198001011234')")

    log = (places.log / "postgres.log").read_text()
    assert "once" in log
    assert "620321198001011234" not in log


def test_a_promise_that_someone_broke_is_noticed(places: Places):
    with local.ensure_services(places.root):
        pass
    (places.cluster / "postgresql.auto.conf").write_text("fsync = off\n")

    with (
        pytest.raises(ServicesError, match="fsync"),
        local.ensure_services(places.root),
    ):
        pass


def test_a_start_that_fails_leaves_nothing_running(places: Places):
    places.make()
    places.cluster.mkdir()
    (places.cluster / "PG_VERSION").write_text("17\n")

    with pytest.raises(ServicesError), local.ensure_services(places.root):
        pass

    assert working_in(places.valkey, "valkey-server") == []


def test_a_folder_removed_under_its_servers_is_made_anew(places: Places):
    local.start_services(places.root)
    shutil.rmtree(places.root)

    with local.ensure_services(places.root):
        assert ask(places, "SELECT 1") == 1
        assert valkey.answers(places)

    assert working_in(places.cluster, "postgres") == []


def test_words_sort_and_fold_as_in_unicode(places: Places):
    with local.ensure_services(places.root):
        assert ask(places, "SELECT upper('é金')") == "É金"
        assert ask(places, "SHOW server_encoding") == "UTF8"
        assert ask(places, "SHOW listen_addresses") == ""


def test_a_closed_folder_on_the_way_is_found(scratch: Path):
    closed = scratch / "closed"
    closed.mkdir(mode=0o700)
    nobody = pwd.getpwnam("nobody")
    someone_else = Account(nobody.pw_uid, nobody.pw_gid)

    assert account.blocked_at(closed / "var" / "postgres", someone_else) == closed
    assert account.blocked_at(scratch / "var", someone_else) is None


def test_the_services_run_below_a_closed_folder(scratch: Path):
    closed = scratch / "closed"
    closed.mkdir(mode=0o700)
    places = Places.of(closed / "var")

    with local.ensure_services(places.root):
        assert ask(places, "SELECT 1") == 1
        assert valkey.answers(places)


def test_a_socket_folder_of_someone_else_is_refused(scratch: Path):
    places = Places.of(scratch / "var")
    places.make()
    (scratch / "elsewhere").mkdir()
    places.sockets.symlink_to(scratch / "elsewhere")

    with pytest.raises(ServicesError, match="属于别的账户"):
        places.make_sockets(uid=os.geteuid(), gid=os.getegid())


def ask(places: Places, question: str) -> object:
    with closing(psycopg2.connect(local.database_url(places.root))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def _compute_for_ever(places: Places) -> None:
    with pytest.raises(psycopg2.OperationalError):
        ask(places, "SELECT sum(sqrt(i)) FROM generate_series(1, 4000000000) AS i")


def _wait_for_a_busy_backend(places: Places) -> None:
    busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sqrt(i)%'"
    while not ask(places, f"{busy} AND pid <> pg_backend_pid()"):
        continue

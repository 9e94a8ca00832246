"""AV-13: the log is kept sealed, and the cluster goes back to the moment asked for."""

import shutil
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from common import key_pair
from jinchang_care import local, recovery
from jinchang_care.services import archive, postgres
from jinchang_care.services.places import Places, ServicesError
from tests.platform.conftest import kill

NAME = "000000010000000000000001"


@pytest.fixture
def keys(scratch: Path) -> str:
    return key_pair.as_text(key_pair.public_key(scratch / "secrets"))


@pytest.fixture
def pieces(scratch: Path) -> Path:
    folder = scratch / "pieces"
    folder.mkdir()
    return folder


def piece(scratch: Path, content: bytes) -> Path:
    path = scratch / "piece"
    path.write_bytes(content)
    return path


def test_the_same_piece_twice_is_kept_once(scratch, pieces, keys):
    content = piece(scratch, b"log" * 1000)

    first = archive.keep(content, NAME, folder=pieces, public=keys)
    again = archive.keep(content, NAME, folder=pieces, public=keys)

    assert list(pieces.iterdir()) == [first] == [again]
    assert b"loglog" not in first.read_bytes()


def test_another_piece_under_the_same_name_is_refused(scratch, pieces, keys):
    place = archive.keep(piece(scratch, b"one"), NAME, folder=pieces, public=keys)
    before = place.read_bytes()

    with pytest.raises(archive.Different):
        archive.keep(piece(scratch, b"two"), NAME, folder=pieces, public=keys)

    assert list(pieces.iterdir()) == [place]
    assert place.read_bytes() == before


def test_what_a_killed_archiver_left_is_no_piece(scratch, pieces, keys):
    (pieces / f".{NAME}.0.sealed.1").write_bytes(b"half")

    place = archive.keep(piece(scratch, b"one"), NAME, folder=pieces, public=keys)

    assert list(pieces.glob("[!.]*")) == [place]
    assert archive.name_of(place) == NAME


def test_a_gap_in_the_log_is_named(scratch, pieces, keys):
    for number in ("FE", "FF"):
        _keep(scratch, pieces, keys, f"0000000100000000000000{number}")
    _keep(scratch, pieces, keys, "000000010000000100000001")
    _keep(scratch, pieces, keys, "00000002.history")

    with pytest.raises(ServicesError, match="缺 000000010000000100000000,共 1 段"):
        recovery._require_no_gap(pieces)
    recovery._require_no_gap(pieces, since="000000010000000100000001")
    _keep(scratch, pieces, keys, "000000010000000100000000")
    recovery._require_no_gap(pieces)


def _keep(scratch: Path, pieces: Path, keys: str, name: str) -> None:
    archive.keep(piece(scratch, b"log"), name, folder=pieces, public=keys)


def test_the_cluster_comes_back_to_the_point_that_was_named(
    places: Places, scratch: Path, monkeypatch
):
    pieces, bases = scratch / "wal", scratch / "base"
    monkeypatch.setenv("WAL_ARCHIVE_DIR", str(pieces))
    with local.ensure_services(places.root):
        ask(places, "CREATE TABLE marker (n int, word text)")
        base = recovery.take_base(places, bases)
        for number in range(1, 7):
            ask(places, f"INSERT INTO marker VALUES ({number}, '王秀花')")
            ask(places, f"SELECT pg_create_restore_point('after {number}')", root=True)
        _have_it_archived(places)
        kill(postgres.postmaster(places))
        shutil.rmtree(places.cluster)

    begun = time.monotonic()
    recovery.go_back(places, base, pieces, target=("name", "after 4"))
    took = time.monotonic() - begun

    with local.ensure_services(places.root):
        found = ask(places, "SELECT array_agg(n ORDER BY n) FROM marker")
        ask(places, "INSERT INTO marker VALUES (7, 'again')")
        assert ask(places, "SELECT count(*) FROM marker") == 5
    assert found == [1, 2, 3, 4]
    assert took < 30 * 60
    for file in [base, *pieces.iterdir()]:
        assert "王秀花".encode() not in file.read_bytes()


def test_a_cluster_that_is_there_is_not_written_over(places: Places, scratch: Path):
    places.make()
    places.cluster.mkdir()

    with pytest.raises(ServicesError, match="移开"):
        recovery.go_back(places, scratch, scratch, target=None)


def test_without_a_place_named_nothing_is_archived(places: Places, monkeypatch):
    monkeypatch.delenv("WAL_ARCHIVE_DIR", raising=False)
    with local.ensure_services(places.root):
        assert ask(places, "SHOW archive_mode") == "off"


def _have_it_archived(places: Places) -> None:
    """Close the piece that is being written, and wait until it is put away."""
    name = ask(places, "SELECT pg_walfile_name(pg_switch_wal())", root=True)
    until = time.monotonic() + 60
    archived = f"SELECT last_archived_wal >= '{name}' FROM pg_stat_archiver"
    while not ask(places, archived):
        assert time.monotonic() < until, "the piece was not put away"
        time.sleep(0.1)


def ask(places: Places, question: str, *, root: bool = False) -> object:
    way = {"host": str(places.sockets), "user": "postgres" if root else "jinchang"}
    with closing(psycopg2.connect(dbname="jinchang", **way)) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None

"""A small registry with files, a shelf for its backups, a database to bring back."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from psycopg2 import sql

from audit import trail
from backups.server import Server
from cadres.operations.areas import load_areas
from tests import cast


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    """The folder of uploaded files, with two of them."""
    settings.MEDIA_ROOT = tmp_path / "files"
    for name, text in (("imports/a1", b"name"), ("exports/b2.xlsx", b"x" * 3_000_000)):
        file = settings.MEDIA_ROOT / name
        file.parent.mkdir(parents=True)
        file.write_bytes(text)
    return settings.MEDIA_ROOT


@pytest.fixture
def keys(settings, tmp_path: Path) -> Path:
    """A data folder of its own, so that each test has a backup key of its own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.ERASURE_LEDGER = tmp_path / "erasures.txt"
    settings.CHAIN_DIR = tmp_path / "chain"
    return tmp_path / "data" / "secrets"


@pytest.fixture
def registry(transactional_db, media: Path, keys: Path):
    """Committed rows with sealed words, and events about them."""
    load_areas()
    people = [cast.make_recipient("李小伟", phone="19900000031") for _ in range(3)]
    office = cast.office("backup_city", "620300000000")
    with transaction.atomic():
        trail.record("recipient.seen", subject=people[0], by=office)
    return people


@pytest.fixture
def shelf(tmp_path: Path, settings) -> Iterator[Path]:
    """Where the backups go."""
    settings.BACKUP_DIR = tmp_path / "shelf"
    yield settings.BACKUP_DIR
    shutil.rmtree(settings.BACKUP_DIR, ignore_errors=True)


@pytest.fixture
def target() -> Iterator[str]:
    """The name of a database that is not there, and is gone afterwards."""
    name = f"test_back_{secrets.token_hex(4)}"
    yield name
    with Server.ours().beside() as line, line.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"]
        )
        for (found,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(found)))
    connection.close()

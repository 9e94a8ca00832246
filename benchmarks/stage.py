"""The databases that claims are measured on: made for one run, dropped after it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql

from benchmarks.sizes import Size
from jinchang_care import local

EMPTY, FEW, MANY = "bench_empty", "bench_few", "bench_many"
BASE_DIR = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, "manage.py"]


class Stage:
    """Has every database ready when it is first asked for."""

    def __init__(self, data_dir: Path, size: Size) -> None:
        self.data_dir, self.size = data_dir, size
        self._ready: set[str] = set()

    def environment(self, name: str) -> dict[str, str]:
        """Return under what settings a program works on this database."""
        kept = {key: os.environ[key] for key in os.environ if key != "REDIS_URL"}
        return {
            **kept,
            "DATABASE_URL": self._address(name),
            "DATA_DIR": str(self.data_dir),
            "DJANGO_SETTINGS_MODULE": "jinchang_care.settings",
        }

    def prepare(self, name: str) -> None:
        """Make the database of this name, unless this run has made it already."""
        if name in self._ready:
            return
        if name == EMPTY:
            self._create(name, "template0")
            self.manage(name, "migrate", "--verbosity", "0")
            self.manage(name, "setup_first_admin")
        else:
            self.prepare(EMPTY)
            self._create(name, EMPTY)
        if name in (FEW, MANY):
            self._populate(name)
        self._ready.add(name)

    def renew(self, name: str) -> None:
        """Make a fresh copy of the migrated database under this name."""
        self.prepare(EMPTY)
        self._create(name, EMPTY)
        self._ready.add(name)

    def copy(self, name: str, template: str) -> None:
        """Make a copy of a database that is ready, under this name."""
        self.prepare(template)
        self._create(name, template)
        self._ready.add(name)

    def drop(self) -> None:
        """Leave none of the databases behind."""
        for name in self._ready:
            self._execute("DROP DATABASE IF EXISTS {}", name)

    def manage(self, name: str, *words: str) -> None:
        """Run a command of manage.py on this database."""
        subprocess.run(
            [*MANAGE, *words],
            cwd=BASE_DIR,
            env=self.environment(name),
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _populate(self, name: str) -> None:
        people = self.size.few if name == FEW else self.size.many
        share = people / self.size.many
        self.manage(
            *(name, "seed"),
            *("--recipients", str(people)),
            *("--cadres", str(max(1, people // 2))),
            *("--visits", str(int(self.size.visits * share))),
        )
        # As the server does by itself within minutes of so much writing.
        self._execute("VACUUM ANALYZE", on=name)

    def _create(self, name: str, template: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {}", name)
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)

    def _execute(self, statement: str, *names: str, on: str = "") -> None:
        # Databases cannot be made in a transaction. They are not dropped with FORCE,
        # which may not end autovacuum; a plain drop has it stop by itself.
        address = self._address(on) if on else local.database_url(self.data_dir)
        connection = psycopg2.connect(address)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                quoted = [sql.Identifier(name) for name in names]
                cursor.execute(sql.SQL(statement).format(*quoted))
        finally:
            connection.close()

    def _address(self, name: str) -> str:
        return local.database_url(self.data_dir).replace("/jinchang?", f"/{name}?")


@contextmanager
def stage(data_dir: Path, size: Size) -> Iterator[Stage]:
    """Have PostgreSQL running inside the block, and the databases gone after it."""
    with local.ensure_services(data_dir):
        made = Stage(data_dir, size)
        try:
            yield made
        finally:
            made.drop()

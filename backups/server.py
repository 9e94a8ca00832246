"""A PostgreSQL server and one database on it, for us and for PostgreSQL's programs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import environ
import psycopg2
import psycopg2.extensions
from django.conf import settings
from django.db import connections

from common.refusals import Refused

Line = psycopg2.extensions.connection

# libpq's word for each of Django's, and the variable that pg_dump reads.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
# Long work must not be cut by what is right for a page.
PATIENT = (
    "SET statement_timeout = 0",
    "SET lock_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
    # The text of a row must not depend on where the server stands.
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'iso_8601'",
    "SET extra_float_digits = 3",
    "SET bytea_output = 'hex'",
)


@dataclass(frozen=True)
class Server:
    """How a server is reached, and the database meant."""

    name: str
    way: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def ours(cls) -> "Server":
        """Return the server and database that the system runs on now.

        Reached as the owner of the tables where one is named beside who serves.
        """
        ours = connections["default"].settings_dict
        owner = getattr(settings, "OWNER_DATABASE", None) or ours
        return cls._of({**owner, "NAME": ours["NAME"]})

    @classmethod
    def called(cls, target: str) -> "Server":
        """Return a database on our server by its name, or any by its address."""
        if "://" not in target:
            return cls(target, cls.ours().way)
        return cls._of(environ.Env.db_url_config(target))

    @classmethod
    def _of(cls, config: dict[str, Any]) -> "Server":
        given = {**config.get("OPTIONS", {})}
        for name in ("host", "port", "user", "password"):
            given[name] = config.get(name.upper()) or given.get(name)
        way = {name: str(given[name]) for name in VARIABLES if given.get(name)}
        return cls(str(config["NAME"]), way)

    def called_there(self, name: str) -> "Server":
        """Return another database on the same server."""
        return Server(name, self.way)

    @contextmanager
    def connected(self) -> Iterator[Line]:
        """Give a patient connection that commits each statement by itself."""
        try:
            way: dict[str, Any] = {**self.way, "dbname": self.name}
            line = psycopg2.connect(**way)
        except psycopg2.OperationalError:
            raise Refused(
                f"连不上数据库 {self.name},请检查名称、账号和服务是否在运行。"
            ) from None
        with closing(line):
            line.autocommit = True
            with line.cursor() as cursor:
                cursor.execute("; ".join(PATIENT))
            yield line

    @contextmanager
    def beside(self) -> Iterator[Line]:
        """Give a connection to the server that stands in none of our databases."""
        with self.called_there("postgres").connected() as line:
            yield line

    def start(
        self, program: str, *arguments: str, errors: IO[bytes], **pipes: Any
    ) -> "subprocess.Popen[bytes]":
        """Start one of PostgreSQL's programs on this database."""
        ways = {VARIABLES[name]: text for name, text in self.way.items()}
        kept = {name: os.environ.get(name, "") for name in ("PATH", "HOME")}
        return subprocess.Popen(
            [str(program_path(program)), *arguments],
            env={**kept, **ways, "PGDATABASE": self.name, "LC_ALL": "C"},
            stderr=errors,
            **pipes,
        )


def program_path(program: str) -> Path:
    """Return where one of PostgreSQL's programs is."""
    path = Path(settings.POSTGRES_PROGRAMS) / program
    if not path.exists():
        raise Refused(
            f"没有找到 {path}。"
            "请用 POSTGRES_PROGRAMS 指明 PostgreSQL 客户端程序的目录。"
        )
    return path


def program_version(program: str) -> int:
    """Return the major version of one of PostgreSQL's programs."""
    said = subprocess.run(
        [str(program_path(program)), "--version"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return int(said.split()[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))


def server_version(line: Line) -> int:
    """Return the server's major version."""
    return line.server_version // 10_000


def require_programs_that_fit(line: Line) -> None:
    """Refuse a server that is newer than our pg_dump: it would not understand it."""
    theirs, ours = server_version(line), program_version("pg_dump")
    if theirs > ours:
        raise Refused(
            f"数据库是 PostgreSQL {theirs},备份程序 pg_dump 是 {ours},"
            f"不能备份更新的版本。请安装 PostgreSQL {theirs} 的客户端,"
            "并用 POSTGRES_PROGRAMS 指明其目录。"
        )

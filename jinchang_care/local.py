"""The services that a checkout brings along when no others are named."""

import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jinchang_care.services.places import Places, ServicesError

# The services' own modules are imported late: naming an address needs none of them.

# Kept so that they are waited for once they end, and none is left a zombie.
_started: "list[subprocess.Popen[bytes]]" = []

# Who owns the tables, and who only serves: see docs/decisions/0010.
OWNER_ROLE, WEB_ROLE = "jinchang", "jinchang_web"
LOG_LIMIT = 10 * 1024 * 1024

__all__ = [
    "ServicesError",
    "database_url",
    "ensure_services",
    "occupied",
    "redis_url",
    "start_services",
    "stop_services",
]


def database_url(data_dir: Path, *, role: str = OWNER_ROLE) -> str:
    """Say where the embedded PostgreSQL of this data folder is, or would be."""
    return f"postgres://{role}@/jinchang?host={Places.of(data_dir).sockets}"


def redis_url(data_dir: Path) -> str:
    """Say where the embedded Valkey of this data folder is, or would be."""
    return f"redis+socket://{Places.of(data_dir).valkey_socket}"


def start_services(data_dir: Path, *, durable: bool = True) -> None:
    """Have both services running and answering, whether they ran before or not."""
    from jinchang_care.services import postgres, valkey

    places = Places.of(data_dir)
    places.make()
    database = broker = None
    if valkey.server(places) is None:
        with _log(places, "valkey") as output:
            broker = valkey.start(places, output=output, dies_with_us=False)
        _started.append(broker)
    if postgres.postmaster(places) is None:
        with _log(places, "postgres") as output:
            database = postgres.start(
                places, output=output, dies_with_us=False, durable=durable
            )
        _started.append(database)
    valkey.wait_until_ready(places, broker)
    postgres.wait_until_ready(places, database, durable=durable)


def stop_services(data_dir: Path) -> None:
    """Stop both services in order."""
    from jinchang_care.services import postgres, valkey

    places = Places.of(data_dir)
    valkey.stop(places)
    postgres.stop(places)
    _started[:] = [child for child in _started if child.poll() is None]


@contextmanager
def ensure_services(data_dir: Path, *, durable: bool = True) -> Iterator[None]:
    """Have the services running inside the block; the last to leave turns them off.

    Any number of commands may be inside at once. Under a keeper, who stays inside
    as long as he lives, starting and stopping is left to him.
    """
    places = Places.of(data_dir)
    places.make()
    with _open_lock(places.root / "services.users") as users:
        try:
            with _locked(places.root / "services.lock"):
                fcntl.flock(users, fcntl.LOCK_SH)
                if is_kept(data_dir):
                    _wait_for_keeper(places)
                else:
                    start_services(data_dir, durable=durable)
            yield
        finally:
            with _locked(places.root / "services.lock"):
                if _alone(users) and not is_kept(data_dir):
                    stop_services(data_dir)


@contextmanager
def occupied(data_dir: Path, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Be the keeper of this data folder, of whom there is one at a time.

    Commands that are using the services are let finish; what a killed keeper or
    command left running is stopped, so that the keeper starts everything himself.
    """
    places = Places.of(data_dir)
    places.make()
    with (
        _open_lock(places.root / "keeper.lock") as keeper,
        _open_lock(places.root / "services.users") as users,
    ):
        _become_keeper(keeper, places)
        if not _alone(users):
            on_wait()
            fcntl.flock(users, fcntl.LOCK_EX)
        with _locked(places.root / "services.lock"):
            stop_services(data_dir)
            fcntl.flock(users, fcntl.LOCK_SH)
        yield


def is_kept(data_dir: Path) -> bool:
    """Say whether a keeper lives on this data folder."""
    with _open_lock(Places.of(data_dir).root / "keeper.lock") as keeper:
        return not _alone(keeper)


def _become_keeper(keeper: IO[str], places: Places) -> None:
    alone = _alone(keeper)
    if not alone:
        # Someone who only asks whether there is a keeper holds it for a moment.
        time.sleep(0.3)
        alone = _alone(keeper)
    if not alone:
        raise ServicesError(
            f"本系统已经在运行(进程 {keeper.read().strip() or '不明'},"
            f"数据目录 {places.root})。"
            "要停下它请在那边按 Ctrl-C;要另开一套请用 DATA_DIR= 和 PORT=。"
        )
    keeper.truncate(0)
    keeper.write(f"{os.getpid()}\n")
    keeper.flush()


def _wait_for_keeper(places: Places) -> None:
    from jinchang_care.services import postgres, valkey

    postgres.wait_until_ready(places, None)
    valkey.wait_until_ready(places, None)


def _open_lock(path: Path) -> IO[str]:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except PermissionError as error:
        raise _not_ours(path) from error


def _not_ours(path: Path) -> ServicesError:
    return ServicesError(
        f"当前用户不能写 {path},它多半是以另一个用户(如 root)运行时留下的。"
        "请以原来的用户运行,或把数据目录的属主改回来。"
    )


def _alone(file: IO[str]) -> bool:
    """Say whether nobody else holds the lock, which is then ours alone."""
    file.seek(0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open_lock(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _log(places: Places, name: str) -> Iterator[IO[bytes]]:
    """Open a service's log for adding to; a large one is put aside first."""
    path = places.log / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    try:
        file = path.open("ab")
    except PermissionError as error:
        raise _not_ours(path) from error
    with file:
        file.write(f"-- {time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
        file.flush()
        yield file

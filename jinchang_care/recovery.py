"""Base backups of the embedded PostgreSQL, and the way back to any moment since one.

    python -m jinchang_care.recovery base --to /mnt/backup/base
    python -m jinchang_care.recovery back --base /mnt/backup/base --to-time "…"

The second wants the system stopped and the old cluster moved away; see docs/backup.md.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zlib
from collections.abc import Generator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import psycopg2
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from common import key_pair
from common.durable import put, written
from common.refusals import Refused
from common.sealed_chunks import ChunkReader, Damaged
from common.sealed_stream import SealedWriter, WrongKey, opened
from jinchang_care import local
from jinchang_care.services import account as accounts
from jinchang_care.services import archive, archiving, postgres
from jinchang_care.services.places import Places, ServicesError

BASE = Path(__file__).resolve().parent.parent
SEALED = ".tar.sealed"
PATIENCE = 30 * 60
TARGETS = {"name": "recovery_target_name", "time": "recovery_target_time"}


def take_base(places: Places, folder: Path) -> Path:
    """Copy the whole running cluster into one sealed file; return where it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"base-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    draft, place = folder / f".{name}", folder / f"{name}{SEALED}"
    public = key_pair.public_key(places.root / "secrets")
    copying = subprocess.Popen(
        [
            str(postgres.PROGRAMS / "pg_basebackup"),
            *(f"--host={places.sockets}", "--username=postgres", "--pgdata=-"),
            *("--format=tar", "--wal-method=fetch", "--checkpoint=fast"),
        ],
        env=postgres.ENVIRONMENT,
        stdout=subprocess.PIPE,
    )
    assert copying.stdout is not None
    pack = zlib.compressobj(1)
    try:
        with (
            copying.stdout,
            written(draft) as file,
            SealedWriter(file, name=name, public=public) as out,
        ):
            while piece := copying.stdout.read(1024 * 1024):
                out.write(pack.compress(piece))
            out.write(pack.flush())
            if copying.wait():
                raise ServicesError("基础备份没有完成,原因见上面 pg_basebackup 的话。")
        put(draft, place)
    finally:
        copying.kill()
        draft.unlink(missing_ok=True)
    return place


def go_back(
    places: Places, base: Path, pieces: Path, *, target: tuple[str, str] | None
) -> None:
    """Make the cluster anew from a base backup and the log, up to the target.

    The target is a name or a moment; none means to the end. Returns when the server
    has been there, has been opened for writing, and has been stopped again.
    """
    if places.cluster.exists():
        raise ServicesError(
            f"{places.cluster} 还在。请先停止系统,把它改名移开(不要删除),再恢复。"
        )
    key = key_pair.private_key(places.root / "secrets")
    account = accounts.service_account(places)
    draft = places.root / "postgres.recovering"
    log = places.root / "wal.recovering"
    for folder in (draft, log):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    _unpack(base, draft, key)
    _require_no_gap(pieces, since=_first_piece(draft))
    _open_pieces(pieces, log, key)
    lines = [
        f'restore_command = \'cp "{log}/%f" "%p"\'',
        "recovery_target_action = 'promote'",
    ]
    if target is not None:
        lines.append(f"{TARGETS[target[0]]} = '{target[1]}'")
    (draft / "recovery.signal").touch()
    (draft / "postgresql.auto.conf").write_text("\n".join([*lines, ""]))
    for path in [draft, log, *draft.rglob("*"), *log.iterdir()]:
        accounts.give(path, account)
    draft.rename(places.cluster)
    with local.ensure_services(places.root):
        _wait_for_the_end_of_recovery(places)
    shutil.rmtree(log)


def newest(folder: Path) -> Path:
    """Return the newest base backup in a folder, or the file itself."""
    found = [folder] if folder.is_file() else sorted(folder.glob(f"base-*{SEALED}"))
    if not found:
        raise ServicesError(f"{folder} 里没有基础备份。")
    return found[-1]


def _unpack(base: Path, into: Path, key: X25519PrivateKey) -> None:
    name = base.name.removesuffix(SEALED)
    with base.open("rb") as file:
        text = ChunkReader(_inflated(file, name, key))
        stream = cast(IO[bytes], io.BufferedReader(text, 1024 * 1024))
        with tarfile.open(fileobj=stream, mode="r|") as packed:
            packed.extractall(into, filter="data")
    # What the data filter takes away, and PostgreSQL asks for.
    for folder in [into, *(path for path in into.rglob("*") if path.is_dir())]:
        folder.chmod(0o700)


def _open_pieces(pieces: Path, into: Path, key: X25519PrivateKey) -> None:
    for place in sorted(pieces.glob(f"*{archive.SEALED}")):
        name = archive.name_of(place)
        with place.open("rb") as file, (into / name).open("wb") as out:
            for text in _inflated(file, name, key):
                out.write(text)


def _first_piece(cluster: Path) -> str:
    """Return the piece of the log at which the base backup begins."""
    label = (cluster / "backup_label").read_text()
    return label.split("(file ")[1].split(")")[0]


def _require_no_gap(pieces: Path, *, since: str = "") -> None:
    names = [archive.name_of(place) for place in pieces.glob(f"*{archive.SEALED}")]
    missing = archive.gaps(names, since=since)
    if missing:
        raise ServicesError(
            f"日志归档 {pieces} 中缺 {'、'.join(missing[:5])},"
            f"共 {len(missing)} 段,只能恢复到缺口之前。"
            "请找回缺的文件,或把缺口以后的文件移开再恢复。"
        )


def _inflated(file: IO[bytes], name: str, key: X25519PrivateKey) -> Generator[bytes]:
    unpack = zlib.decompressobj()
    for chunk in opened(file, name=name, key=key):
        yield unpack.decompress(chunk)
    yield unpack.flush()


def _wait_for_the_end_of_recovery(places: Places) -> None:
    until = time.monotonic() + PATIENCE
    way: dict[str, Any] = {"host": str(places.sockets), "user": "postgres"}
    with (
        closing(psycopg2.connect(dbname="postgres", **way)) as line,
        line.cursor() as cursor,
    ):
        line.autocommit = True
        while True:
            cursor.execute("SELECT pg_is_in_recovery()")
            if cursor.fetchone() == (False,):
                break
            if time.monotonic() > until:
                raise ServicesError("数据库一直没有恢复完,请看 log/postgres.log。")
            time.sleep(0.1)
        # It was for this once; nothing else is ever set there.
        cursor.execute("ALTER SYSTEM RESET ALL")


def main() -> int:
    parser = argparse.ArgumentParser(description="自带数据库的基础备份和按时间点恢复")
    deeds = parser.add_subparsers(dest="deed", required=True)
    base = deeds.add_parser("base", help="做一次基础备份(系统运行中)")
    base.add_argument("--to", type=Path, required=True, help="放到哪个目录")
    check = deeds.add_parser("check", help="归档的日志是否连续")
    check.add_argument("--archive", type=Path, default=archiving.folder())
    back = deeds.add_parser("back", help="恢复到某个时刻(系统已停,旧目录已移开)")
    back.add_argument("--base", type=Path, required=True, help="基础备份或其目录")
    back.add_argument("--archive", type=Path, default=archiving.folder())
    where = back.add_mutually_exclusive_group()
    where.add_argument("--to-time", help="时刻,如 2026-11-25 14:30:00+08")
    where.add_argument("--to-name", help="还原点的名称")
    told = parser.parse_args()
    places = Places.of(Path(os.environ.get("DATA_DIR") or BASE / "var"))
    try:
        if told.deed == "base":
            print(f"已写入 {take_base(places, told.to.resolve())}")
        elif told.archive is None:
            raise ServicesError("请用 --archive 指明日志归档目录。")
        elif told.deed == "check":
            _require_no_gap(told.archive)
            print("归档的日志是连续的。")
        else:
            _go_back(places, told)
    except (ServicesError, Refused) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (Damaged, WrongKey) as error:
        sys.stderr.write(f"{error} 已损坏,或不是用这把备份密钥做的。\n")
        return 1
    return 0


def _go_back(places: Places, told: argparse.Namespace) -> None:
    target = None
    if told.to_time:
        target = ("time", told.to_time)
    elif told.to_name:
        target = ("name", told.to_name)
    go_back(places, newest(told.base), told.archive, target=target)
    print("已恢复并可写。请马上做一次新的基础备份,旧的不能接着用。")


if __name__ == "__main__":
    sys.exit(main())

"""Makes a backup: one moment of the database, and the files, sealed, whole or not."""

import errno
import fcntl
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import cryptography
import django
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.utils import timezone
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from backups import erasures, files, sets, tables
from backups.keys import public_key
from backups.manifest import Manifest
from backups.server import (
    Line,
    Server,
    program_version,
    require_programs_that_fit,
    server_version,
)
from common.durable import put, written
from common.refusals import Refused
from common.sealed_stream import SealedWriter

LOCK, DRAFT = ".lock", ".draft"
# Sealed values do not shrink; a light hand takes the rest at little cost.
COMPRESSION = "gzip:1"


class Busy(Refused):
    """Somebody else is making a backup in the same folder."""


def make(folder: Path) -> tuple[Path, Manifest]:
    """Make a backup in the folder; return where it is and what is in it.

    Whatever goes wrong, a set that is there already stays as it is, and what has not
    come to its end has no name by which anyone would take it.
    """
    try:
        with _alone_in(folder):
            return _make(folder)
    except OSError as error:
        raise Refused(_words_for(error, folder)) from None


def keep_newest(folder: Path, *, number: int) -> int:
    """Remove the oldest backups beyond this number; return how many went."""
    old = sets.names_in(folder)[: -max(number, 1)]
    with _alone_in(folder):
        for name in old:
            # Under another name first: a half removed one must not look like one.
            draft = folder / f"{DRAFT}-{name}"
            (folder / name).rename(draft)
            shutil.rmtree(draft)
    return len(old)


def _make(folder: Path) -> tuple[Path, Manifest]:
    name = f"jinchang-{timezone.localtime():%Y%m%d-%H%M%S}-{os.urandom(4).hex()}"
    draft = folder / f"{DRAFT}-{name}"
    draft.mkdir(mode=0o700)
    try:
        manifest = _fill(draft, name, public_key())
        erasures.put_beside(folder)
        put(draft, folder / name)
    except BaseException:
        # Under its name already, when only that could not be put on the disk.
        for left in (draft, folder / name):
            shutil.rmtree(left, ignore_errors=True)
        raise
    return folder / name, manifest


def _fill(draft: Path, name: str, public: X25519PublicKey) -> Manifest:
    server, made_at = Server.ours(), timezone.localtime()
    with server.connected() as line:
        require_programs_that_fit(line)
        snapshot = _hold_still(line)
        # The dump and the checksums look at the same moment, side by side.
        with ThreadPoolExecutor(1) as beside:
            counted = beside.submit(tables.states, line)
            dumped = _dump(server, snapshot, draft, name, public)
            states = counted.result()
        # After the snapshot: whatever a row in it speaks of is there already.
        with _sealing(draft, sets.FILES, name, public) as out:
            kept = files.pack(Path(settings.MEDIA_ROOT), out)
        manifest = Manifest(
            name=name,
            made_at=made_at.isoformat(timespec="seconds"),
            versions=_versions(line),
            tables=states,
            trail_head=tables.head_of_trail(line),
            roles=tables.granted_roles(line),
            files=kept,
            parts={sets.DATABASE: dumped, sets.FILES: out.taken},
        )
    with _sealing(draft, sets.MANIFEST, name, public) as text:
        text.write(manifest.written())
    return manifest


def _hold_still(line: Line) -> str:
    """Begin a transaction that sees one moment; return its name for others."""
    line.autocommit = False
    line.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def _dump(
    server: Server, snapshot: str, draft: Path, name: str, public: X25519PublicKey
) -> int:
    """Let pg_dump speak straight into the sealed file; return how much it said."""
    left_out = [f"--exclude-table-data={table}" for table in tables.LEFT_OUT]
    with (
        tempfile.TemporaryFile() as errors,
        _sealing(draft, sets.DATABASE, name, public) as out,
    ):
        dump = server.start(
            "pg_dump",
            *("--format=custom", f"--compress={COMPRESSION}", "--no-owner"),
            *(f"--snapshot={snapshot}", *left_out),
            errors=errors,
            stdout=subprocess.PIPE,
        )
        assert dump.stdout is not None
        try:
            with dump.stdout:
                while piece := dump.stdout.read(256 * 1024):
                    out.write(piece)
        except BaseException:
            dump.kill()
            raise
        finally:
            code = dump.wait()
        if code:
            errors.seek(0)
            words = errors.read().decode(errors="replace").strip().splitlines()
            raise Refused(f"pg_dump 没有完成:{words[-1] if words else code}")
    return out.taken


@contextmanager
def _sealing(
    draft: Path, part: str, name: str, public: X25519PublicKey
) -> Iterator[SealedWriter]:
    with (
        written(draft / f"{part}{sets.SEALED}") as file,
        SealedWriter(file, name=f"{name}/{part}", public=public) as out,
    ):
        yield out


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Be the only one who writes backups here; clear away what a killed one left."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("另一个备份正在进行,请等它完成。") from None
        for left in folder.glob(f"{DRAFT}-*"):
            shutil.rmtree(left)
        yield


def _versions(line: Line) -> dict[str, str]:
    return {
        "postgresql": str(server_version(line)),
        "pg_dump": str(program_version("pg_dump")),
        "python": platform.python_version(),
        "django": django.get_version(),
        "cryptography": cryptography.__version__,
    }


def _words_for(error: OSError, folder: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{folder} 所在的磁盘已满,没有做成备份;原有的备份没有动。"
    return f"{folder} 不能写入({error.strerror}),没有做成备份。"

"""The ordinary account that PostgreSQL and Valkey run under."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinchang_care.services.places import Places, ServicesError

# From Linux's prctl.h and capability.h.
PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION = 0x20080522
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


@dataclass(frozen=True)
class Account:
    """An operating system's account, by number."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        return name_of(self.uid)


def service_account(places: Places) -> Account:
    """Return whom the services run as: ourselves, or under root someone humbler."""
    if os.geteuid() != 0:
        return _ourselves(places)
    if places.cluster.exists() and (owner := places.cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServicesError(
            "以 root 运行时,数据库要用 nobody 账户启动,但本机没有这个账户。"
            "请以普通用户运行,或用 DATABASE_URL 指向已有的 PostgreSQL。"
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServicesError(
            f"当前用户编号 {uid} 在本机没有用户名,PostgreSQL 不能启动。"
            "请换一个有用户名的账户,或用 DATABASE_URL 指向已有的 PostgreSQL。"
        ) from None


def blocked_at(path: Path, account: Account) -> Path | None:
    """Return the first folder on the way to the path that the account may not enter."""
    if account.uid == os.geteuid():
        return None
    on_the_way = (folder for folder in reversed(path.parents) if folder.exists())
    return next((one for one in on_the_way if not _may_enter(one, account)), None)


def require_way_to(path: Path, account: Account) -> None:
    """Refuse when the account cannot come to the path; only root can meet this.

    Root's own house is closed to everyone. Root may lend the right to walk through
    closed folders, unless a container has taken that right from it.
    """
    blocked = blocked_at(path, account)
    if blocked is not None and right_to_walk() is None:
        raise ServicesError(
            f"以 root 运行时,数据库以 {account.name} 账户启动,"
            f"但它不能进入 {blocked}。"
            "请把项目放到 /srv 或 /opt 之下,或以普通用户运行,"
            "或用 DATABASE_URL 指向已有的 PostgreSQL。"
        )


def right_to_walk() -> int | None:
    """Return the smallest capability of ours that opens closed folders, if any."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    ours = int(status.split("CapPrm:")[1].split()[0], 16)
    rights = (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE)
    return next((right for right in rights if ours & 1 << right), None)


def give(path: Path, account: Account) -> None:
    """Hand a folder of ours to the account, with all that root may have left in it."""
    if os.geteuid() == 0 and path.stat().st_uid != account.uid:
        os.chown(path, account.uid, account.gid)


def becoming(
    account: Account, *, dies_by: signal.Signals | None, walks_to: Sequence[Path] = ()
) -> Callable[[], None]:
    """Return what a new child does first: take the account, and agree to die with us.

    The right to walk is lent only when the way is closed. The death signal is asked
    for last, since changing account clears it.
    """
    # Looked up before the fork, where it is still safe to load a library.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    closed = any(blocked_at(path, account) for path in walks_to)
    right = right_to_walk() if closed else None

    def become() -> None:
        if os.geteuid() == 0 and account.uid != 0:
            if libc is not None and right is not None:
                # Keeps rights over the change of account, and lets access(2), with
                # which initdb looks for its companions, count them too.
                libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            if libc is not None and right is not None:
                _keep_only(right, libc)
        os.umask(0o077)
        if libc is not None and dies_by is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)

    return become


def _keep_only(right: int, libc: ctypes.CDLL) -> None:
    """Give up every right of root's but this one, and hand it on to the program."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    bit = 1 << right
    # Effective, permitted, inheritable: the low half, then the high.
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    libc.capset(header, sets)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, right, 0, 0)


def _ourselves(places: Places) -> Account:
    account = Account(os.geteuid(), os.getegid())
    if places.cluster.exists() and (uid := places.cluster.stat().st_uid) != account.uid:
        raise ServicesError(
            f"数据目录 {places.cluster} 属于 {name_of(uid)},"
            f"不属于当前用户 {account.name}。"
            "请以原来的用户运行,或用 DATA_DIR= 另指一个目录。"
        )
    return account


def _may_enter(folder: Path, account: Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == account.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)

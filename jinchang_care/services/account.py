"""The ordinary account that PostgreSQL and Valkey run under."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jinchang_care.services.places import Places, ServicesError

PR_SET_PDEATHSIG = 1


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


def require_way_to(path: Path, account: Account) -> None:
    """Refuse when the account may not walk to the path; only root can meet this."""
    if account.uid == os.geteuid():
        return
    for folder in reversed(path.parents):
        if folder.exists() and not _may_enter(folder, account):
            raise ServicesError(
                f"以 root 运行时,数据库以 {account.name} 账户启动,"
                f"但它不能进入 {folder}。"
                "请把项目放到 /srv 或 /opt 之下,或以普通用户运行,"
                "或用 DATABASE_URL 指向已有的 PostgreSQL。"
            )


def give(path: Path, account: Account) -> None:
    """Hand a folder of ours to the account, with all that root may have left in it."""
    if os.geteuid() == 0 and path.stat().st_uid != account.uid:
        os.chown(path, account.uid, account.gid)


def becoming(account: Account, *, dies_by: signal.Signals | None) -> Callable[[], None]:
    """Return what a new child does first: take the account, and agree to die with us.

    The death signal is asked for last, since changing account clears it.
    """
    # Looked up before the fork, where it is still safe to load a library.
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def become() -> None:
        if os.geteuid() == 0 and account.uid != 0:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        os.umask(0o077)
        if prctl is not None and dies_by is not None:
            prctl(PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)

    return become


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

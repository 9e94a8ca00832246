"""What PostgreSQL is told when its log is to be kept: WAL_ARCHIVE_DIR says where."""

import os
import shlex
import sys
from pathlib import Path

from common import key_pair
from jinchang_care.services import account as accounts
from jinchang_care.services import archive
from jinchang_care.services.account import Account
from jinchang_care.services.places import Places, ServicesError

PROGRAM = Path(archive.__file__).resolve()
# Nobody loses more than this much by the loss of the machine.
PIECE_EVERY_SECONDS = 60
REPLICATION = "local replication postgres peer map=here"


def folder() -> Path | None:
    """Return where the log goes, or None where nobody has asked for it."""
    given = os.environ.get("WAL_ARCHIVE_DIR")
    return Path(given).resolve() if given else None


def programs() -> list[Path]:
    """Return what PostgreSQL must be able to come to, to put its log away."""
    if folder() is None:
        return []
    return [Path(sys.executable).resolve(), PROGRAM]


def settings(places: Places, account: Account) -> dict[str, str]:
    """Return PostgreSQL's settings for it; the folder is made for its account."""
    place = folder()
    if place is None:
        return {"archive_mode": "off"}
    for way in [*programs(), place / "any"]:
        accounts.require_way_to(way, account)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        accounts.give(place, account)
    except OSError as error:
        raise ServicesError(
            f"日志归档目录 {place} 不能写入({error.strerror})。"
            "请检查磁盘是否挂上,或改 WAL_ARCHIVE_DIR。"
        ) from error
    public = key_pair.as_text(key_pair.public_key(places.root / "secrets"))
    words = [sys.executable, "-B", "-I", str(PROGRAM)]
    quoted = [shlex.quote(word).replace("%", "%%") for word in words]
    where = shlex.quote(str(place)).replace("%", "%%")
    command = f"{' '.join(quoted)} %p %f --to {where} --key {public}"
    return {
        "archive_mode": "on",
        "archive_timeout": str(PIECE_EVERY_SECONDS),
        "archive_command": command.replace("'", "''"),
    }

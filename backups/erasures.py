"""How the list of erasures gets past a backup, and is done again after a return.

The list lies outside the database. A sealed copy of it stands beside the backups, so
that an older backup brought back on a new machine still learns of later erasures.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from backups.keys import public_key
from common.durable import add_lines, put, written
from common.refusals import Refused
from common.sealed_chunks import Damaged
from common.sealed_stream import SealedWriter, WrongKey, opened

BESIDE = "erasures.sealed"
# What must be done again in a restored database; an app above plugs itself in.
after_restore: list[Callable[[], str]] = []


def put_beside(folder: Path) -> None:
    """Seal the list as it is now beside the backups of this folder."""
    ledger = Path(settings.ERASURE_LEDGER)
    if not ledger.exists():
        return
    draft = folder / f".{BESIDE}.{os.getpid()}.{os.urandom(4).hex()}"
    with (
        written(draft) as file,
        SealedWriter(file, name=BESIDE, public=public_key()) as out,
    ):
        out.write(ledger.read_bytes())
    put(draft, folder / BESIDE)


def bring(folder: Path, *, key: X25519PrivateKey) -> int:
    """Add what the copy beside the backups tells to our own list; return how much."""
    place = folder / BESIDE
    if not place.exists():
        return 0
    try:
        text = b"".join(opened(io.BytesIO(place.read_bytes()), name=BESIDE, key=key))
    except (Damaged, WrongKey):
        raise Refused(f"{place} 打不开,不知道备份之后清除过谁,没有恢复。") from None
    ledger = Path(settings.ERASURE_LEDGER)
    known = ledger.read_text().splitlines() if ledger.exists() else []
    news = [line for line in text.decode().splitlines() if line not in known]
    if news:
        add_lines(ledger, news)
    return len(news)

"""The key that signs the chain's heads: its own, apart from all that seal fields."""

import base64
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings

LENGTH = 32


def head_key() -> bytes:
    """Return the key: TRAIL_KEY (base64), or a file that is made the first time."""
    given = os.environ.get("TRAIL_KEY")
    if given:
        return base64.b64decode(given)
    return _from_file(Path(settings.DATA_DIR) / "secrets" / "trail.key")


@cache
def _from_file(path: Path) -> bytes:
    try:
        return base64.b64decode(path.read_text())
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may come first at once: each writes its own, one link wins.
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(LENGTH)))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return base64.b64decode(path.read_text())

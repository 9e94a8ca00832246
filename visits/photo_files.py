"""Where photos lie: sealed, under random names, read by whom a view let in only."""

import base64
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from common.durable import kept

FOLDER = "photos"
NAME_BYTES = 16
NONCE_BYTES = 12


class PhotoGone(Exception):
    """The file is missing, altered, or its key does not open."""


def write(picture: bytes) -> tuple[str, str]:
    """Seal the picture into a new file; return its name and its key."""
    name, key = secrets.token_hex(NAME_BYTES), AESGCM.generate_key(256)
    nonce = os.urandom(NONCE_BYTES)
    with kept(path_of(name)) as file:
        file.write(nonce + AESGCM(key).encrypt(nonce, picture, name.encode()))
    return name, base64.b64encode(key).decode()


def read(name: str, key: str) -> bytes:
    """Return the picture; raises PhotoGone when it cannot be had."""
    try:
        sealed = path_of(name).read_bytes()
        cipher = AESGCM(base64.b64decode(key, validate=True))
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except (OSError, ValueError, InvalidTag):
        raise PhotoGone from None


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def names_older_than(moment: float) -> Iterator[str]:
    """Yield the names of the files written before this moment."""
    if folder().is_dir():
        for path in folder().iterdir():
            if path.stat().st_mtime < moment:
                yield path.name


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER


def path_of(name: str) -> Path:
    return folder() / Path(name).name

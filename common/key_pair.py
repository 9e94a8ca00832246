"""The backup key: its public half seals, its private half may live somewhere else."""

import base64
import binascii
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)

from common.durable import make_once
from common.refusals import Refused

KEY, PUBLIC = "backup.key", "backup.pub"


def public_key(folder: Path) -> X25519PublicKey:
    """Return the half that seals; the pair is made the first time it is asked for."""
    given = os.environ.get("BACKUP_PUBLIC_KEY")
    if given:
        return from_text(given)
    file = folder / PUBLIC
    if not file.exists():
        made = private_key(folder) if _private_text(folder) else _make_pair(folder)
        make_once(file, _text(made.public_key().public_bytes_raw()), mode=0o644)
    return from_text(file.read_text())


def private_key(folder: Path, *, file: Path | None = None) -> X25519PrivateKey:
    """Return the half that opens; refuses where it is not on this machine."""
    text = _text_of(file) if file else _private_text(folder)
    if not text:
        raise Refused(
            f"这台机器上没有备份私钥({folder / KEY}),打不开备份。"
            "请把另行保管的私钥放回去,或用 --key 指明它在哪里。"
        )
    return X25519PrivateKey.from_private_bytes(_bytes(text))


def from_text(text: str) -> X25519PublicKey:
    """Return the public half that somebody wrote down."""
    return X25519PublicKey.from_public_bytes(_bytes(text))


def as_text(key: X25519PublicKey) -> str:
    return _text(key.public_bytes_raw()).decode().strip()


def _make_pair(folder: Path) -> X25519PrivateKey:
    text = _text(X25519PrivateKey.generate().private_bytes_raw())
    # Someone else may have been faster: theirs counts.
    return X25519PrivateKey.from_private_bytes(
        _bytes(make_once(folder / KEY, text).decode())
    )


def _private_text(folder: Path) -> str:
    given = os.environ.get("BACKUP_KEY", "")
    file = folder / KEY
    return given or (file.read_text() if file.exists() else "")


def _text_of(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"读不了私钥文件 {file}。") from None


def _text(key: bytes) -> bytes:
    return base64.b64encode(key) + b"\n"


def _bytes(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise Refused("备份密钥不完整:应当是一行 44 个字符,请核对是否抄漏。")
    return key

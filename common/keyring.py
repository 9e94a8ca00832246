"""The keys a deployment stands on: wrapped in one file by a root secret.

The root secret is in the environment (ROOT_SECRET) or in a file that only its owner
can read; it is never in the database nor in a backup. Every process looks at the
file again when it changes, so that keys are changed while all of them serve.
"""

import base64
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = 2
# How stale a process may be about keys that another has just changed.
LOOK_AGAIN_AFTER = 0.05
ALGORITHMS = ("aes", "sm4")
SHORTEST_ROOT = 32
# A key's number is one byte of everything it sealed.
LAST_NUMBER = 255

Stored = dict[str, Any]


class KeysUnusable(SystemExit):
    """The keys are missing, or are not those of this place; told in one sentence."""


# Compared by identity: it is looked up a million times, and read anew only rarely.
@dataclass(frozen=True, eq=False)
class Key:
    """One key and the algorithm it is for: ``aes`` or ``sm4`` (国密)."""

    number: int
    algorithm: str
    secret: bytes


@dataclass(frozen=True)
class Ring:
    """All keys as they stood in the file at one moment."""

    session_key: str
    content_key: bytes
    field_keys: dict[int, Key]
    active_field_key: int
    index_keys: dict[int, Key]
    active_index_key: int

    def keys(self, purpose: str) -> dict[int, Key]:
        """Return the keys for ``field`` or ``index``, by their numbers."""
        return self.field_keys if purpose == "field" else self.index_keys

    @property
    def index_key(self) -> Key:
        """The key by which equal values are found."""
        return self.index_keys[self.active_index_key]


class Keyring:
    """The file of keys, opened by the root secret, made the first time."""

    def __init__(self, path: Path, *, algorithm: str = "aes") -> None:
        if algorithm not in ALGORITHMS:
            raise KeysUnusable("FIELD_ALGORITHM 只能是 aes 或 sm4。")
        self.path = path
        self._algorithm = algorithm
        self._looked_at = 0.0
        self._seen: tuple[int, int] | None = None
        self._held: Ring | None = None
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self._root = self._find_root()
            if not path.exists():
                self._write(self._made())
            elif "format" not in json.loads(path.read_text()):
                self._write(self._upgraded(json.loads(path.read_text())))
        self._ring = self._read()

    def ring(self) -> Ring:
        """Return the keys as they are now."""
        if self._held is not None:
            return self._held
        now = time.monotonic()
        if now - self._looked_at > LOOK_AGAIN_AFTER:
            self._looked_at = now
            if self._stamp() != self._seen:
                self._ring = self._read()
        return self._ring

    def look_again(self) -> Ring:
        """Return the keys as they are this instant."""
        self._looked_at = 0.0
        return self.ring()

    def make_key(self, purpose: str, algorithm: str) -> int:
        """Put a new key beside the others, none of which it replaces yet."""
        made: list[int] = []

        def make(stored: Stored) -> None:
            # Numbers are never used twice, not even those of keys long gone.
            number = stored[f"last_{purpose}_key"] + 1
            if number > LAST_NUMBER:
                raise KeysUnusable("密钥编号已用完。")
            key = self._new_key(purpose, number, algorithm)
            stored[f"{purpose}_keys"][str(number)] = key
            stored[f"last_{purpose}_key"] = number
            made.append(number)

        self._change(make)
        return made[0]

    def use_key(self, purpose: str, number: int) -> None:
        """Let this key be the one that seals, or that values are found by."""

        def use(stored: Stored) -> None:
            stored[f"active_{purpose}_key"] = number

        self._change(use)

    @contextmanager
    def as_if_using(self, purpose: str, number: int) -> Iterator[None]:
        """Work inside the block, in this process, as if the key were active already."""
        ring = self.look_again()
        if purpose == "field":
            self._held = replace(ring, active_field_key=number)
        else:
            self._held = replace(ring, active_index_key=number)
        try:
            yield
        finally:
            self._held = None

    def remove(self, purpose: str, number: int) -> None:
        """Forget a key for good; what it sealed can never be opened again."""

        def forget(stored: Stored) -> None:
            stored[f"{purpose}_keys"].pop(str(number), None)

        self._change(forget)

    def _change(self, change: Callable[[Stored], None]) -> None:
        with self._locked():
            stored = json.loads(self.path.read_text())
            change(stored)
            self._write(stored)
        self.look_again()

    def _made(self) -> Stored:
        content = secrets.token_bytes(KEY_BYTES)
        return {
            "format": FORMAT,
            "session_key": self._wrap("session", secrets.token_urlsafe(48).encode()),
            "content_key": self._wrap("content", content),
            "field_keys": {"1": self._new_key("field", 1, self._algorithm)},
            "active_field_key": 1,
            "last_field_key": 1,
            "index_keys": {"1": self._new_key("index", 1, self._algorithm)},
            "active_index_key": 1,
            "last_index_key": 1,
        }

    def _upgraded(self, old: Stored) -> Stored:
        """Wrap a file of the first format, in which the keys lay open."""
        index = base64.b64decode(old["index_key"])
        made = self._made()
        made["session_key"] = self._wrap("session", old["session_key"].encode())
        # What a phone sent before must be known again when it sends it once more.
        made["content_key"] = self._wrap("content", index)
        made["field_keys"] = {
            number: {
                "algorithm": "aes",
                "key": self._wrap(f"field:{number}", base64.b64decode(key)),
            }
            for number, key in old["field_keys"].items()
        }
        made["active_field_key"] = made["last_field_key"] = max(
            int(number) for number in old["field_keys"]
        )
        made["index_keys"] = {
            "1": {"algorithm": "aes", "key": self._wrap("index:1", index)}
        }
        return made

    def _new_key(self, purpose: str, number: int, algorithm: str) -> Stored:
        secret = secrets.token_bytes(KEY_BYTES)
        wrapped = self._wrap(f"{purpose}:{number}", secret)
        return {"algorithm": algorithm, "key": wrapped}

    def _read(self) -> Ring:
        self._seen = self._stamp()
        stored = json.loads(self.path.read_text())
        return Ring(
            session_key=self._unwrap("session", stored["session_key"]).decode(),
            content_key=self._unwrap("content", stored["content_key"]),
            field_keys=self._keys("field", stored["field_keys"]),
            active_field_key=stored["active_field_key"],
            index_keys=self._keys("index", stored["index_keys"]),
            active_index_key=stored["active_index_key"],
        )

    def _keys(self, purpose: str, stored: Stored) -> dict[int, Key]:
        return {
            int(number): Key(
                int(number),
                one["algorithm"],
                self._unwrap(f"{purpose}:{number}", one["key"]),
            )
            for number, one in stored.items()
        }

    def _stamp(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_mtime_ns, found.st_ino

    def _find_root(self) -> bytes:
        given = os.environ.get("ROOT_SECRET", "")
        if given:
            if len(given) < SHORTEST_ROOT:
                raise KeysUnusable(f"ROOT_SECRET 太短,至少要 {SHORTEST_ROOT} 个字符。")
            return _stretched(given.encode())
        file = self.path.with_name("root.key")
        if not file.exists():
            if self.path.exists() and "format" in json.loads(self.path.read_text()):
                raise KeysUnusable(
                    f"找不到主密钥:请放回 {file},或在环境变量 ROOT_SECRET 中给出,"
                    "否则已加密的信息无法读取。"
                )
            _write_for_owner(file, secrets.token_urlsafe(48))
        return _stretched(file.read_text().strip().encode())

    def _wrap(self, name: str, secret: bytes) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._root).encrypt(nonce, secret, name.encode())
        return base64.b64encode(nonce + sealed).decode()

    def _unwrap(self, name: str, wrapped: str) -> bytes:
        sealed = base64.b64decode(wrapped)
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return AESGCM(self._root).decrypt(nonce, rest, name.encode())
        except InvalidTag:
            raise KeysUnusable(
                f"主密钥不对,打不开 {self.path},请换回原来的主密钥后再启动。"
            ) from None

    def _write(self, stored: Stored) -> None:
        _write_for_owner(self.path, json.dumps(stored, indent=1))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self.path.with_suffix(".lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _stretched(root: bytes) -> bytes:
    derive = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"jinchang-care keys")
    return derive.derive(root)


def _write_for_owner(path: Path, text: str) -> None:
    """Put the whole file in place at once, readable by its owner only."""
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

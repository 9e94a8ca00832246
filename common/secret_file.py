"""Keys from the environment, or from a file that only its owner can read."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Secrets:
    """The keys a deployment stands on."""

    session_key: str
    field_keys: dict[int, bytes]
    active_field_key: int
    index_key: bytes


def load_secrets(path: Path) -> Secrets:
    """Read the keys of ``path``, making the file the first time.

    The environment wins: SECRET_KEY, FIELD_KEYS (``1:base64,2:base64``, the last
    one is active) and INDEX_KEY (base64).
    """
    stored = _from_environment() or _from_file(path)
    field_keys = {
        int(number): base64.b64decode(key)
        for number, key in stored["field_keys"].items()
    }
    return Secrets(
        session_key=stored["session_key"],
        field_keys=field_keys,
        active_field_key=max(field_keys),
        index_key=base64.b64decode(stored["index_key"]),
    )


def _from_environment() -> dict[str, Any] | None:
    names = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")
    given = [name for name in names if os.environ.get(name)]
    if not given:
        return None
    if len(given) < len(names):
        missing = "、".join(sorted(set(names) - set(given)))
        raise SystemExit(f"密钥只给了一部分,还缺环境变量 {missing},请补齐后再启动。")
    pairs = (item.split(":", 1) for item in os.environ["FIELD_KEYS"].split(","))
    return {
        "session_key": os.environ["SECRET_KEY"],
        "field_keys": {number.strip(): key.strip() for number, key in pairs},
        "index_key": os.environ["INDEX_KEY"],
    }


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())  # type: ignore[no-any-return]
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {
        "session_key": secrets.token_urlsafe(48),
        "field_keys": {"1": base64.b64encode(secrets.token_bytes(32)).decode()},
        "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    # Several processes may start at once: each writes its own, one link wins.
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return json.loads(path.read_text())  # type: ignore[no-any-return]

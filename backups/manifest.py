"""What a backup holds, written down, and proven to be by a system with our keys."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from backups.tables import TableState
from common.encryption import Unreadable, seal, unseal
from common.refusals import Refused

FORMAT = 1
PROOF = "backups.manifest"


@dataclass(frozen=True)
class KeptFile:
    """One uploaded file in the set."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The set's name, what made it, and what must be found in it."""

    name: str
    made_at: str
    versions: dict[str, str]
    tables: dict[str, TableState]
    trail_head: str
    roles: list[str] = field(default_factory=list)
    files: dict[str, KeptFile] = field(default_factory=dict)
    # Of each sealed file of the set but the manifest itself: bytes of its content.
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def written(self) -> bytes:
        """Return the manifest with its proof, which only our field keys can make."""
        body = json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True)
        proof = seal(self.name, bound_to=_bound_to(body))
        return json.dumps({"body": body, "proof": proof.hex()}).encode()


def read(text: bytes) -> Manifest:
    """Return what ``written`` wrote; refuses one that was made with other keys."""
    told = json.loads(text)
    body = json.loads(told["body"])
    if body.pop("format") != FORMAT:
        raise Refused("这份备份是更新的版本做的,请用同样新的系统恢复。")
    try:
        unseal(bytes.fromhex(told["proof"]), bound_to=_bound_to(told["body"]))
    except Unreadable:
        raise Refused(
            "本机的字段密钥(secrets/keys.json)不是做这份备份时的那一份,"
            "恢复后证件号等会读不出来。请先放回原来的密钥文件。"
        ) from None
    body["tables"] = {name: TableState(**t) for name, t in body["tables"].items()}
    body["files"] = {name: KeptFile(**f) for name, f in body["files"].items()}
    return Manifest(**body)


def _bound_to(body: str) -> str:
    return f"{PROOF}:{hashlib.sha256(body.encode()).hexdigest()}"

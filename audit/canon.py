"""What exactly is hashed: an event's bytes, and how one link follows the last."""

import hashlib
import hmac
import struct

GENESIS = bytes(32)
NUMBERS = struct.Struct(">qq")
# The sealer hashes these words in the database and verify_audit in Python, so that
# neither needs to believe the other. Changing them breaks every chain there is.
EVENT_TEXT = """
jsonb_build_array(
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.by, e.by_name, e.kind,
    e.subject_type, e.subject_id, e.subject_words, e.area, e.reason, e.details,
    e.address, e.device, e.xid
)::text
"""


def link(prev: bytes, pos: int, n: int, text: str) -> bytes:
    """Return SHA-256(prev ‖ pos ‖ n ‖ text), numbers as eight bytes each."""
    return hashlib.sha256(prev + NUMBERS.pack(pos, n) + text.encode()).digest()


def signature(key: bytes, pos: int, h: bytes) -> bytes:
    """Return what only the holder of the key can say of this head."""
    return hmac.digest(key, pos.to_bytes(8, signed=True) + h, "sha256")

"""The primary key that every row with a private fact has before it is written."""

import os
import time
import uuid

from django.db import models


def uuid7() -> uuid.UUID:
    """Return a UUID of version 7 (RFC 9562): ordered by time, not guessable."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | random_bits
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


class Row(models.Model):
    """A row whose key is made by us, so that a ciphertext can be bound to it."""

    id = models.UUIDField("标识", primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True

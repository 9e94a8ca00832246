"""Keys that follow from the seed, so that nobody has to remember them."""

from datetime import UTC, datetime
from enum import IntEnum
from uuid import UUID

VERSION_7 = 0x7 << 76
VARIANT = 0x2 << 62
LOW_62 = (1 << 62) - 1
LOW_12 = (1 << 12) - 1
# Odd, so that multiplying by it visits every number of 64 bits once.
STEP = 0x9E37_79B9_7F4A_7C15
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)


class Stream(IntEnum):
    """What a key is for; keys of two streams never meet."""

    ORGANISATION = 1
    USER = 2
    CADRE = 3
    HOUSEHOLD = 4
    RECIPIENT = 5
    GUARDIAN = 6
    PAIRING = 7
    VISIT = 8
    CLIENT = 9
    SHEET = 10
    CHECK = 11
    NEED = 12


class Keys:
    """UUIDs of version 7: the n-th of a stream is always the same, later is larger."""

    def __init__(self, seed: int) -> None:
        self._milliseconds = int(BEGINNING.timestamp() * 1000)
        self._salt = seed * STEP
        self._counts = [0] * (max(Stream) + 1)

    def nth(self, stream: Stream, number: int) -> UUID:
        """Return the key of the ``number``-th row of a stream."""
        return UUID(int=self._value(stream, number))

    def next(self, stream: Stream) -> UUID:
        """Return the key that comes next in a stream."""
        number = self._counts[stream]
        self._counts[stream] = number + 1
        return UUID(int=self._value(stream, number))

    def next_text(self, stream: Stream) -> str:
        """Return the next key as text, which is quicker where a text will do."""
        number = self._counts[stream]
        self._counts[stream] = number + 1
        text = f"{self._value(stream, number):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def _value(self, stream: Stream, number: int) -> int:
        tail = (number * STEP + self._salt + stream) & (LOW_62 >> 4)
        return (
            (self._milliseconds + (number >> 12)) << 80
            | VERSION_7
            | (number & LOW_12) << 64
            | VARIANT
            | stream << 58
            | tail
        )

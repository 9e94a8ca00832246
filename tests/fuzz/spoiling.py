"""Spoils a good file in the ways that disks, couriers and ill will do."""

import io
import random
import zipfile
from collections.abc import Callable

Spoil = Callable[[bytes, random.Random], bytes]


def flip_bits(content: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 8, 200))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def repeat_a_piece(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    piece = content[at : at + chance.randrange(1, 4_000)]
    return content[:at] + piece * chance.randrange(2, 20) + content[at:]


def overwrite(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    noise = chance.randbytes(chance.randrange(1, 2_000))
    return content[:at] + noise + content[at + len(noise) :]


def swap_parts(content: bytes, chance: random.Random) -> bytes:
    """Give two parts of a zip each other's content; other files are overwritten."""
    return _repacked(content, chance, _swapped)


def lose_a_part(content: bytes, chance: random.Random) -> bytes:
    return _repacked(content, chance, _without_one)


def spoil_a_part(content: bytes, chance: random.Random) -> bytes:
    """Spoil what lies inside the zip, so that its own checks find nothing."""
    return _repacked(content, chance, _with_one_spoilt)


WAYS: tuple[Spoil, ...] = (
    *(flip_bits, cut, repeat_a_piece, overwrite),
    *(swap_parts, lose_a_part, spoil_a_part, spoil_a_part),
)
Parts = dict[str, bytes]


def _repacked(
    content: bytes,
    chance: random.Random,
    change: Callable[[Parts, random.Random], None],
) -> bytes:
    if not content.startswith(b"PK"):
        return overwrite(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts, chance)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name, inside in parts.items():
            new.writestr(name, inside)
    return packed.getvalue()


def _swapped(parts: Parts, chance: random.Random) -> None:
    one, other = chance.sample(sorted(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]


def _without_one(parts: Parts, chance: random.Random) -> None:
    del parts[chance.choice(sorted(parts))]


def _with_one_spoilt(parts: Parts, chance: random.Random) -> None:
    name = chance.choice(sorted(filter(parts.get, parts)))
    way = chance.choice((flip_bits, cut, repeat_a_piece, overwrite))
    parts[name] = way(parts[name], chance)

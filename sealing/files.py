"""Finds sealed files whose key is wrapped by an old key, and wraps it anew."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from common import sealed_files


def count_by(number: int) -> int:
    """Count the files that still need the field key with this number."""
    return sum(found == number for _, found in _sealed())


def renew() -> int:
    """Wrap what another key than today's has wrapped; return how many files it was."""
    active = settings.SECRETS.ring().active_field_key
    return sum(
        sealed_files.renew(path) for path, number in _sealed() if number != active
    )


def _sealed() -> Iterator[tuple[Path, int]]:
    """Yield every sealed file; one that goes away meanwhile needs no key."""
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        try:
            number = sealed_files.key_number(path) if path.is_file() else None
        except FileNotFoundError:
            continue
        if number is not None:
            yield path, number

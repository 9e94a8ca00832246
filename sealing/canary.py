"""Proves before anything is served that the keys here are those of the database."""

from django.conf import settings
from django.db import transaction

from common.encryption import Unreadable, blind_index, seal_bytes, unseal_bytes
from common.keyring import Key, KeysUnusable, Ring
from sealing.models import CANARY, Purpose, SealingKey

WRONG = (
    "密钥与数据库不符:{what}。请换回这个数据库原来的密钥文件(secrets 目录)后再启动,"
    "不要新建密钥。"
)


def place_of(number: int) -> str:
    """Name the place to which a field key's canary is bound."""
    return f"sealing.canary:{number}"


def canary_of(purpose: str, key: Key) -> bytes:
    """Return what this key makes of the well-known words."""
    if purpose == Purpose.INDEX:
        return blind_index(CANARY, key)
    return seal_bytes(CANARY.encode(), key, place_of(key.number))


@transaction.atomic
def prove() -> None:
    """Write the canaries the first time; afterwards refuse to start with others.

    What the database says of its keys holds, a kill before it came to the file or not.
    Raises KeysUnusable, which ends the program with its one sentence.
    """
    ring = settings.SECRETS.look_again()
    known = {
        (key.purpose, key.number): key
        for key in SealingKey.objects.select_for_update().kept()
    }
    if not known:
        _write_first(ring)
    for record in known.values():
        _prove(record, ring)
        if record.retired_at is None:
            _follow(record, ring)
    for record in SealingKey.objects.exclude(removed_at=None):
        if record.number in ring.keys(record.purpose):
            settings.SECRETS.remove(record.purpose, record.number)


def _follow(record: SealingKey, ring: Ring) -> None:
    """Use the key the database says is in use."""
    field = record.purpose == Purpose.FIELD
    active = ring.active_field_key if field else ring.active_index_key
    if active != record.number:
        settings.SECRETS.use_key(record.purpose, record.number)


def _write_first(ring: Ring) -> None:
    for purpose, keys, active in (
        (Purpose.FIELD, ring.field_keys, ring.active_field_key),
        (Purpose.INDEX, ring.index_keys, ring.active_index_key),
    ):
        key = keys[active]
        SealingKey.objects.get_or_create(
            purpose=purpose,
            number=key.number,
            defaults={
                "algorithm": key.algorithm,
                "canary": canary_of(purpose, key),
            },
        )


def _prove(record: SealingKey, ring: Ring) -> None:
    key = ring.keys(record.purpose).get(record.number)
    if key is None:
        raise KeysUnusable(WRONG.format(what=f"缺少{record}"))
    canary = bytes(record.canary)
    if record.purpose == Purpose.INDEX:
        fits = blind_index(CANARY, key) == canary
    else:
        fits = _opens(canary, record.number)
    if not fits:
        raise KeysUnusable(WRONG.format(what=f"{record}不对"))


def _opens(canary: bytes, number: int) -> bool:
    try:
        return unseal_bytes(canary, place_of(number)) == CANARY.encode()
    except Unreadable:
        return False

"""Changes all keys and their algorithm under load, killed in between, and reads all."""

import random
import subprocess
import sys
import time
from dataclasses import replace

from faults.deployment import BASE, Deployment
from faults.hardships import Hardship, last
from faults.phones import Heard

CHANGE = ("rotate_keys", "--index", "--remove-old", "--algorithm")


def keys_change(
    deployment: Deployment, heard: Heard, *, kills: int, seed: int
) -> Hardship:
    """Change to SM4 in one go, and back to AES killed so many times on the way."""
    chance, killed = random.Random(f"{seed} keys"), 0

    def change_twice() -> None:
        nonlocal killed
        begun = time.monotonic()
        _change(deployment, "sm4")
        whole = time.monotonic() - begun
        for _ in range(kills):
            killed += not _change(
                deployment, "aes", until=chance.uniform(0.1, 1) * whole
            )
        _change(deployment, "aes")

    found = last("更换密钥", deployment, heard, change_twice, 0)
    left = _left()
    words = f"换成 SM4 再换回 AES,途中杀 {killed} 次;" + "、".join(
        f"{what} {many}" for what, many in left.items()
    )
    met = found.met and found.accepted > 0 and not any(left.values())
    return replace(found, met=met, words=words, facts={"killed": killed})


def _change(
    deployment: Deployment, algorithm: str, *, until: float | None = None
) -> bool:
    """Change the keys as a person does; say whether it came to its end before."""
    goes_on = ("--resume",) if _begun(algorithm) else ()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *CHANGE, algorithm, *goes_on],
        cwd=BASE,
        env=deployment.surroundings(),
        stdout=subprocess.DEVNULL,
    )
    try:
        code = process.wait(timeout=until)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    if code:
        raise RuntimeError(f"The keys could not be changed to {algorithm}.")
    return True


def _begun(algorithm: str) -> bool:
    """Say whether a key of this algorithm seals already."""
    from sealing.models import Purpose, SealingKey

    active = SealingKey.objects.active().filter(purpose=Purpose.FIELD)
    return active.filter(algorithm=algorithm).exists()


def _left() -> dict[str, int]:
    """Count what does not open, what is sealed or indexed by another key, and keys."""
    from django.conf import settings

    from common.encryption import UnreadableText
    from sealing.rows import renew, tables

    ring = settings.SECRETS.look_again()
    kept = len(ring.field_keys) + len(ring.index_keys)
    unreadable = undone = 0
    for table in tables():
        names = [field.attname for field in table.sealed]
        for row in table.model._base_manager.iterator(chunk_size=500):
            values = [getattr(row, name) for name in names]
            unreadable += sum(isinstance(value, UnreadableText) for value in values)
        # What would be sealed or indexed anew is not as it should be.
        walks = renew(table, indexes=True, skip_locked=False)
        undone += sum(walk.rows for walk in walks)
    return {"读不出": unreadable, "要重做": undone, "多余的密钥": kept - 2}

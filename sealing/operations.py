"""Changing keys: a new one to seal with, a new one to find by, an old one destroyed."""

from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable

from audit import trail
from common.refusals import Refused
from sealing import files
from sealing.canary import canary_of, prove
from sealing.models import Purpose, SealingKey
from sealing.rows import Table, count_by, renew, tables

# A process may seal with the key before for this long, and a transaction longer.
GRACE = timedelta(seconds=5)
# Less than the second after which the server looks for deadlocks, and ends one of two.
GIVE_WAY_AFTER_MS = 500


@transaction.atomic
def begin_field_key(*, algorithm: str, by: models.Model | None) -> SealingKey:
    """Let a new key seal from now on; what older keys sealed still opens."""
    record = _begin(Purpose.FIELD, algorithm)
    trail.record("sealing.field_key_begun", subject=record, by=by, algorithm=algorithm)
    transaction.on_commit(lambda: settings.SECRETS.use_key("field", record.number))
    return record


@transaction.atomic
def change_index_key(*, algorithm: str, by: models.Model | None) -> SealingKey:
    """Index everything anew by a new key, while readers read and writers wait.

    Values are found by equality, so that all of them must change at one moment.
    Raises Refused while somebody who is writing does not let it in.
    """
    record = _begin(Purpose.INDEX, algorithm)
    indexed = [table for table in tables() if table.indexed]
    _let_nobody_write(indexed)
    with settings.SECRETS.as_if_using("index", record.number):
        for table in indexed:
            for _ in renew(table, indexes=True, skip_locked=False):
                pass
    trail.record(
        "sealing.index_key_changed", subject=record, by=by, algorithm=algorithm
    )
    transaction.on_commit(lambda: settings.SECRETS.use_key("index", record.number))
    return record


@transaction.atomic
def remove_key(*, key: SealingKey, by: models.Model | None) -> SealingKey:
    """Destroy a retired key.

    Raises Refused while anything still needs it, or somebody may yet seal with it.
    """
    key = SealingKey.objects.select_for_update().get(pk=key.pk)
    if key.retired_at is None or key.removed_at is not None:
        raise Refused(f"{key}正在使用或已经销毁,不能销毁。")
    if _someone_began_before(key):
        raise Refused("还有更换密钥之前开始的操作没有结束,请过一会儿再销毁。")
    if key.purpose == Purpose.FIELD and (left := still_need(key)):
        raise Refused(f"还有 {left}由{key}加密,不能销毁。")
    key.removed_at = timezone.now()
    key.save(update_fields=["removed_at"])
    trail.record("sealing.key_removed", subject=key, by=by)
    purpose, number = key.purpose, key.number
    transaction.on_commit(lambda: settings.SECRETS.remove(purpose, number))
    return key


def still_need(key: SealingKey) -> str:
    """Say how much cannot be opened without this field key; nothing when none."""
    rows, kept = count_by(key.number), files.count_by(key.number)
    told = [f"{rows} 行"] if rows else []
    return "、".join([*told, f"{kept} 个文件"] if kept else told)


def _let_nobody_write(indexed: list[Table]) -> None:
    """Lock the tables as writers do, higher apps first; give way before they must."""
    names = ", ".join(table.name for table in reversed(indexed))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {GIVE_WAY_AFTER_MS}")
            cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    except OperationalError as fault:
        if not isinstance(fault.__cause__, LockNotAvailable):
            raise
        raise Refused("正有人在写,检索密钥还没有更换,请稍后再换。") from None


def _begin(purpose: Purpose, algorithm: str) -> SealingKey:
    prove()
    old = SealingKey.objects.select_for_update().active().get(purpose=purpose)
    number = _made(purpose, algorithm)
    old.retired_at = timezone.now()
    old.save(update_fields=["retired_at"])
    keys = settings.SECRETS.look_again().keys(purpose)
    return SealingKey.objects.create(
        purpose=purpose,
        number=number,
        algorithm=algorithm,
        canary=canary_of(purpose, keys[number]),
    )


def _made(purpose: Purpose, algorithm: str) -> int:
    """Make a key; one that an earlier, killed attempt left unused is taken."""
    keys = settings.SECRETS.look_again().keys(purpose)
    known = set(
        SealingKey.objects.filter(purpose=purpose).values_list("number", flat=True)
    )
    for number, key in keys.items():
        if number not in known and key.algorithm == algorithm:
            return number
    return int(settings.SECRETS.make_key(purpose, algorithm))


def _someone_began_before(key: SealingKey) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE xact_start < %s"
            " AND pid <> pg_backend_pid() AND datname = current_database()"
            " AND backend_type = 'client backend')",
            [key.retired_at + GRACE if key.retired_at else None],
        )
        return bool(cursor.fetchone()[0])

"""Likely duplicates: found by the clock or on opening a file, and decided by people."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from common.rows import uuid7
from recipients import likely
from recipients.enums import PairState
from recipients.models import LikelyPair, Recipient

register(
    {
        "duplicate.dismissed": "核对为不是同一人",
        "merge.proposed": "提出了档案合并",
        "merge.returned": "退回了档案合并",
        "merge.approved": "审核通过了档案合并",
        "merge.undone": "撤销了档案合并",
    }
)
# What somebody decided stays decided, whatever the score becomes.
KEEP = """
    INSERT INTO recipients_likelypair
        (id, first_key, second_key, area_id, score, reasons, state, found_at, words)
    VALUES (%s, %s, %s, %s, %s, %s, 'open', %s, '')
    ON CONFLICT (first_key, second_key) DO UPDATE
    SET score = excluded.score, reasons = excluded.reasons, area_id = excluded.area_id
"""


@transaction.atomic
def find_all() -> int:
    """Look through the whole registry; forget doubts that have gone by themselves."""
    started = timezone.now()
    number = _keep(likely.find(), renew=True)
    LikelyPair.objects.open().filter(found_at__lt=started).delete()
    return number


def look_for(people: Sequence[UUID]) -> int:
    """Look for other files of these people; the caller's deed leaves the event."""
    return _keep(likely.find(people), renew=False)


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def dismiss(*, pair: LikelyPair, words: str, by: User) -> LikelyPair:
    """Say that the two are not the same person; it is remembered for good."""
    pair = LikelyPair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    _check_reach(pair, by)
    if pair.state != PairState.OPEN:
        raise Refused("这一对已经有人核对过了。")
    if not LikelyPair.objects.undecided().filter(pk=pair.pk).exists():
        raise Refused("这一对的合并正在待审,请先审核或退回。")
    pair.state, pair.decided_by, pair.words = PairState.NOT_SAME, by, words.strip()
    pair.save(update_fields=["state", "decided_by", "words"])
    trail.record(
        "duplicate.dismissed",
        subject=pair,
        by=by,
        reason=pair.words,
        people=[str(pair.first_key), str(pair.second_key)],
    )
    return pair


def _check_reach(pair: LikelyPair, by: User) -> None:
    keys = (pair.first_key, pair.second_key)
    if Recipient.objects.visible_to(by).filter(pk__in=keys).count() != len(keys):
        raise Refused("这两份档案不都在管辖范围内。")


def _keep(found: Iterator[likely.Found], *, renew: bool) -> int:
    now = timezone.now()
    statement = KEEP + (", found_at = excluded.found_at" if renew else "")
    number = 0
    with connection.cursor() as cursor:
        for first, second, area, score, reasons in list(found):
            cursor.execute(
                statement, [uuid7(), first, second, area, score, reasons, now]
            )
            number += 1
    return number

"""Two files of one person made one: proposed, approved by another, undone."""

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.encryption import blind_index
from common.refusals import Refused
from recipients.counted import count_from
from recipients.enums import FormerKind, MergeStatus, PairState
from recipients.likely import holder_of
from recipients.merging import images, plan
from recipients.merging.choices import GONE, GROUPS, default, values
from recipients.models import (
    FieldSource,
    FileMerge,
    FormerMark,
    HouseholdMember,
    LikelyPair,
    Pairing,
    Recipient,
)
from recipients.operations.people import locked
from recipients.pairing_notices import tell
from recipients.pairing_rules import decides, lock_people
from recipients.reach import check_apart, is_within

UNDO_FOR = timedelta(days=7)
IDENTITIES = ((FormerKind.NAME, "name"), (FormerKind.RESIDENT_ID, "resident_id"))


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def propose_merge(
    *,
    kept: Recipient,
    gone: Recipient,
    choices: dict[str, str],
    words: str,
    by: User,
) -> FileMerge:
    """Propose that two files are of one person; another colleague approves.

    Raises Refused beyond the account's reach: of a pair across counties only the
    city can tell.
    """
    lock_people([kept.pk, gone.pk], [])
    kept, gone = locked(kept), locked(gone)
    _check(kept, gone, by)
    if not words.strip():
        raise Refused("请写明为什么是同一人。")
    waiting = FileMerge.objects.proposed().filter(
        gone_key__in=(kept.pk, gone.pk)
    ) | FileMerge.objects.proposed().filter(kept_key__in=(kept.pk, gone.pk))
    if waiting.exists():
        raise Refused("这两份档案中已有待审核的合并,请先审核或退回。")
    merge = FileMerge.objects.create(
        kept_key=kept.pk,
        gone_key=gone.pk,
        kept_code=kept.code,
        gone_code=gone.code,
        area_id=holder_of(kept.area_id, gone.area_id),
        choices=_known(choices),
        words=words.strip(),
        proposed_by=by,
    )
    trail.record("merge.proposed", subject=merge, by=by, reason=merge.words)
    return merge


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def return_merge(*, merge: FileMerge, words: str, by: User) -> FileMerge:
    """Return the proposal: they are two people, or it is to be told otherwise."""
    merge = _locked(merge)
    _check_reviewer(merge, by)
    if not words.strip():
        raise Refused("退回请写明原因。")
    merge.move_to(MergeStatus.RETURNED)
    _reviewed(merge, words, by)
    merge.save()
    trail.record("merge.returned", subject=merge, by=by, reason=merge.review_words)
    return merge


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def approve_merge(*, merge: FileMerge, words: str = "", by: User) -> FileMerge:
    """Make the two files one, keeping everything of both.

    Whoever proposed it cannot approve it. What stood in every row is kept sealed, so
    that it can be undone to the byte.
    """
    lock_people([merge.kept_key, merge.gone_key], [])
    merge = _locked(merge)
    _check_reviewer(merge, by)
    merge.move_to(MergeStatus.MERGED)
    kept, gone = _people(merge)
    _check(kept, gone, by)
    before = _image(merge, kept, gone)
    _reviewed(merge, words, by)
    ended = _make_one(kept, gone, merge)
    merge.before = json.dumps(before, ensure_ascii=False)
    merge.after_digest = images.digest(_again(merge, before))
    merge.save()
    trail.record(
        "merge.approved",
        subject=merge,
        by=by,
        kept=str(kept.pk),
        gone=str(gone.pk),
        pairings=[str(pairing.pk) for pairing in ended],
    )
    for pairing in ended:
        tell(pairing, "ended", by=by)
    return merge


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def undo_merge(*, merge: FileMerge, by: User) -> FileMerge:
    """Make both files again as they were; the proposal waits as before.

    Only within seven days, and only while nothing came after it.
    """
    lock_people([merge.kept_key], [])
    merge = _locked(merge)
    if not decides(by):
        raise Refused("档案合并由县区或市关爱办办理。")
    if merge.status != MergeStatus.MERGED:
        raise Refused("这件合并不在已合并的状态,不用撤销。")
    _check_holds(merge, by)
    reviewed = merge.reviewed_at or timezone.now()
    if timezone.now() - reviewed > UNDO_FOR:
        raise Refused("合并已超过 7 天,不能撤销。")
    before: images.Image = json.loads(merge.before)
    now = _again(merge, before)
    if images.digest(now) != merge.after_digest:
        raise Refused("合并以后,这份档案又有新的变动(如走访、需求、修改),不能撤销。")
    images.put_back(before, now)
    merge.move_to(MergeStatus.PROPOSED)
    merge.reviewed_by = merge.reviewed_at = None
    merge.review_words = merge.before = merge.after_digest = ""
    merge.save()
    trail.record("merge.undone", subject=merge, by=by)
    return merge


def _make_one(kept: Recipient, gone: Recipient, merge: FileMerge) -> list[Pairing]:
    """Move, drop and set everything; return the pairings that ended by it."""
    steps = plan.steps(kept.pk, gone.pk)
    ended = [row for step in steps for row in step.closed if isinstance(row, Pairing)]
    count_from(timezone.localdate())
    _keep_marks(kept, gone, merge.choices)
    _take_sources(kept, gone, merge)
    plan.carry_out(steps, kept.pk, gone.pk)
    _move_doubts(kept, gone)
    taken = values(kept, gone, merge.choices)
    left_home = kept.household_id if "household" in taken else gone.household_id
    gone.delete()
    for name, value in taken.items():
        setattr(kept, name, value)
    kept.save(update_fields=[*taken, "updated_at"])
    _move_members(left_home, kept.household_id)
    check_apart(kept)
    gone.pk = merge.gone_key
    return ended


def _keep_marks(kept: Recipient, gone: Recipient, choices: dict[str, str]) -> None:
    """Let the person still be found by all that either file was known by."""
    today = timezone.localdate()
    marks = [(FormerKind.CODE, gone.code)]
    for kind, name in IDENTITIES:
        stays = choices.get(name) or default(kept, gone, name)
        one, other = getattr(kept, name), getattr(gone, name)
        if (lost := one if stays == GONE else other) and one != other:
            marks.append((kind, lost))
    for kind, text in marks:
        FormerMark.objects.create(
            recipient=gone,
            kind=kind,
            text=text,
            index=blind_index(text),
            until_on=today,
        )


def _take_sources(kept: Recipient, gone: Recipient, merge: FileMerge) -> None:
    """Let each value that stays keep its own source, and only that."""
    for name, _, columns in GROUPS:
        stays = merge.choices.get(name) or default(kept, gone, name)
        told = FieldSource.objects.filter(field__in=columns)
        theirs, own = told.filter(recipient=gone), told.filter(recipient=kept)
        (own if stays == GONE else theirs).delete()


def _move_doubts(kept: Recipient, gone: Recipient) -> None:
    """What was said of the other file and a third is said of the kept one now."""
    doubts = LikelyPair.objects.filter(first_key=gone.pk) | LikelyPair.objects.filter(
        second_key=gone.pk
    )
    for doubt in doubts.filter(state=PairState.NOT_SAME):
        other = doubt.second_key if doubt.first_key == gone.pk else doubt.first_key
        if other == kept.pk:
            continue
        first, second = sorted((kept.pk, other))
        LikelyPair.objects.get_or_create(
            first_key=first,
            second_key=second,
            defaults={
                "area_id": doubt.area_id,
                "score": doubt.score,
                "reasons": doubt.reasons,
                "state": doubt.state,
                "decided_by_id": doubt.decided_by_id,
                "words": doubt.words,
            },
        )
    doubts.delete()


def _move_members(left: UUID, home: UUID) -> None:
    """Nobody stays behind in a household that the person has left empty."""
    if left == home or Recipient.objects.filter(household=left).exists():
        return
    members = HouseholdMember.objects.filter(household=left)
    members.filter(relation="02").update(relation="99")
    members.update(household=home)


def _image(merge: FileMerge, kept: Recipient, gone: Recipient) -> images.Image:
    homes = sorted({kept.household_id, gone.household_id})
    return images.take([merge.kept_key, merge.gone_key], homes)


def _again(merge: FileMerge, before: images.Image) -> images.Image:
    """Return the same rows as they are now."""
    homes = [UUID(key) for key in sorted(before["recipients_household"])]
    return images.take([merge.kept_key, merge.gone_key], homes)


def _people(merge: FileMerge) -> tuple[Recipient, Recipient]:
    found = (
        Recipient.objects.select_related("area__parent", "household")
        .filter(pk__in=(merge.kept_key, merge.gone_key))
        .in_bulk()
    )
    if len(found) != 2:
        raise Refused("其中一份档案已经不在,请退回后重新提出。")
    return found[merge.kept_key], found[merge.gone_key]


def _check(kept: Recipient, gone: Recipient, by: User) -> None:
    if kept.pk == gone.pk:
        raise Refused("不能和自己合并。")
    if not (is_within(kept.area_id, by) and is_within(gone.area_id, by)):
        raise Refused("这两份档案不都在管辖范围内;跨县区的由市关爱办办理。")


def _check_reviewer(merge: FileMerge, by: User) -> None:
    if not decides(by):
        raise Refused("档案合并由县区或市关爱办审核。")
    _check_holds(merge, by)
    if by.is_same_person(merge.proposed_by):
        raise Refused("不能审核自己(或同名账号)提出的合并,请由另一位同事审核。")
    if merge.status != MergeStatus.PROPOSED:
        raise Refused(f"这件合并已是“{merge.get_status_display()}”,不用再审核。")


def _check_holds(merge: FileMerge, by: User) -> None:
    if not is_within(merge.area_id, by):
        raise Refused("这件合并不在管辖范围内;跨县区的由市关爱办办理。")


def _reviewed(merge: FileMerge, words: str, by: User) -> None:
    merge.reviewed_by, merge.reviewed_at = by, timezone.now()
    merge.review_words = words.strip()


def _locked(merge: FileMerge) -> FileMerge:
    rows = FileMerge.objects.select_related("area", "proposed_by")
    return rows.select_for_update(of=("self",)).get(pk=merge.pk)


def _known(choices: dict[str, str]) -> dict[str, str]:
    names = {name for name, _, _ in GROUPS}
    return {name: which for name, which in choices.items() if name in names}

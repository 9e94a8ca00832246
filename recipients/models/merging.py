"""Files that may be of one person, and files that were made one."""

from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine
from recipients.enums import MergeStatus, PairState
from recipients.models.recipient import Recipient

M = TypeVar("M", bound="models.QuerySet[Any]")


def of_both(rows: M, user: User) -> M:
    """Return the rows about two people who both live in the account's own area.

    Kept by the area that holds both: of a pair across counties only the city hears.
    """
    match user.role:
        case Role.ADMIN:
            return rows
        case Role.CARE_OFFICE if user.area:
            low, high = user.area.prefix, str(int(user.area.prefix) + 1)
            return rows.filter(area_id__gte=low, area_id__lt=high)
        case _:
            return rows.none()


class LikelyPairQuerySet(models.QuerySet["LikelyPair"]):
    """Questions asked of many likely duplicates at once."""

    def visible_to(self, user: User) -> "LikelyPairQuerySet":
        """Return the pairs of which the account may see both people today."""
        seen = Recipient.objects.visible_to(user).values("pk")
        return of_both(self, user).filter(first_key__in=seen, second_key__in=seen)

    def open(self) -> "LikelyPairQuerySet":
        return self.filter(state=PairState.OPEN)

    def with_merge(self) -> "LikelyPairQuerySet":
        """Add ``merge_key``: the merge of just these two that waits for approval."""
        return self.annotate(merge_key=models.Subquery(_proposed().values("pk")[:1]))

    def undecided(self) -> "LikelyPairQuerySet":
        """Return the pairs of which nobody has said yet what they are."""
        return self.open().filter(~models.Exists(_proposed()))


def _proposed() -> "FileMergeQuerySet":
    first, second = models.OuterRef("first_key"), models.OuterRef("second_key")
    one_way = Q(kept_key=first, gone_key=second)
    other_way = Q(kept_key=second, gone_key=first)
    return FileMerge.objects.proposed().filter(one_way | other_way).order_by()


class LikelyPair(Row):
    """Two files that may be of one person (疑似重复), with a score and why.

    People are kept as plain keys: a doubt must not hold a file back.
    """

    first_key = models.UUIDField("甲档案")
    second_key = models.UUIDField("乙档案", db_index=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="共同上级区划")
    score = models.PositiveSmallIntegerField("分值")
    reasons = ArrayField(models.CharField(max_length=20), verbose_name="依据")
    state = models.CharField(
        "状态", max_length=10, choices=PairState, default=PairState.OPEN
    )
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="判定人"
    )
    words = models.CharField("判定说明", max_length=200, blank=True)

    objects = LikelyPairQuerySet.as_manager()

    class Meta:
        verbose_name = "疑似重复"
        ordering = ["-score", "id"]
        indexes = [
            models.Index(
                fields=["area", "-score", "id"],
                condition=Q(state="open"),
                name="likely_pair_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["first_key", "second_key"], name="likely_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(first_key__lt=F("second_key")),
                name="likely_pair_in_one_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PairState.values), name="likely_pair_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"疑似重复 {self.score} 分"

    @property
    def trail_area(self) -> str:
        return self.area_id


class FileMergeQuerySet(models.QuerySet["FileMerge"]):
    """Questions asked of many merges at once."""

    def visible_to(self, user: User) -> "FileMergeQuerySet":
        """Return the merges between files that are both the account's to see."""
        return of_both(self, user)

    def proposed(self) -> "FileMergeQuerySet":
        return self.filter(status=MergeStatus.PROPOSED)

    def merged(self) -> "FileMergeQuerySet":
        return self.filter(status=MergeStatus.MERGED)


class FileMerge(StateMachine, Row):
    """Two files of one person made one (档案合并): proposed, approved, undone."""

    MOVES = {
        MergeStatus.PROPOSED: frozenset({MergeStatus.MERGED, MergeStatus.RETURNED}),
        # An undo makes the database what it was: the proposal waits again.
        MergeStatus.MERGED: frozenset({MergeStatus.PROPOSED}),
    }

    kept_key = models.UUIDField("保留档案", db_index=True)
    gone_key = models.UUIDField("并入档案", db_index=True)
    kept_code = models.CharField("保留编号", max_length=20)
    gone_code = models.CharField("并入编号", max_length=20)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="共同上级区划")
    status = models.CharField(
        "状态", max_length=10, choices=MergeStatus, default=MergeStatus.PROPOSED
    )
    choices = models.JSONField("取值", default=dict)
    words = models.CharField("提出说明", max_length=200)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)
    review_words = models.CharField("审核意见", max_length=200, blank=True)
    before = SealedTextField("合并前的原样")
    after_digest = models.CharField("合并后的指纹", max_length=64, blank=True)

    objects = FileMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "档案合并"
        ordering = ["-proposed_at", "-id"]
        indexes = [
            models.Index(
                fields=["area", "proposed_at", "id"],
                condition=Q(status="proposed"),
                name="merge_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["gone_key"],
                condition=Q(status__in=("proposed", "merged")),
                name="merge_of_a_file_once",
            ),
            models.CheckConstraint(
                condition=~Q(kept_key=F("gone_key")), name="merge_is_of_two_files"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | ~Q(reviewed_by=F("proposed_by")),
                name="merge_is_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="merge_that_is_done_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=MergeStatus.values), name="merge_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_code} 并入 {self.kept_code}"

    @property
    def both(self) -> tuple[UUID, UUID]:
        """The two files: the one that goes, and the one that stays."""
        return self.gone_key, self.kept_key

    @property
    def trail_area(self) -> str:
        return self.area_id

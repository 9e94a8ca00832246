"""What differs, until somebody has seen to it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.states import StateMachine
from recipients.merging.rules import Moves
from recipients.models import Recipient
from rosters.enums import (
    FIELD_NAMES,
    OWN_KINDS,
    ClosingDeed,
    DifferenceKind,
    DifferenceStatus,
)
from rosters.models.roster import Roster, RosterRow


class DifferenceQuerySet(models.QuerySet["Difference"]):
    """Questions asked of many differences at once."""

    def visible_to(self, user: User) -> Self:
        """Return the differences of people who live within the account's reach.

        A row that names no township is the city office's to settle.
        """
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                low, high = user.area.prefix, str(int(user.area.prefix) + 1)
                return self.filter(area_id__gte=low, area_id__lt=high)
            case _:
                return self.none()

    def open(self) -> Self:
        return self.filter(status=DifferenceStatus.OPEN)


class Difference(StateMachine, Row):
    """One thing in which a list and the registry disagree (比对差异)."""

    ON_MERGE = {"recipient": Moves(first=("found_at", "pk"))}
    MOVES = {
        DifferenceStatus.OPEN: frozenset(
            {DifferenceStatus.CLOSED, DifferenceStatus.GONE}
        ),
        DifferenceStatus.CLOSED: frozenset({DifferenceStatus.OPEN}),
    }

    kind = models.CharField("差异类型", max_length=20, choices=DifferenceKind)
    month = models.DateField("月份")
    roster = models.ForeignKey(
        Roster,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="differences",
        verbose_name="名单",
    )
    row = models.ForeignKey(
        RosterRow,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="differences",
        verbose_name="名单行",
    )
    recipient = models.ForeignKey(
        Recipient,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="differences",
        verbose_name="关爱对象",
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="乡镇街道")
    fields = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name="不一致字段",
    )
    status = models.CharField(
        "状态",
        max_length=8,
        choices=DifferenceStatus,
        default=DifferenceStatus.OPEN,
    )
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    deed = models.CharField("处理方式", max_length=10, choices=ClosingDeed, blank=True)
    words = models.CharField("处理说明", max_length=300, blank=True)
    closed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    closed_at = models.DateTimeField("处理时间", null=True, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "比对差异"
        ordering = ["area_id", "kind", "id"]
        indexes = [
            models.Index(
                fields=["area", "kind", "id"],
                condition=Q(status="open"),
                name="difference_open_in_order",
            ),
            models.Index(fields=["month", "kind", "area", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["row"],
                condition=Q(row__isnull=False),
                name="difference_one_a_row",
            ),
            models.UniqueConstraint(
                fields=["roster", "recipient"],
                condition=Q(kind="not_in_roster"),
                name="difference_missing_once_a_roster",
            ),
            models.UniqueConstraint(
                fields=["month", "kind", "recipient"],
                condition=Q(roster=None),
                name="difference_of_the_registry_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OWN_KINDS, roster__isnull=True)
                | (~Q(kind__in=OWN_KINDS) & Q(roster__isnull=False)),
                name="difference_says_where_it_comes_from",
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=False) | Q(recipient__isnull=False),
                name="difference_is_about_something",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(deed=""),
                    status=DifferenceStatus.CLOSED,
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                )
                | Q(
                    ~Q(status=DifferenceStatus.CLOSED), deed="", closed_by__isnull=True
                ),
                name="difference_closing_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=~Q(deed=ClosingDeed.NOTHING) | ~Q(words=""),
                name="difference_left_alone_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def origin(self) -> str:
        """Say what was compared: a list, two lists, or the registry with itself."""
        if self.roster is not None:
            return str(self.roster)
        both = self.kind == DifferenceKind.ON_BOTH_LISTS
        return "两份名单互比" if both else "系统自查"

    @property
    def field_words(self) -> str:
        """The fields that differ, in Chinese."""
        return "、".join(FIELD_NAMES.get(name, name) for name in self.fields)

    @property
    def trail_words(self) -> str:
        who = self.recipient.code if self.recipient else str(self.row)
        return f"{self.get_kind_display()} {who}"

    @property
    def trail_area(self) -> str:
        return self.area_id

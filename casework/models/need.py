"""What recipients need and who sees to it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from cadres.enums import Role
from cadres.models import User
from casework.enums import NeedKind, NeedStatus, Urgency, Whose
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine
from recipients.merging.rules import Moves
from recipients.models import HouseholdMember, Recipient

CLOSED = (NeedStatus.CONFIRMED, NeedStatus.DECLINED)


class NeedQuerySet(models.QuerySet["Need"]):
    """Questions asked of many needs at once."""

    def visible_to(self, user: User) -> Self:
        """Return the needs of the people within this account's reach.

        An urgent report only to offices: who reported need not see it again, and
        whom it is about must not.
        """
        if user.role == Role.CARE_OFFICE and user.area:
            low, high = user.area.prefix, str(int(user.area.prefix) + 1)
            return self.filter(recipient__area_id__gte=low, recipient__area_id__lt=high)
        return self.ordinary().filter(recipient__in=Recipient.objects.visible_to(user))

    def with_those_left(self) -> Self:
        """Add whom of the household a need would go on with when its person is dead.

        ``heir`` is the eldest who is on file; ``lived_in`` says whether members
        without a file live there.
        """
        others = Recipient.objects.not_left().filter(
            household=OuterRef("recipient__household")
        )
        others = others.exclude(pk=OuterRef("recipient"))
        members = HouseholdMember.objects.filter(
            household=OuterRef("recipient__household"), until_on=None
        )
        return self.annotate(
            heir=Subquery(others.order_by("birth_on", "pk").values("pk")[:1]),
            lived_in=Exists(members),
        )

    def ordinary(self) -> Self:
        """Return those that are no urgent report, which only offices see."""
        return self.filter(reported=False)

    def open(self) -> Self:
        return self.exclude(status__in=CLOSED)

    def late(self, today: date) -> Self:
        """Return the needs past their due day of which nobody says they are solved."""
        unsolved = self.open().exclude(status=NeedStatus.SOLVED)
        return unsolved.filter(due_on__lt=today)

    def closed(self) -> Self:
        return self.filter(status__in=CLOSED)


class Need(StateMachine, Row):
    """Something a recipient needs and cannot get alone (问题需求,急难愁盼)."""

    ON_MERGE = {"recipient": Moves()}
    MOVES = {
        NeedStatus.RAISED: frozenset({NeedStatus.ACCEPTED, NeedStatus.DECLINED}),
        NeedStatus.ACCEPTED: frozenset(
            {NeedStatus.REFERRED, NeedStatus.IN_PROGRESS, NeedStatus.DECLINED}
        ),
        # What is with a department is moved by its referral alone.
        NeedStatus.REFERRED: frozenset({NeedStatus.RETURNED, NeedStatus.IN_PROGRESS}),
        NeedStatus.RETURNED: frozenset(
            {NeedStatus.REFERRED, NeedStatus.IN_PROGRESS, NeedStatus.DECLINED}
        ),
        NeedStatus.IN_PROGRESS: frozenset(
            {
                NeedStatus.REFERRED,
                NeedStatus.RETURNED,
                NeedStatus.SOLVED,
                NeedStatus.DECLINED,
            }
        ),
        NeedStatus.SOLVED: frozenset({NeedStatus.CONFIRMED, NeedStatus.IN_PROGRESS}),
    }

    recipient = models.ForeignKey(
        Recipient, models.PROTECT, related_name="needs", verbose_name="关爱对象"
    )
    kind = models.CharField(
        "诉求类别", max_length=12, choices=NeedKind, default=NeedKind.OTHER
    )
    whose = models.CharField(
        "谁的需求",
        max_length=10,
        choices=Whose,
        default=Whose.PERSON,
        db_default=Whose.PERSON,
    )
    words = SealedTextField("内容")
    urgency = models.CharField(
        "紧急程度", max_length=8, choices=Urgency, default=Urgency.NORMAL
    )
    status = models.CharField(
        "状态", max_length=12, choices=NeedStatus, default=NeedStatus.RAISED
    )
    # 强制报告 (《未成年人保护法》第11条): for offices only.
    reported = models.BooleanField("紧急报告", default=False)
    raised_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    raised_on = models.DateField("提出日期")
    due_on = models.DateField("期限")
    answer = SealedTextField("办理措施")
    closed_on = models.DateField("办结日期", null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "问题需求"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=~Q(status__in=("confirmed", "declined")),
                name="need_open_by_due",
            ),
            models.Index(fields=["recipient", "-raised_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=NeedStatus.values), name="need_status_known"
            ),
            models.CheckConstraint(
                condition=Q(whose__in=Whose.values), name="need_whose_known"
            ),
            models.CheckConstraint(
                condition=Q(reported=False) | Q(whose=Whose.PERSON),
                name="need_report_is_of_the_person",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("raised_on")),
                name="need_is_due_after_it_is_raised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}需求"

    def add_line(self, words: str, on: date) -> None:
        """Put down in memory what was done on the day, below what stands there."""
        self.answer = f"{self.answer}\n{on:%m-%d} {words}".strip()

    @property
    def trail_words(self) -> str:
        return f"需求 {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id

"""What in people's lives waits for an office, and moves between counties."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.states import StateMachine
from recipients.enums import TaskKind, TaskState, TransferStatus
from recipients.merging.rules import Moves
from recipients.models.recipient import Recipient

WAITS_FROM = timedelta(days=30)


class LifeTaskQuerySet(models.QuerySet["LifeTask"]):
    """Questions asked of many tasks at once."""

    def visible_to(self, user: User) -> Self:
        """Return the tasks about people in the account's own area; offices only."""
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                low, high = user.area.prefix, str(int(user.area.prefix) + 1)
                return self.filter(
                    recipient__area_id__gte=low, recipient__area_id__lt=high
                )
            case _:
                return self.none()

    def open(self) -> Self:
        return self.filter(state=TaskState.OPEN)

    def waiting(self, today: date) -> Self:
        """Return the open ones that are due within a month; others can wait."""
        return self.open().filter(due_on__lte=today + WAITS_FROM)


class LifeTask(StateMachine, Row):
    """Something in a person's life that waits until the office decides (人生事项)."""

    ON_MERGE = {
        "recipient": Moves(gives_way={"state": TaskState.MOOT, "done_at": timezone.now})
    }
    MOVES = {TaskState.OPEN: frozenset({TaskState.DONE, TaskState.MOOT})}

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="tasks", verbose_name="关爱对象"
    )
    kind = models.CharField("事项", max_length=10, choices=TaskKind)
    state = models.CharField(
        "状态", max_length=8, choices=TaskState, default=TaskState.OPEN
    )
    due_on = models.DateField("期限")
    raised_on = models.DateField("生成日期")
    deed = models.CharField("办理结果", max_length=30, blank=True)
    words = models.CharField("说明", max_length=200, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    done_at = models.DateTimeField("办理时间", null=True)

    objects = LifeTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "人生事项"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on", "id"], condition=Q(state="open"), name="task_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind"],
                condition=Q(state="open"),
                name="task_open_once_a_person_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True)
                | Q(~Q(state="open"), done_at__isnull=False),
                name="task_is_done_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TaskState.values), name="task_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    # A state machine's field is called status.
    @property
    def status(self) -> str:
        return self.state

    @status.setter
    def status(self, value: str) -> None:
        self.state = value

    @property
    def trail_words(self) -> str:
        return f"{self.get_kind_display()} {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Questions asked of many moves between counties at once."""

    def proposed(self) -> Self:
        return self.filter(status=TransferStatus.PROPOSED)

    def visible_to(self, user: User) -> Self:
        """Return the moves out of the account's area and those into it."""
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                low, high = user.area.prefix, str(int(user.area.prefix) + 1)
                return self.filter(
                    Q(from_area_id__gte=low, from_area_id__lt=high)
                    | Q(to_area_id__gte=low, to_area_id__lt=high)
                )
            case _:
                return self.none()


class Transfer(StateMachine, Row):
    """A move of somebody's file to another county (跨县区转接).

    One county proposes, the other accepts; until then the first one keeps the file.
    """

    ON_MERGE = {"recipient": Moves(first=("proposed_at",))}
    MOVES = {
        TransferStatus.PROPOSED: frozenset(
            {TransferStatus.ACCEPTED, TransferStatus.RETURNED}
        ),
    }

    recipient = models.ForeignKey(
        Recipient, models.PROTECT, related_name="transfers", verbose_name="关爱对象"
    )
    from_area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name="迁出地"
    )
    to_area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name="迁入地"
    )
    village = models.CharField("迁入村社区", max_length=40, blank=True)
    on = models.DateField("迁移日期")
    status = models.CharField(
        "状态", max_length=10, choices=TransferStatus, default=TransferStatus.PROPOSED
    )
    words = models.CharField("说明", max_length=200)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)
    answer = models.CharField("答复", max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "跨县区转接"
        ordering = ["-proposed_at", "-id"]
        indexes = [
            models.Index(
                fields=["to_area", "proposed_at"],
                condition=Q(status="proposed"),
                name="transfer_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"],
                condition=Q(status="proposed"),
                name="transfer_one_open_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(from_area=F("to_area")), name="transfer_leads_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed")
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="transfer_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status__in=TransferStatus.values),
                name="transfer_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_area} → {self.to_area}"

    @property
    def trail_words(self) -> str:
        return f"转接 {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id

"""Who cares for whom."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, Cadre, CadreQuerySet, User
from common.rows import Row
from common.states import StateMachine
from recipients.acting_days import in_force
from recipients.enums import EndReason, PairingKind, PairingStatus
from recipients.merging.rules import Moves
from recipients.models.recipient import Recipient


class PairingQuerySet(models.QuerySet["Pairing"]):
    """Questions asked of many pairings at once."""

    def active(self) -> Self:
        return self.filter(status=PairingStatus.ACTIVE)

    def proposed(self) -> Self:
        return self.filter(status=PairingStatus.PROPOSED)

    def by_cadres(self) -> Self:
        """Return the pairings that count: 干部结对, not mothers or doctors."""
        return self.filter(kind=PairingKind.CADRE)

    def overdue(self, today: date) -> Self:
        """Return the active pairings whose next contact was due before today."""
        return self.active().filter(next_due_on__lt=today)

    def due_by(self, today: date, ahead: timedelta) -> Self:
        """Return the active pairings whose next contact is due from today on."""
        return self.active().filter(next_due_on__range=(today, today + ahead))

    def within(self, area: Area) -> Self:
        """Return the pairings whose recipient lives in the area or below it."""
        low, high = area.prefix, str(int(area.prefix) + 1)
        return self.filter(recipient__area_id__gte=low, recipient__area_id__lt=high)

    def visible_to(self, user: User) -> Self:
        """Return the pairings whose recipient is within this account's reach.

        A cadre sees only own ones and those acted for today, a liaison only those of
        its cadres: another cadre's pairing with the same person is not theirs.
        """
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                return self.within(user.area)
            case Role.CADRE:
                return self.active().held_by(Cadre.objects.filter(user=user))
            case Role.UNIT_LIAISON:
                return self.held_by(
                    Cadre.objects.filter(organisation=user.organisation_id)
                )
            case _:
                return self.none()

    def held_by(self, cadres: CadreQuerySet) -> Self:
        """Return the cadres' own pairings, and those they act for today (代管)."""
        today = in_force(timezone.localdate(), "acting__")
        rows = Pairing.objects.order_by()
        own = rows.filter(cadre__in=cadres).values("pk")
        acted = rows.active().filter(today, acting__cadre__in=cadres).values("pk")
        return self.filter(pk__in=own.union(acted))


class Pairing(StateMachine, Row):
    """A cadre's standing promise to one recipient (结对关系)."""

    # Of two files' carers of one kind the earlier goes on.
    ON_MERGE = {
        "recipient": Moves(
            first=("started_on", "pk"),
            gives_way={
                "status": PairingStatus.ENDED,
                "ended_on": timezone.localdate,
                "end_reason": EndReason.MERGED,
            },
            put_away=frozenset({"pairing_proposed_once"}),
        )
    }
    MOVES = {
        PairingStatus.PROPOSED: frozenset(
            {PairingStatus.ACTIVE, PairingStatus.REJECTED}
        ),
        PairingStatus.ACTIVE: frozenset({PairingStatus.PAUSED, PairingStatus.ENDED}),
        PairingStatus.PAUSED: frozenset({PairingStatus.ACTIVE, PairingStatus.ENDED}),
    }

    recipient = models.ForeignKey(
        Recipient,
        models.PROTECT,
        related_name="pairings",
        verbose_name="关爱对象",
        db_index=False,
    )
    cadre = models.ForeignKey(
        Cadre,
        models.PROTECT,
        related_name="pairings",
        verbose_name="结对干部",
        db_index=False,
    )
    kind = models.CharField(
        "结对方式", max_length=10, choices=PairingKind, default=PairingKind.CADRE
    )
    status = models.CharField(
        "状态", max_length=10, choices=PairingStatus, default=PairingStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    proposed_on = models.DateField("提出日期")
    proposal_words = models.CharField("提出说明", max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    review_words = models.CharField("审核意见", max_length=300, blank=True)
    over_capacity_words = models.CharField("超负荷说明", max_length=300, blank=True)
    started_on = models.DateField("结对日期", null=True, blank=True)
    resumed_on = models.DateField("最近恢复", null=True, blank=True)
    until = models.DateField("约定到期日", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField(
        "结束原因", max_length=12, choices=EndReason, blank=True
    )
    handover_words = models.CharField("交接说明", max_length=300, blank=True)
    previous = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name="前一结对",
    )
    last_contact_on = models.DateField("最近联系", null=True, blank=True)
    last_visit_on = models.DateField("最近走访", null=True, blank=True)
    next_due_on = models.DateField("下次应访", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = "结对关系"
        ordering = ["-proposed_on", "id"]
        indexes = [
            models.Index(
                fields=["next_due_on", "id"],
                include=["recipient", "kind"],
                condition=Q(status="active"),
                name="pairing_active_by_due",
            ),
            models.Index(
                fields=["proposed_on", "id"],
                condition=Q(status="proposed"),
                name="pairing_waiting_for_review",
            ),
            models.Index(
                fields=["until", "id"],
                condition=Q(status="active", until__isnull=False),
                name="pairing_active_by_end",
            ),
            models.Index(fields=["cadre", "status"]),
            models.Index(fields=["recipient", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind"],
                condition=Q(status=PairingStatus.ACTIVE),
                name="pairing_one_active_per_recipient_and_kind",
            ),
            models.UniqueConstraint(
                fields=["recipient", "kind", "cadre"],
                condition=Q(status=PairingStatus.PROPOSED),
                name="pairing_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(PairingStatus.PROPOSED, PairingStatus.REJECTED))
                | Q(started_on__isnull=False),
                name="pairing_that_began_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(end_reason=""),
                    status=PairingStatus.ENDED,
                    # A check that comes to NULL passes, so it is asked for twice.
                    ended_on__isnull=False,
                    started_on__isnull=False,
                    ended_on__gte=F("started_on"),
                )
                | Q(
                    ~Q(status=PairingStatus.ENDED), ended_on__isnull=True, end_reason=""
                ),
                name="pairing_end_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(started_on__isnull=False),
                name="pairing_resumed_only_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(status__in=PairingStatus.values),
                name="pairing_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}与{self.cadre}的结对"

    @property
    def trail_words(self) -> str:
        return f"结对 {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id

"""Visits, and what was done on them."""

from typing import Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, Cadre, Organisation, User
from common.rows import Row
from common.sealed_fields import SealedTextField
from policies.models import PolicySheet
from recipients.merging.rules import Moves
from recipients.models import CountedPeriod, Pairing, Recipient
from visits.enums import REACHED, VISITING_WAYS, DeedKind, Occasion, Outcome, Way
from visits.models.campaign import Campaign


class HomeVisitQuerySet(models.QuerySet["HomeVisit"]):
    """Questions asked of many visits at once."""

    def visible_to(self, user: User) -> Self:
        """Return the visits this account may read.

        A cadre reads own visits, and those others made to a person now in its care;
        a liaison reads what its own cadres did.
        """
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                return self.within(user.area)
            case Role.CADRE:
                return self.filter(
                    Q(cadre__user=user)
                    | Q(recipient__in=Recipient.objects.visible_to(user))
                )
            case Role.UNIT_LIAISON:
                return self.filter(organisation=user.organisation_id)
            case _:
                return self.none()

    def within(self, area: Area) -> Self:
        """Return the visits to people who live in the area or below it."""
        low, high = area.prefix, str(int(area.prefix) + 1)
        return self.filter(recipient__area_id__gte=low, recipient__area_id__lt=high)

    def with_counted_area(self) -> Self:
        """Add ``counted_area``: where the person lived on the day of the visit."""
        later = CountedPeriod.objects.filter(
            recipient=OuterRef("recipient"), until_on__gt=OuterRef("day")
        )
        first = later.order_by("until_on").values("area")[:1]
        now = F("recipient__area")
        # Few have ever moved: the others cost one look into a small set.
        moved = CountedPeriod.objects.order_by().values("recipient")
        return self.annotate(
            counted_area=Case(
                When(
                    recipient__in=moved,
                    then=Coalesce(
                        Subquery(first), now, output_field=models.CharField()
                    ),
                ),
                default=now,
                output_field=models.CharField(),
            )
        )

    def counted_in(self, area: Area) -> Self:
        """Return the visits to people who lived in the area when they were made."""
        low, high = area.prefix, str(int(area.prefix) + 1)
        moved = CountedPeriod.objects.order_by().values("recipient")
        here = Q(recipient__area_id__gte=low, recipient__area_id__lt=high)
        return self.with_counted_area().filter(
            here & ~Q(recipient__in=moved)
            | Q(recipient__in=moved, counted_area__gte=low, counted_area__lt=high)
        )

    def standing(self) -> Self:
        """Return the visits that count: not taken back."""
        return self.filter(taken_back_at=None)

    def reached(self) -> Self:
        """Return those that reached somebody: 未遇 was only tried."""
        return self.filter(outcome__in=REACHED)

    def in_person(self) -> Self:
        """Return those that count as 走访: at home or where they stay, and reached."""
        return self.reached().filter(way__in=VISITING_WAYS)

    def told_with(self, visit: "HomeVisit") -> Self:
        """Return those told in the same breath as this one (批量记走访), and it."""
        return self.filter(
            cadre=visit.cadre_id,
            day=visit.day,
            entered_by=visit.entered_by_id,
            entered_at=visit.entered_at,
            batch_id=None,
        )

    def met_nobody(self) -> Self:
        """Return those that found nobody, or were refused."""
        return self.exclude(outcome=Outcome.MET)


class HomeVisit(Row):
    """One contact with one person on a day (走访).

    A visit to several members of a household is a row each, with one ``together``.
    """

    ON_MERGE = {"recipient": Moves()}

    client_id = models.UUIDField("提交编号", unique=True)
    together = models.UUIDField("同次走访", db_index=True)
    # Where a list's own index begins with the key, the key has no second one.
    recipient = models.ForeignKey(
        Recipient,
        models.PROTECT,
        related_name="visits",
        verbose_name="关爱对象",
        db_index=False,
    )
    cadre = models.ForeignKey(
        Cadre,
        models.PROTECT,
        related_name="visits",
        verbose_name="结对干部",
        db_index=False,
    )
    pairing = models.ForeignKey(
        Pairing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="结对",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="visits",
        verbose_name="当时单位",
        db_index=False,
    )
    day = models.DateField("走访日期")
    way = models.CharField("走访方式", max_length=8, choices=Way, default=Way.HOME)
    outcome = models.CharField(
        "走访结果",
        max_length=8,
        choices=Outcome,
        default=Outcome.MET,
        # Ledgers are copied in without it: what they tell of has met somebody.
        db_default=Outcome.MET,
    )
    occasion = models.CharField(
        "情形", max_length=10, choices=Occasion, blank=True, default=Occasion.NONE
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="主题活动",
        db_index=False,
    )
    words = SealedTextField("情况记录")
    companions = models.CharField("随同人员", max_length=120, blank=True)
    sheet = models.OneToOneField(
        PolicySheet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visit",
        verbose_name="政策核对表",
    )
    content_hash = models.CharField("内容指纹", max_length=64)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", default=timezone.now)
    late_entry = models.BooleanField("补录", default=False)
    batch_id = models.UUIDField("导入批次", null=True, blank=True, db_index=True)
    taken_back_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = HomeVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访记录"
        ordering = ["-day", "-id"]
        indexes = [
            # Counted by day, place and way without a look at the rows themselves.
            models.Index(
                fields=["-day", "-id"],
                include=["recipient", "way", "outcome"],
                condition=Q(taken_back_at=None),
                name="visit_standing_by_day",
            ),
            # Few: whoever meets a person looks here whether that ends something.
            models.Index(
                fields=["recipient", "day", "id"],
                condition=Q(~Q(outcome="met"), taken_back_at=None),
                name="visit_that_met_nobody",
            ),
            models.Index(fields=["recipient", "-day", "-id"]),
            models.Index(fields=["cadre", "-day", "-id"]),
            models.Index(fields=["organisation", "-day", "-id"]),
            models.Index(fields=["campaign", "-day"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=Way.values), name="visit_way_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="visit_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.MET) | Q(sheet__isnull=True),
                name="visit_checks_policies_only_with_somebody",
            ),
            models.CheckConstraint(
                # A day may be entered from midnight in Shanghai on, which is up to
                # a day ahead of the server's own clock.
                condition=Q(day__gte="2000-01-01"),
                name="visit_day_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.way_words}"

    @property
    def way_words(self) -> str:
        """How it was made, and how it went where that was not as usual: 入户(未遇)."""
        way = str(self.get_way_display())
        if self.outcome == Outcome.MET:
            return way
        return f"{way}({self.get_outcome_display()})"

    @property
    def written_by_another(self) -> bool:
        """Say whether a colleague wrote it down for the cadre (代录)."""
        by = self.entered_by
        return (
            by is not None
            and by.role == Role.CADRE
            and not self.late_entry
            and by.pk != self.cadre.user_id
        )

    @property
    def made_by_acting(self) -> bool:
        """Say whether somebody made it who acted for the pairing's own cadre (代管)."""
        pairing = self.pairing
        return pairing is not None and pairing.cadre_id != self.cadre_id

    @property
    def trail_words(self) -> str:
        return f"走访 {self.recipient.code}"

    @property
    def trail_area(self) -> str:
        return self.recipient.area_id


class Deed(models.Model):
    """Something done for the person on a visit (帮扶事项); money is in yuan."""

    visit = models.ForeignKey(
        HomeVisit, models.CASCADE, related_name="deeds", verbose_name="走访"
    )
    kind = models.CharField("事项", max_length=8, choices=DeedKind)
    quantity = models.PositiveIntegerField("数量", default=1)
    amount = models.DecimalField("金额(元)", max_digits=12, decimal_places=2, default=0)
    words = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "帮扶事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="deed_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DeedKind.values), name="deed_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("money", "goods")) | Q(amount=0),
                name="deed_only_gifts_have_an_amount",
            ),
        ]
        indexes = [
            models.Index(
                fields=["visit"], include=["kind", "quantity"], name="deed_by_visit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"


class VisitDraft(Row):
    """A visit somebody began to write down and has not sent (走访草稿)."""

    ON_MERGE = {"recipient": Moves(first=("-saved_at", "pk"))}

    user = models.ForeignKey(
        User, models.CASCADE, related_name="visit_drafts", verbose_name="账号"
    )
    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="+", verbose_name="关爱对象"
    )
    content = SealedTextField("内容")
    saved_at = models.DateTimeField("保存时间", default=timezone.now)

    class Meta:
        verbose_name = "走访草稿"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "recipient"], name="draft_one_a_person_and_account"
            )
        ]

    def __str__(self) -> str:
        return f"走访草稿 {self.saved_at:%m-%d %H:%M}"

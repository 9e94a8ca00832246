"""The people who care."""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from cadres.enums import CadreKind, LeaveKind, LeavingReason, Role, Sex
from cadres.models.organisation import Organisation
from cadres.models.user import User
from common.rows import Row
from common.sealed_fields import SealedTextField

DEFAULT_CAPACITY = 3
ANNOUNCED = timedelta(days=60)
LONG = timedelta(days=60)


class CadreQuerySet(models.QuerySet["Cadre"]):
    """Questions asked of many cadres at once."""

    def active(self) -> Self:
        return self.filter(active=True)

    def long_away(self, today: date, most: int) -> list[Any]:
        """Return the keys of those away for 60 days or more, now or soon."""
        keys = CadreLeave.objects.announced(today).long().order_by().values("cadre")
        found = self.active().order_by().filter(pk__in=keys)
        return list(found.values_list("pk", flat=True)[:most])

    def changing(self, today: date, most: int) -> list[Any]:
        """Return the keys of those whose pairings want another cadre, at most so many.

        Leaving within 60 days, in another unit since, or in one that was dissolved.
        Each is asked of its own index: most change nothing.
        """
        on_duty = self.active().order_by()
        dissolved = Organisation.objects.filter(active=False).order_by()
        keys = on_duty.filter(leaving_on__lte=today + ANNOUNCED).values_list("pk")
        found = keys.union(
            on_duty.filter(moved_on__isnull=False).values_list("pk"),
            on_duty.filter(organisation__in=dissolved.values("pk")).values_list("pk"),
        )
        return [pk for (pk,) in found[:most]]

    def visible_to(self, user: User) -> Self:
        """Return the cadres the account may see: a unit its own, the office all."""
        match user.role:
            case Role.CARE_OFFICE | Role.ADMIN:
                return self.all()
            case Role.UNIT_LIAISON:
                return self.filter(organisation=user.organisation_id)
            case Role.CADRE:
                return self.filter(user=user)
            case _:
                return self.none()


class Cadre(Row):
    """A person who cares for recipients (结对干部、爱心妈妈、医师、志愿者)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="cadres", verbose_name="单位"
    )
    user = models.OneToOneField(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cadre",
        verbose_name="账号",
    )
    name = models.CharField("姓名", max_length=40)
    kind = models.CharField(
        "身份", max_length=10, choices=CadreKind, default=CadreKind.CADRE
    )
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    post = models.CharField("职务", max_length=60, blank=True)
    resident_id = SealedTextField("身份证号")
    resident_id_index = models.BinaryField(
        "证号索引", max_length=16, null=True, blank=True, unique=True
    )
    phone = SealedTextField("联系电话")
    phone_index = models.BinaryField(
        "电话索引", max_length=16, null=True, blank=True, db_index=True
    )
    skills = models.JSONField("擅长", default=list, blank=True)
    capacity = models.PositiveSmallIntegerField("可结对户数", default=DEFAULT_CAPACITY)
    pinyin = models.CharField("拼音", max_length=120, blank=True)
    initials = models.CharField("首字母", max_length=40, blank=True)
    grams = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name="检索"
    )
    active = models.BooleanField("在岗", default=True)
    left_on = models.DateField("离岗日期", null=True, blank=True)
    # Since when in this unit, while nobody has said whether the pairings stay.
    moved_on = models.DateField("换单位待确认", null=True, blank=True)
    leaving_on = models.DateField("预计离岗", null=True, blank=True)
    leaving_reason = models.CharField(
        "离岗原因", max_length=12, choices=LeavingReason, blank=True
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = "结对干部"
        ordering = ["organisation__pinyin", "pinyin", "id"]
        indexes = [
            GinIndex(fields=["grams"], name="cadre_grams"),
            models.Index(fields=["organisation", "pinyin", "id"]),
            models.Index(fields=["name", "organisation"]),
            models.Index(fields=["pinyin", "id"], name="cadre_by_pinyin"),
            models.Index(
                fields=["leaving_on"],
                condition=Q(leaving_on__isnull=False),
                name="cadre_leaving",
            ),
            models.Index(
                fields=["moved_on"],
                condition=Q(moved_on__isnull=False),
                name="cadre_moved",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="cadre_has_a_name"),
            models.CheckConstraint(
                condition=Q(leaving_on__isnull=True, leaving_reason="")
                | Q(~Q(leaving_reason=""), leaving_on__isnull=False),
                name="cadre_leaving_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=0, capacity__lte=50),
                name="cadre_capacity_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_words(self) -> str:
        return f"干部 {str(self.pk)[-8:]}"

    @property
    def trail_area(self) -> str:
        return self.organisation.area_id or ""


class CadreLeaveQuerySet(models.QuerySet["CadreLeave"]):
    """Questions asked of many leaves at once."""

    def visible_to(self, user: User) -> Self:
        """Return the leaves of the cadres whom the account may see."""
        return self.filter(cadre__in=Cadre.objects.visible_to(user))

    def announced(self, today: date) -> Self:
        """Return those that go on, or begin within 60 days."""
        return self.filter(until_on__gte=today, from_on__lte=today + ANNOUNCED)

    def long(self) -> Self:
        """Return those of 60 days or more, in which somebody else has to care."""
        return self.filter(until_on__gte=F("from_on") + LONG)


class CadreLeave(Row):
    """A time in which a cadre is away from the post (请假、外派)."""

    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="leaves", verbose_name="干部"
    )
    kind = models.CharField("原因", max_length=10, choices=LeaveKind)
    from_on = models.DateField("起")
    until_on = models.DateField("止")

    objects = CadreLeaveQuerySet.as_manager()

    class Meta:
        verbose_name = "干部离岗时段"
        ordering = ["-from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="leave_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LeaveKind.values), name="leave_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} 至 {self.until_on}"

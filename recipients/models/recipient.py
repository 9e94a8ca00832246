"""The people who are cared for."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cadres.enums import Role, Sex
from cadres.models import Area, Cadre, CadreQuerySet, User
from common.days import years_before
from common.masks import mask_name
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine
from recipients.acting_days import in_force
from recipients.enums import (
    Category,
    DisabilityGrade,
    DisabilityKind,
    IdState,
    Kind,
    LeaveReason,
    PairingStatus,
    RecipientStatus,
    Relation,
)
from recipients.models.household import Household

ADULT_AGE = 18
# 个人信息保护法第28条: everything about a child under 14 is sensitive.
YOUNG_AGE = 14
# Who needs to know that there is a child, and not which.
SEE_YOUNG_MASKED = (Role.UNIT_LIAISON, Role.LEADER)


class RecipientQuerySet(models.QuerySet["Recipient"]):
    """Questions asked of many recipients at once."""

    def visible_to(self, user: User, *, glass: bool = False) -> Self:
        """Return the recipients within this account's reach; a view's only door.

        With ``glass``, for looking only, also the one seen in an emergency.
        """
        if glass:
            return self.visible_to(user) | self.filter(pk__in=_behind_glass(user))
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                return self.within(user.area)
            case Role.CADRE:
                return self._cared_for_by(Cadre.objects.filter(user=user))
            case Role.UNIT_LIAISON:
                return self._cared_for_by(
                    Cadre.objects.filter(organisation=user.organisation_id)
                )
            case _:
                return self.none()

    def within(self, area: Area) -> Self:
        """Return the recipients who live in the area or anywhere below it.

        A range of codes, so that the index is used whatever the collation.
        """
        low, high = area.prefix, str(int(area.prefix) + 1)
        return self.filter(area_id__gte=low, area_id__lt=high)

    def counted_on(self, area: Area, day: date) -> Self:
        """Return those who were counted in the area on a past day.

        Who has moved since is counted where they lived then; see ``CountedPeriod``.
        """
        periods = apps.get_model("recipients", "CountedPeriod").objects
        later = periods.filter(until_on__gt=day)
        first = later.order_by("recipient_id", "until_on").distinct("recipient_id")
        low, high = area.prefix, str(int(area.prefix) + 1)
        lived = periods.filter(pk__in=first.values("pk")).filter(
            area_id__gte=low, area_id__lt=high
        )
        stayed = Q(area_id__gte=low, area_id__lt=high) & ~Q(
            pk__in=later.values("recipient")
        )
        return self.filter(
            stayed | Q(pk__in=lived.values("recipient")),
            Q(left_on__isnull=True) | Q(left_on__gt=day),
            registered_on__lte=day,
        )

    def on_file(self) -> Self:
        return self.filter(status=RecipientStatus.ON_FILE)

    def not_left(self) -> Self:
        return self.exclude(status=RecipientStatus.LEFT)

    def to_erase(self, today: date) -> Self:
        """Return those who left so long ago that their identity need not be kept."""
        return self.filter(
            status=RecipientStatus.LEFT,
            erased_on=None,
            left_on__lte=years_before(today, settings.RETENTION_YEARS),
        )

    def unpaired(self) -> Self:
        """Return those on file without an active cadre pairing (待结对)."""
        return self.filter(status=RecipientStatus.ON_FILE, paired=False)

    def _cared_for_by(self, cadres: CadreQuerySet) -> Self:
        """Return whom the cadres are paired with, or act for today (代管)."""
        cadres = cadres.order_by()
        paired = cadres.filter(pairings__status=PairingStatus.ACTIVE)
        acted = cadres.filter(
            in_force(timezone.localdate(), "acts__"),
            acts__pairing__status=PairingStatus.ACTIVE,
        )
        own = paired.values("pairings__recipient")
        return self.filter(pk__in=own.union(acted.values("acts__pairing__recipient")))


class Recipient(StateMachine, Row):
    """A person with a file (关爱对象): one file for life, counted in one category."""

    MOVES = {
        RecipientStatus.ON_FILE: frozenset(
            {RecipientStatus.PAUSED, RecipientStatus.LEFT}
        ),
        RecipientStatus.PAUSED: frozenset(
            {RecipientStatus.ON_FILE, RecipientStatus.LEFT}
        ),
        RecipientStatus.LEFT: frozenset({RecipientStatus.ON_FILE}),
    }

    code = models.CharField("编号", max_length=20, unique=True)
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="recipients", verbose_name="家庭"
    )
    relation = models.CharField(
        "与户主关系", max_length=2, choices=Relation, blank=True
    )
    name = models.CharField("姓名", max_length=40)
    pinyin = models.CharField("拼音", max_length=120, blank=True)
    initials = models.CharField("首字母", max_length=40, blank=True)
    grams = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name="检索"
    )
    resident_id = SealedTextField("身份证号")
    resident_id_index = models.BinaryField(
        "证号索引", max_length=16, null=True, blank=True, unique=True
    )
    id_state = models.CharField(
        "证件情况", max_length=10, choices=IdState, default=IdState.PRESENT
    )
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_on = models.DateField("出生日期", null=True, blank=True)
    ethnic = models.CharField("民族", max_length=20, blank=True)
    category = models.CharField("对象类别", max_length=12, choices=Category)
    also = ArrayField(
        models.CharField(max_length=12, choices=Category),
        default=list,
        blank=True,
        verbose_name="兼属类别",
    )
    kind = models.CharField("细类", max_length=20, choices=Kind, blank=True)
    disability_kind = models.CharField(
        "残疾类别", max_length=1, choices=DisabilityKind, blank=True
    )
    disability_kinds = ArrayField(
        models.CharField(max_length=1, choices=DisabilityKind),
        default=list,
        blank=True,
        verbose_name="多重残疾类别",
    )
    disability_grade = models.CharField(
        "残疾等级", max_length=1, choices=DisabilityGrade, blank=True
    )
    certificate = SealedTextField("残疾人证号")
    certificate_until = models.DateField("残疾人证有效期至", null=True, blank=True)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        related_name="recipients",
        verbose_name="乡镇街道",
        db_index=False,
    )
    village = models.CharField("村社区", max_length=40, blank=True)
    address = SealedTextField("家庭住址")
    # Benefits go by the 户口; visits, figures and reach by where somebody lives.
    hukou_area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="户籍乡镇",
        db_index=False,
    )
    hukou_address = SealedTextField("户籍地址")
    phone = SealedTextField("联系电话")
    phone_index = models.BinaryField(
        "电话索引", max_length=16, null=True, blank=True, db_index=True
    )
    dibao = models.BooleanField("享受低保", null=True, blank=True)
    health = SealedTextField("健康状况")
    note = SealedTextField("备注")
    status = models.CharField(
        "状态",
        max_length=10,
        choices=RecipientStatus,
        default=RecipientStatus.ON_FILE,
    )
    registered_on = models.DateField("建档日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    left_reason = models.CharField(
        "退出原因", max_length=10, choices=LeaveReason, blank=True
    )
    erased_on = models.DateField("身份清除日期", null=True, blank=True)
    # Kept by a trigger on pairings, so that it is true the same second, whoever
    # writes.
    paired = models.BooleanField("已有干部结对", default=False, editable=False)
    version = models.PositiveIntegerField("版本", default=1)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "关爱对象"
        ordering = ["area_id", "pinyin", "id"]
        indexes = [
            GinIndex(fields=["grams"], name="recipient_grams"),
            models.Index(fields=["area", "pinyin", "id"], name="recipient_in_order"),
            # Where somebody lives is asked of every pairing and visit, and how many
            # live where on every workbench: answered without a look at the rows.
            models.Index(
                fields=["id"], include=["area", "household"], name="recipient_lives_in"
            ),
            models.Index(
                fields=["area", "household"],
                include=["status", "category", "paired"],
                name="recipient_counted",
            ),
            models.Index(fields=["status", "area", "pinyin", "id"]),
            models.Index(fields=["category", "area", "pinyin", "id"]),
            models.Index(
                fields=["area", "pinyin", "id"],
                condition=Q(status="on_file", paired=False),
                name="recipient_unpaired",
            ),
            models.Index(
                fields=["disability_kind", "disability_grade", "area", "pinyin", "id"],
                condition=~Q(disability_kind=""),
                name="recipient_by_disability",
            ),
            models.Index(
                fields=["area", "pinyin", "id"],
                condition=~Q(also=[]),
                name="recipient_of_two_categories",
            ),
            models.Index(fields=["initials"], name="recipient_by_initials"),
            models.Index(fields=["pinyin"], name="recipient_by_pinyin"),
            models.Index(fields=["birth_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation="02") & ~Q(status="left"),
                name="recipient_one_head_per_household",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="recipient_has_a_name"),
            models.CheckConstraint(
                condition=Q(category__in=Category.values),
                name="recipient_category_known",
            ),
            models.CheckConstraint(
                condition=Q(id_state="present", resident_id_index__isnull=False)
                | Q(~Q(id_state="present"), resident_id_index__isnull=True),
                name="recipient_id_is_there_or_its_absence_told",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(left_reason=""),
                    status=RecipientStatus.LEFT,
                    # A check that comes to NULL passes, so it is asked for twice.
                    left_on__isnull=False,
                    left_on__gte=F("registered_on"),
                )
                | Q(
                    ~Q(status=RecipientStatus.LEFT),
                    left_on__isnull=True,
                    left_reason="",
                ),
                name="recipient_leaving_is_told_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(erased_on=None)
                | Q(
                    status=RecipientStatus.LEFT,
                    resident_id_index=None,
                    phone_index=None,
                    pinyin="",
                ),
                name="recipient_erased_has_left_and_no_identity",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RecipientStatus.values),
                name="recipient_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_words(self) -> str:
        return f"关爱对象 {self.code}"

    @property
    def trail_area(self) -> str:
        return self.area_id

    @property
    def hukou_elsewhere(self) -> bool:
        """Say whether the 户口 is in another township than the person lives in."""
        return self.hukou_area_id not in (None, self.area_id)

    def age_on(self, day: date) -> int | None:
        """Return the age in full years; None while the birth date is unknown."""
        if self.birth_on is None:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_on.month, self.birth_on.day)
        return day.year - self.birth_on.year - (not had_birthday)

    def is_minor(self, day: date) -> bool:
        """Say whether the person is under 18; unknown ages count as adult."""
        age = self.age_on(day)
        return age is not None and age < ADULT_AGE

    def is_young(self, day: date) -> bool:
        """Say whether the person is under 14; a child of unknown age counts as one."""
        age = self.age_on(day)
        return age < YOUNG_AGE if age is not None else self.category == Category.CHILD

    def is_masked_for(self, user: User) -> bool:
        """Say whether this account sees a child under 14 by the surname only."""
        return user.role in SEE_YOUNG_MASKED and self.is_young(timezone.localdate())

    def name_for(self, user: User) -> str:
        """Return the name as this account may see it."""
        return mask_name(self.name) if self.is_masked_for(user) else self.name


def _behind_glass(user: User) -> models.QuerySet[Any]:
    """Return the one person the account sees in an emergency at this moment."""
    from recipients.models.glass import GlassLook

    return GlassLook.objects.open_to(user).values("recipient")

"""Bodies that send cadres or are asked to solve something."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cadres.enums import OrganisationKind, OrganisationLevel, Role
from cadres.models.area import Area
from common.rows import Row

if TYPE_CHECKING:
    from cadres.models.user import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Questions asked of many organisations at once."""

    def active(self) -> Self:
        return self.filter(active=True)

    def visible_to(self, user: "User") -> Self:
        """Return what the account may see: a liaison its own, the office all.

        A unit of the city sends cadres into both counties, so organisations are not
        cut by area: their names are public.
        """
        match user.role:
            case Role.CARE_OFFICE | Role.ADMIN:
                return self.all()
            case Role.UNIT_LIAISON:
                return self.filter(pk=user.organisation_id)
            case _:
                return self.none()


class Organisation(Row):
    """A unit that sends cadres, a department, a social organisation (单位)."""

    name = models.CharField("单位名称", max_length=80, unique=True)
    kind = models.CharField(
        "类型", max_length=12, choices=OrganisationKind, default=OrganisationKind.UNIT
    )
    level = models.CharField(
        "层级",
        max_length=10,
        choices=OrganisationLevel,
        default=OrganisationLevel.OTHER,
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="主管单位",
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name="所在区划"
    )
    leads = models.BooleanField("牵头单位", default=False)
    aliases = models.JSONField("别名", default=list, blank=True)
    pinyin = models.CharField("拼音", max_length=200, blank=True)
    initials = models.CharField("首字母", max_length=60, blank=True)
    grams = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name="检索"
    )
    active = models.BooleanField("在用", default=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="并入单位",
    )
    ended_on = models.DateField("撤并日期", null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["pinyin", "name"]
        indexes = [GinIndex(fields=["grams"], name="organisation_grams")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""), name="organisation_has_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(active=True, ended_on__isnull=True)
                | models.Q(active=False),
                name="organisation_that_ended_is_out_of_use",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by__isnull=True)
                | ~models.Q(replaced_by=models.F("id")),
                name="organisation_is_not_its_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Whom a cadre is related to, as the cadre declares it (亲属关系申报)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import AreaLevel, Role
from cadres.models import Cadre, User
from cadres.models.area import CODE_LENGTH, DIGITS
from common.rows import Row
from common.sealed_fields import SealedTextField
from recipients.enums import Kinship


class CadreRelativeQuerySet(models.QuerySet["CadreRelative"]):
    """Questions asked of many declared relatives at once."""

    def standing(self) -> Self:
        """Return those that have not been withdrawn."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: User) -> Self:
        """Return a cadre's own, and to an office those of the cadres it keeps."""
        return self.filter(cadre__in=cadres_kept_by(user))


def cadres_kept_by(user: User) -> models.QuerySet[Cadre]:
    """Return the cadres whose relatives the account may read.

    An office those of units above and below its area; units of the province, which
    have none, are the city's.
    """
    if user.role == Role.CADRE:
        return Cadre.objects.filter(user=user)
    if user.role != Role.CARE_OFFICE or user.area is None:
        return Cadre.objects.none()
    low, high = user.area.prefix, str(int(user.area.prefix) + 1)
    code = user.area.code
    above = [code[:digits].ljust(CODE_LENGTH, "0") for digits in DIGITS.values()]
    kept = Q(organisation__area_id__gte=low, organisation__area_id__lt=high)
    kept |= Q(organisation__area__in=above)
    if user.area.level == AreaLevel.CITY:
        kept |= Q(organisation__area=None)
    return Cadre.objects.filter(kept)


class CadreRelative(Row):
    """A relative whom a cadre must not care for (申报的亲属), on file or not."""

    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="relatives", verbose_name="结对干部"
    )
    relation = models.CharField("是干部的", max_length=8, choices=Kinship)
    name = models.CharField("姓名", max_length=40)
    resident_id = SealedTextField("身份证号")
    resident_id_index = models.BinaryField("证号索引", max_length=16, db_index=True)
    declared_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="申报人"
    )
    declared_at = models.DateTimeField("申报时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = CadreRelativeQuerySet.as_manager()

    class Meta:
        verbose_name = "申报的亲属"
        ordering = ["declared_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "resident_id_index"],
                condition=Q(withdrawn_at=None),
                name="relative_declared_once_a_cadre",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="relative_names_somebody"
            ),
            models.CheckConstraint(
                condition=Q(relation__in=Kinship.values), name="relative_kinship_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()}{self.name}"

    @property
    def trail_words(self) -> str:
        return f"{self.cadre.trail_words}的亲属"

    @property
    def trail_area(self) -> str:
        return self.cadre.trail_area

"""Households and guardians."""

from django.db import models

from cadres.models import Area
from common.rows import Row
from common.sealed_fields import SealedTextField


class Household(Row):
    """People who live together (家庭); by default one cadre cares for all of it."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name="所在区划")
    size = models.PositiveSmallIntegerField("家庭人口", null=True, blank=True)

    class Meta:
        verbose_name = "家庭"

    def __str__(self) -> str:
        return f"家庭 {str(self.pk)[-8:]}"

    @property
    def trail_area(self) -> str:
        return self.area_id


class Guardian(Row):
    """Who looks after a recipient (监护人、照料人)."""

    recipient = models.ForeignKey(
        "recipients.Recipient",
        models.CASCADE,
        related_name="guardians",
        verbose_name="关爱对象",
    )
    name = SealedTextField("监护人姓名")
    relation = models.CharField("与对象关系", max_length=20, blank=True)
    phone = SealedTextField("监护人电话")
    phone_index = models.BinaryField(
        "电话索引", max_length=16, null=True, blank=True, db_index=True
    )
    first = models.BooleanField("第一监护人", default=True)

    class Meta:
        verbose_name = "监护人"
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"],
                condition=models.Q(first=True),
                name="guardian_one_first_per_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"监护人 {str(self.pk)[-8:]}"

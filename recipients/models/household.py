"""Households and guardians."""

from django.db import models

from cadres.models import Area, Organisation
from common.rows import Row
from common.sealed_fields import SealedTextField
from recipients.enums import Relation
from recipients.merging.rules import Moves


class Household(Row):
    """People who live together (家庭); by default one cadre cares for all of it."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name="所在区划")
    size = models.PositiveSmallIntegerField("家庭人口", null=True, blank=True)
    # Who lives in a home for children or the aged is a household alone, visited there.
    institution = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name="所在机构",
    )

    class Meta:
        verbose_name = "家庭"

    def __str__(self) -> str:
        return f"家庭 {str(self.pk)[-8:]}"

    @property
    def trail_area(self) -> str:
        return self.area_id


class HouseholdMember(Row):
    """Somebody who lives with recipients and has no file (家庭成员)."""

    household = models.ForeignKey(
        Household, models.CASCADE, related_name="members", verbose_name="家庭"
    )
    name = SealedTextField("姓名")
    relation = models.CharField("与户主关系", max_length=2, choices=Relation)
    born_in = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    since_on = models.DateField("加入日期")
    until_on = models.DateField("离开日期", null=True, blank=True)

    class Meta:
        verbose_name = "家庭成员"
        ordering = ["relation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(relation="02", until_on__isnull=True),
                name="member_one_head_per_household",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("since_on")),
                name="member_goes_after_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"家庭成员 {str(self.pk)[-8:]}"


class Guardian(Row):
    """Who looks after a recipient (监护人、照料人); who did before has an end."""

    ON_MERGE = {"recipient": Moves(gives_way={"first": False})}

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
    carer = models.BooleanField("只是照料人", default=False)
    since_on = models.DateField("起始日期", null=True, blank=True)
    until_on = models.DateField("截止日期", null=True, blank=True)
    until_words = models.CharField("变更原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "监护人"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first=False) | models.Q(until_on__isnull=True),
                name="guardian_of_the_past_is_not_first",
            ),
            models.UniqueConstraint(
                fields=["recipient"],
                condition=models.Q(first=True),
                name="guardian_one_first_per_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"监护人 {str(self.pk)[-8:]}"

"""What proves, besides the password, that it is the person: a code of the minute."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.models.user import User
from common.rows import Row
from common.sealed_fields import SealedTextField


class SecondFactor(Row):
    """The secret behind an account's six-digit codes (动态码, RFC 6238)."""

    user = models.OneToOneField(
        User, models.PROTECT, related_name="second_factor", verbose_name="账号"
    )
    secret = SealedTextField("密钥")
    # Null until the person has shown that the telephone has it.
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    # The half minute whose code was used last: no code is good twice.
    last_step = models.BigIntegerField("最近用过的时段", default=0)
    failures = models.PositiveSmallIntegerField("连续输错", default=0)
    locked_until = models.DateTimeField("暂停到", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    class Meta:
        verbose_name = "动态码"

    def __str__(self) -> str:
        return f"{self.user}的动态码"


class BackupCode(Row):
    """A code for the day the telephone is lost (备用码); good once."""

    factor = models.ForeignKey(
        SecondFactor, models.CASCADE, related_name="codes", verbose_name="动态码"
    )
    # The code's first digit: it says which of the ten hashes is to be tried.
    place = models.PositiveSmallIntegerField("序号")
    digest = models.CharField("摘要", max_length=200)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "备用码"
        constraints = [
            models.UniqueConstraint(
                fields=["factor", "place"], name="backup_code_one_for_each_place"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=0, place__lte=9),
                name="backup_code_place_is_a_digit",
            ),
        ]

    def __str__(self) -> str:
        return f"备用码 {self.place}"

"""Which keys the database stands on, and a canary for each."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

CANARY = "jinchang-care"


class Purpose(models.TextChoices):
    """What a key is for."""

    FIELD = "field", "加密"
    INDEX = "index", "检索"


class SealingKeyQuerySet(models.QuerySet["SealingKey"]):
    """Questions asked of many keys at once."""

    def kept(self) -> Self:
        """Return the keys that must be at hand: not yet removed."""
        return self.filter(removed_at=None)

    def active(self) -> Self:
        return self.kept().filter(retired_at=None)


class SealingKey(models.Model):
    """The record of one key (密钥记录): its number and canary, never the key itself."""

    purpose = models.CharField("用途", max_length=6, choices=Purpose)
    number = models.PositiveSmallIntegerField("编号")
    algorithm = models.CharField("算法", max_length=8)
    # Sealed or indexed with this key: what does not come out again is the wrong key.
    canary = models.BinaryField("校验值")
    began_at = models.DateTimeField("启用时间", default=timezone.now)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)
    removed_at = models.DateTimeField("销毁时间", null=True, blank=True)

    objects = SealingKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "密钥记录"
        ordering = ["purpose", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "number"], name="sealing_key_number_used_once"
            ),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(retired_at=None),
                name="sealing_key_one_active_a_purpose",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None)
                | Q(retired_at__isnull=False, removed_at__gte=models.F("retired_at")),
                name="sealing_key_is_retired_before_it_is_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}密钥 {self.number}"

"""Photos of a visit: each sealed in a file by a key of its own."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import User
from common.rows import Row
from common.sealed_fields import SealedTextField
from visits.models.home_visit import HomeVisit


class VisitPhotoQuerySet(models.QuerySet["VisitPhoto"]):
    """Questions asked of many photos at once."""

    def visible_to(self, user: User) -> Self:
        """Return the photos of the visits this account may read; none to a unit."""
        if user.role == Role.UNIT_LIAISON:
            return self.none()
        return self.filter(visit__in=HomeVisit.objects.visible_to(user))


class VisitPhoto(Row):
    """A photo taken on a visit (走访照片): its file is sealed, its key is here."""

    visit = models.ForeignKey(
        HomeVisit, models.CASCADE, related_name="photos", verbose_name="走访"
    )
    # 128 random bits; tells nothing of whom it shows.
    stored_as = models.CharField("文件", max_length=32, unique=True)
    # Sealed like any field, so that changing keys never touches the files.
    key = SealedTextField("文件密钥")
    width = models.PositiveSmallIntegerField("宽")
    height = models.PositiveSmallIntegerField("高")
    added_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", default=timezone.now)

    objects = VisitPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "走访照片"
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__lte=1600, height__lte=1600, width__gt=0),
                name="photo_is_small",
            )
        ]

    def __str__(self) -> str:
        return f"照片 {self.stored_as[:6]}"

"""The trail: one event for each deed, and events are only ever added."""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils import timezone


class EventQuerySet(models.QuerySet["Event"]):
    """Questions asked of many events at once."""

    def about(self, subject: models.Model) -> Self:
        """Return the events that happened to this row."""
        return self.about_any([subject])

    def about_any(self, subjects: Sequence[models.Model]) -> Self:
        """Return the events that happened to any of these rows, all of one model."""
        return self.filter(
            subject_type=subjects[0]._meta.label_lower,
            subject_id__in=[str(subject.pk) for subject in subjects],
        )

    def within(self, prefix: str) -> Self:
        """Return the events whose subject belongs to an area with this prefix."""
        return self.filter(area__startswith=prefix)

    def by_account(self, user: models.Model) -> Self:
        """Return what this account did."""
        return self.filter(by=str(user.pk))


class Event(models.Model):
    """One deed, look or refused try (操作留痕): who, what, on whom, when, why.

    People are kept as keys and codes, never as names or numbers of theirs, so that
    erasing a person leaves the trail whole.
    """

    at = models.DateTimeField("时间", default=timezone.now)
    by = models.CharField("账号标识", max_length=40, blank=True)
    by_name = models.CharField("操作人", max_length=60, blank=True)
    kind = models.CharField("事项", max_length=60)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象标识", max_length=40)
    subject_words = models.CharField("对象", max_length=120, blank=True)
    area = models.CharField("行政区划", max_length=12, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    details = models.JSONField("明细", default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "操作留痕"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"]),
            models.Index(fields=["by", "-id"]),
            models.Index(fields=["area", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.kind}"

"""The trail: one event for each deed, sealed into a chain, and only ever added to."""

from collections.abc import Sequence
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone


class CurrentTransaction(models.Func):
    """The number of the transaction that writes the row, which the database knows."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()
    arity = 0
    allowed_default = True


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
    """One deed, look or refused try (操作留痕): who, what, on whom, when, why, whence.

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
    # Coarse on purpose: enough to see that it was not the usual place or device.
    address = models.CharField("来源地址", max_length=45, blank=True, db_default="")
    device = models.CharField("设备", max_length=40, blank=True, db_default="")
    # By it the sealer knows who may still be writing; 0 for what was there before.
    xid = models.BigIntegerField("事务号", db_default=CurrentTransaction())

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "操作留痕"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"]),
            models.Index(fields=["by", "-id"]),
            models.Index(fields=["area", "-id"]),
            models.Index(fields=["kind", "-id"], name="audit_event_by_kind"),
            # Events come nearly in the order of time: a few pages of summary will do.
            BrinIndex(fields=["at"], name="audit_event_by_time", pages_per_range=16),
            models.Index(fields=["xid"], name="audit_event_by_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.kind}"


class Seal(models.Model):
    """An event's place in the chain (链节): its position, and the hash up to here.

    Positions are given when sealing; an event that was committed late has a lower
    number than one sealed before it.
    """

    pos = models.BigIntegerField("位置", primary_key=True)
    # No foreign key: a seal whose event was removed must be able to say so.
    n = models.BigIntegerField("事件号", unique=True)
    h = models.BinaryField("链值")

    class Meta:
        verbose_name = "链节"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pos__gte=1), name="seal_positions_begin_at_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pos}"


class Head(models.Model):
    """The end of the chain after one batch (链头), signed with a key of its own.

    ``upto`` is the watermark: events of transactions before it are sealed already,
    but for those numbered above ``floor`` after a restore (see audit.seals.resume).
    """

    at = models.DateTimeField("封存时间", default=timezone.now)
    pos = models.BigIntegerField("位置")
    h = models.BinaryField("链值")
    mac = models.BinaryField("校验码")
    upto = models.BigIntegerField("事务号上限")
    floor = models.BigIntegerField("事件号下限", default=0)

    class Meta:
        verbose_name = "链头"
        ordering = ["-id"]
        indexes = [models.Index(fields=["pos"], name="audit_head_by_pos")]

    def __str__(self) -> str:
        return f"{self.pos}"


class Check(models.Model):
    """One walk along the whole chain (链校验记录): whether it held, and what it saw."""

    at = models.DateTimeField("校验时间", default=timezone.now)
    good = models.BooleanField("完好")
    events = models.BigIntegerField("事件数")
    head = models.CharField("链头", max_length=64, blank=True)
    seconds = models.FloatField("用时(秒)")
    words = models.CharField("结论", max_length=300)

    class Meta:
        verbose_name = "链校验记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.words


class Content(models.Model):
    """Whose rows were in a file that was taken out (导出名单), bound to its event.

    The event tells the list's digest, so that the chain covers the list as well.
    """

    n = models.BigIntegerField("事件号", primary_key=True)
    people = ArrayField(models.UUIDField(), verbose_name="人员标识")

    class Meta:
        verbose_name = "导出名单"

    def __str__(self) -> str:
        return f"{self.n}"

"""Work that waits, clock runs, and notices for people: rows, not messages."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.rows import Row


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class JobQuerySet(models.QuerySet["Job"]):
    """Questions asked of many jobs at once."""

    def due(self, now: datetime) -> Self:
        """Return the jobs that may be claimed: waiting, or claimed and abandoned."""
        return self.filter(due_at__lte=now).filter(
            models.Q(state=JobState.WAITING)
            | models.Q(state=JobState.RUNNING, claimed_until__lte=now)
        )

    def open(self) -> Self:
        return self.filter(state__in=(JobState.WAITING, JobState.RUNNING))

    def visible_to(self, user: models.Model) -> Self:
        """Return this account's own jobs."""
        return self.filter(by=user)


class Job(Row):
    """A piece of work an operation left to be done later (后台任务)."""

    kind = models.CharField("任务", max_length=60)
    title = models.CharField("标题", max_length=120)
    subject_id = models.CharField("对象标识", max_length=40, blank=True)
    options = models.JSONField("参数", default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="jobs",
        verbose_name="发起人",
    )
    created_at = models.DateTimeField("提交时间", default=timezone.now)
    due_at = models.DateTimeField("执行时间", default=timezone.now)
    state = models.CharField(
        "状态", max_length=10, choices=JobState, default=JobState.WAITING
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    claimed_until = models.DateTimeField("占用到", null=True, blank=True)
    published_at = models.DateTimeField("派发时间", null=True, blank=True)
    step = models.CharField("步骤", max_length=60, blank=True)
    rows_done = models.PositiveIntegerField("已处理行", default=0)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=300, blank=True)
    result_url = models.CharField("结果页", max_length=200, blank=True)
    result_file = models.CharField("结果文件", max_length=200, blank=True)
    file_name = models.CharField("下载文件名", max_length=120, blank=True)
    expires_at = models.DateTimeField("文件保留到", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=("waiting", "running")),
                name="job_open_by_due",
            ),
            models.Index(fields=["by", "-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="job_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """The share done in hundredths; 0 while the total is unknown."""
        return self.rows_done * 100 // self.rows_total if self.rows_total else 0


class ClockRun(models.Model):
    """One run of a sweep (时钟任务记录): when, how many rows, what went wrong."""

    name = models.CharField("任务", max_length=60)
    planned_at = models.DateTimeField("应运行时间")
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    rows_done = models.PositiveIntegerField("处理行数", default=0)
    error = models.CharField("错误", max_length=300, blank=True)

    class Meta:
        verbose_name = "时钟任务记录"
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["name", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions asked of many notices at once."""

    def visible_to(self, user: models.Model) -> Self:
        """Return the notices addressed to this account."""
        return self.filter(to=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """A line in somebody's bell (通知); its words name nobody."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notices",
        verbose_name="接收人",
    )
    kind = models.CharField("种类", max_length=40)
    period = models.CharField("期次", max_length=60)
    words = models.CharField("内容", max_length=300)
    url = models.CharField("链接", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["to", "-id"],
                condition=models.Q(read_at=None),
                name="notice_unread_by_account",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["to", "kind", "period"], name="notice_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return self.words

"""Files that came in from offices, and what became of each of their rows."""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, User
from common.rows import Row
from common.sealed_fields import SealedTextField
from common.states import StateMachine
from intake.enums import BatchKind, BatchStatus, Outcome, Question
from jobs.models import Job, JobState

UNDO_WITHIN = timedelta(days=30)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Questions asked of many batches at once."""

    def visible_to(self, user: User) -> Self:
        """Return the files that accounts within this one's area have brought in.

        A file holds every cell that was typed, so a neighbour must not open it, nor
        an office below the one that brought it in.
        """
        match user.role:
            case Role.ADMIN:
                return self.all()
            case Role.CARE_OFFICE if user.area:
                low, high = user.area.prefix, str(int(user.area.prefix) + 1)
                return self.filter(area_id__gte=low, area_id__lt=high)
            case _:
                return self.none()

    def older_than(self, moment: Any) -> Self:
        return self.filter(created_at__lt=moment)


class ImportBatch(StateMachine, Row):
    """Every row of one file with its outcome (导入批次); it can be undone."""

    MOVES = {
        BatchStatus.READ: frozenset({BatchStatus.CHECKED, BatchStatus.FAILED}),
        BatchStatus.CHECKED: frozenset({BatchStatus.CONFIRMED, BatchStatus.FAILED}),
        BatchStatus.CONFIRMED: frozenset({BatchStatus.UNDONE}),
    }

    kind = models.CharField("内容", max_length=12, choices=BatchKind)
    file_name = models.CharField("文件名", max_length=200)
    stored_as = models.CharField("存放名", max_length=80, blank=True)
    content_hash = models.CharField("内容指纹", max_length=64)
    size = models.PositiveIntegerField("字节数", default=0)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="导入人")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="管辖范围")
    status = models.CharField(
        "状态", max_length=10, choices=BatchStatus, default=BatchStatus.READ
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    done_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    rows_read = models.PositiveIntegerField("读入行数", default=0)
    tallies = models.JSONField("结果", default=dict, blank=True)
    notices = models.JSONField("读表说明", default=list, blank=True)
    settings = models.JSONField("选项", default=dict, blank=True)
    failure = models.CharField("未能读入的原因", max_length=300, blank=True)
    job_id = models.UUIDField("后台任务", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["area", "-created_at", "-id"]),
            models.Index(fields=["-created_at", "-id"], name="batch_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BatchStatus.values), name="batch_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BatchKind.values), name="batch_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("confirmed", "undone"))
                | Q(done_at__isnull=False),
                name="batch_that_was_imported_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}导入批次 {self.created_at:%Y-%m-%d}"

    @property
    def trail_words(self) -> str:
        return f"导入批次 {str(self.pk)[-8:]}"

    @property
    def trail_area(self) -> str:
        return self.area_id

    @property
    def undo_until(self) -> date | None:
        """The last day on which the whole batch may be taken back."""
        if self.done_at is None:
            return None
        return timezone.localdate(self.done_at + UNDO_WITHIN)

    @property
    def may_be_undone(self) -> bool:
        until = self.undo_until
        confirmed = self.status == BatchStatus.CONFIRMED
        return confirmed and until is not None and timezone.localdate() <= until

    @property
    def is_at_work(self) -> bool:
        """Say whether the worker has the file in hand, or will have."""
        job = self.job
        return job is not None and job.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def job(self) -> Job | None:
        """The work that the worker was given, whoever gave it."""
        return Job.objects.filter(pk=self.job_id).first() if self.job_id else None

    def tally(self, outcome: str) -> int:
        """Return how many rows came out so."""
        return int(self.tallies.get(str(outcome), 0))


class ImportRow(Row):
    """One row of a file (导入行): what stood there, and what became of it."""

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", verbose_name="导入批次"
    )
    position = models.PositiveIntegerField("顺序")
    sheet = models.CharField("工作表", max_length=60, blank=True)
    number = models.PositiveIntegerField("行号")
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    reason = models.CharField("原因代码", max_length=30, blank=True)
    warned = models.BooleanField("有提醒", default=False)
    corrected = models.BooleanField("已改过", default=False)
    question = models.CharField("待定", max_length=10, choices=Question, blank=True)
    # Cells as typed, values as understood, problems in words: they hold private facts.
    content = SealedTextField("整行内容")
    before = SealedTextField("导入前")
    target_id = models.UUIDField("写入的记录", null=True, blank=True)

    class Meta:
        verbose_name = "导入行"
        ordering = ["batch", "position"]
        indexes = [
            models.Index(fields=["batch", "outcome", "position"]),
            models.Index(
                fields=["batch", "position"],
                condition=Q(warned=True),
                name="import_row_warned",
            ),
            models.Index(
                fields=["batch", "position"],
                condition=~Q(question=""),
                name="import_row_asks",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"], name="import_row_once_in_a_batch"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values),
                name="import_row_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(question__in=("", *Question.values)),
                name="import_row_question_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="wrong") | ~Q(reason=""),
                name="import_row_that_is_wrong_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}第{self.number}行"

    @property
    def trail_words(self) -> str:
        return f"导入第{self.number}行"

    @property
    def trail_area(self) -> str:
        return self.batch.area_id

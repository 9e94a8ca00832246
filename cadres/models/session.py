"""Where an account is signed in: one row a browser."""

from typing import Self

from django.db import models
from django.utils import timezone

from cadres.models.user import User
from common.rows import Row


class SessionQuerySet(models.QuerySet["Session"]):
    """Questions asked of many sessions at once."""

    def open(self) -> Self:
        """Return those that have not run out."""
        return self.filter(expires_at__gt=timezone.now())

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def visible_to(self, user: User) -> Self:
        """Return this account's own sessions that are open, the latest first."""
        return self.of(user).open().order_by("-seen_at")


class Session(Row):
    """A sign-in (登录) on one device, until log-out, a time-out or somebody ends it.

    The key in the browser's cookie is kept as a digest: whoever reads the table
    cannot go in with it.
    """

    digest = models.CharField("标识摘要", max_length=64, unique=True)
    content = models.TextField("内容", blank=True)
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name="账号",
    )
    started_at = models.DateTimeField("登录时间", default=timezone.now)
    seen_at = models.DateTimeField("最近活动", default=timezone.now)
    proved_at = models.DateTimeField("最近验证身份", default=timezone.now)
    second_at = models.DateTimeField("通过动态码", null=True, blank=True)
    expires_at = models.DateTimeField("到期", db_index=True)
    device = models.CharField("设备", max_length=60, blank=True)
    place = models.CharField("大致位置", max_length=60, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "登录会话"
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.device or "未知设备"

    @property
    def trail_words(self) -> str:
        return f"登录 {self.device}".strip()

"""Accounts: one person, one role, one reach."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cadres.enums import Role, TextSize
from cadres.models.area import Area
from cadres.models.organisation import Organisation
from cadres.permissions import allows
from common.rows import Row

BY_AREA = (Role.CARE_OFFICE, Role.LEADER, Role.DEPARTMENT)
BY_ORGANISATION = (Role.UNIT_LIAISON, Role.DEPARTMENT)


class UserManager(BaseUserManager["User"]):
    """Finds accounts; making one is an operation."""

    def visible_to(self, user: "User") -> models.QuerySet["User"]:
        """Return the accounts this one may look at: an administrator's are all."""
        return self.all() if user.role == Role.ADMIN else self.filter(pk=user.pk)

    def administrator_who_never_chose(self) -> "User | None":
        """Return the first administrator while none has a password of their own."""
        admins = self.filter(role=Role.ADMIN, is_active=True)
        if admins.filter(must_change_password=False).exists():
            return None
        return admins.order_by("created_at").first()


class User(Row, AbstractBaseUser):
    """An account (账号): a name to sign in with, one role, and its reach."""

    username = models.CharField("用户名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=12, choices=Role)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name="管辖区划"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name="所属单位",
    )
    text_size = models.CharField(
        "字号", max_length=3, choices=TextSize, default=TextSize.STANDARD
    )
    is_active = models.BooleanField("启用", default=True)
    demo = models.BooleanField("演示账号", default=False)
    must_change_password = models.BooleanField("须改密码", default=False)
    # A one-time password is good until then, and no longer once it was used.
    password_ends_at = models.DateTimeField("一次性密码失效", null=True, blank=True)
    role_until = models.DateField("角色截止日", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    objects = UserManager()

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=BY_AREA) | Q(area__isnull=False),
                name="user_role_with_an_area_has_one",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=BY_ORGANISATION) | Q(organisation__isnull=False),
                name="user_role_of_a_unit_has_one",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="user_role_known"
            ),
            models.CheckConstraint(
                condition=Q(must_change_password=False)
                | Q(password_ends_at__isnull=False),
                name="user_one_time_password_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_words(self) -> str:
        return f"账号 {self.username}"

    @property
    def trail_area(self) -> str:
        return self.area_id or ""

    def is_same_person(self, other: "User | None") -> bool:
        """Say whether the other account is this person's, as far as a name tells.

        Of two namesakes neither decides what the other asked for; a third one can.
        """
        return other is not None and (self.pk == other.pk or self.name == other.name)

    def role_is_in_force(self, on: date) -> bool:
        """Say whether the account may still act on this day."""
        return self.is_active and (self.role_until is None or on <= self.role_until)

    @property
    def has_second_factor(self) -> bool:
        """Say whether log-in asks this account for a code besides the password."""
        factor = getattr(self, "second_factor", None)
        return factor is not None and factor.confirmed_at is not None

    @property
    def needs_second_factor(self) -> bool:
        """Say whether this account's role may not go without one."""
        return self.role in settings.SECOND_STEP_ROLES

    def one_time_password_is_spent(self, now: datetime) -> bool:
        """Say whether the password was a one-time one, and is used or too old."""
        if not self.must_change_password:
            return False
        return self.password_ends_at is None or now >= self.password_ends_at

    def has_permission(self, permission: str) -> bool:
        """Say whether the account's role includes this; reach is asked separately."""
        return allows(self.role, permission)

"""Accounts: issued by the office, used by one person."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import Area, Cadre, Organisation, Session, User
from cadres.models.user import BY_AREA, BY_ORGANISATION
from cadres.operations.sessions import drop_others
from cadres.permissions import Permission, permits
from cadres.reach import keeps
from common.refusals import Refused

register(
    {
        "user.issued": "给干部开了账号",
        "user.role_changed": "调整了角色和范围",
        "user.code_issued": "用命令发了一次性密码",
    }
)
# Without 0 o 1 l i: it is read from a screen and typed on a phone.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP = 4, 4
ONE_TIME_FOR = timedelta(hours=24)
PASSWORD_FIELDS = ["password", "must_change_password", "password_ends_at"]
FIRST_ADMIN = "admin"
FIRST_ADMIN_LOCK = 620300
OWN = "不能更改自己的账号,请由另一位管理员办理。"


@dataclass(frozen=True)
class Issued:
    """An account together with the one-time password, which is shown once."""

    user: User
    password: str


@dataclass(frozen=True, kw_only=True)
class Post:
    """What an account is for: its role and the area or organisation it reaches."""

    role: str
    area: Area | None = None
    organisation: Organisation | None = None
    until: date | None = None


@permits(Permission.SIGNED_IN)
@transaction.atomic
def change_password(
    *, user: User, password: str, keep: Session | None = None, by: User
) -> User:
    """Give the account a password of its owner's choosing; its other sessions end.

    Raises Refused with what is wrong with a weak one, and for the one-time password
    itself.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    try:
        validate_password(password, user=user)
    except ValidationError as weak:
        raise Refused("".join(weak.messages)) from None
    if user.check_password(password):
        raise Refused("新密码和现在的一样,请换一个。")
    user.set_password(password)
    user.must_change_password, user.password_ends_at = False, None
    user.save(update_fields=PASSWORD_FIELDS)
    drop_others(user, keep)
    trail.record("user.password_changed", subject=user, by=by)
    return user


@permits(Permission.SIGNED_IN)
@transaction.atomic
def set_text_size(*, user: User, size: str, by: User) -> User:
    """Remember how large the account wants its letters."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.text_size = size
    user.save(update_fields=["text_size"])
    trail.record("user.text_size_set", subject=user, by=by, size=size)
    return user


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def create_account(*, username: str, name: str, post: Post, by: User) -> Issued:
    """Open an account; its owner chooses a password at the first log-in.

    Raises Refused for a name in use and a role without its area or organisation.
    """
    _check_post(post)
    _check_username(username)
    user = User(username=username, name=name)
    password = _fill(user, post)
    user.save(force_insert=True)
    trail.record("user.created", subject=user, by=by, role=str(post.role))
    return Issued(user, password)


@transaction.atomic
def create_first_admin() -> Issued | None:
    """Open ``admin`` when no administrator is in use; otherwise nothing.

    It is part of set-up: there is nobody yet who could be ``by``.
    """
    # Two set-ups at once would both find nobody.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if User.objects.filter(role=Role.ADMIN, is_active=True).exists():
        return None
    user = User(username=_free_name(), name="管理员")
    password = _fill(user, Post(role=Role.ADMIN))
    user.save(force_insert=True)
    trail.record("user.created", subject=user, by=None, role=Role.ADMIN.value)
    return Issued(user, password)


@permits(Permission.ISSUE_ACCOUNTS)
@transaction.atomic
def issue_to_cadre(*, cadre: Cadre, username: str, by: User) -> Issued:
    """Open an account for a cadre on duty; refused when there is one."""
    row = Cadre.objects.select_for_update(of=("self",)).get(pk=cadre.pk)
    if not keeps(by, row.organisation):
        raise Refused(f"{row.organisation}的干部不归本账号管理。")
    if row.user_id is not None:
        raise Refused(f"{row}已有账号。")
    if not row.active:
        raise Refused(f"{row}已离岗,不能开账号。")
    _check_username(username)
    user = User(username=username, name=row.name)
    password = _fill(user, Post(role=Role.CADRE))
    user.save(force_insert=True)
    row.user = user
    row.save(update_fields=["user"])
    trail.record("user.issued", subject=user, by=by, cadre=str(row.pk))
    return Issued(user, password)


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def change_post(*, user: User, post: Post, by: User) -> User:
    """Give an account another role or reach; nobody does so for themselves.

    Its sessions end, so that none goes on with a reach that is gone.
    """
    row = _locked(user, by)
    _check_post(post)
    if {row.role, post.role} == {Role.ADMIN, Role.AUDITOR}:
        raise Refused("管理员和审计不能是同一个账号,请另开账号。")
    if Cadre.objects.filter(user=row).exists() and post.role != Role.CADRE:
        raise Refused("这是干部本人的账号,角色不能更改;请另开账号。")
    before = {"role": row.role, "area": row.area_id, "until": str(row.role_until)}
    _take(row, post)
    row.save(update_fields=["role", "area", "organisation", "role_until"])
    drop_others(row, None)
    trail.record(
        "user.role_changed", subject=row, by=by, before=before, role=str(post.role)
    )
    return row


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def end_role(*, user: User, on: date, by: User) -> User:
    """Let the account's role end after this day."""
    row = _locked(user, by)
    row.role_until = on
    row.save(update_fields=["role_until"])
    trail.record("user.role_ended", subject=row, by=by, on=str(on))
    return row


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def disable(*, user: User, by: User) -> User:
    """Close the account at once; who is signed in is signed out with the next page."""
    row = _locked(user, by)
    if not row.is_active:
        raise Refused("这个账号已经停用。")
    row.is_active = False
    row.save(update_fields=["is_active"])
    drop_others(row, None)
    trail.record("user.disabled", subject=row, by=by)
    return row


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def enable(*, user: User, by: User) -> User:
    """Let a closed account be used again; one of a cadre who left stays closed."""
    row = _locked(user, by)
    if row.is_active:
        raise Refused("这个账号正在使用。")
    if Cadre.objects.filter(user=row, active=False).exists():
        raise Refused("这位干部已离岗,请先恢复在岗。")
    row.is_active = True
    row.save(update_fields=["is_active"])
    trail.record("user.enabled", subject=row, by=by)
    return row


@permits(Permission.MANAGE_ACCOUNTS)
@transaction.atomic
def reset_password(*, user: User, by: User) -> Issued:
    """Give a new one-time password; every session of the account ends with the old."""
    row = _locked(user, by)
    issued = _renew(row)
    trail.record("user.password_reset", subject=row, by=by)
    return issued


@transaction.atomic
def issue_code_at_machine(*, user: User) -> Issued:
    """Reset the password as ``reset_password`` does, for who is at the machine.

    There is no ``by``: it is for the account that nobody else can reset, and the trail
    says whence it came. Raises Refused for an account that could not sign in with it.
    """
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not row.role_is_in_force(timezone.localdate()):
        raise Refused("这个账号已停用或角色已到期,发了一次性密码也登录不了。")
    issued = _renew(row)
    trail.record_at_machine("user.code_issued", subject=row)
    return issued


def one_time_password() -> str:
    """Return 16 letters that are read and typed without mistakes."""
    groups = (
        "".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)
    )
    return "-".join(groups)


def _free_name() -> str:
    """Return ``admin``, or a name beside it where that one was used before."""
    taken = set(
        User.objects.filter(username__startswith=FIRST_ADMIN).values_list(
            "username", flat=True
        )
    )
    names = (f"{FIRST_ADMIN}{number or ''}" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def _locked(user: User, by: User) -> User:
    if user.pk == by.pk:
        raise Refused(OWN)
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _renew(row: User) -> Issued:
    """Put a one-time password in place of the account's own, and end its sessions."""
    password = _give_one_time_password(row)
    row.save(update_fields=PASSWORD_FIELDS)
    drop_others(row, None)
    return Issued(row, password)


def _fill(user: User, post: Post) -> str:
    _take(user, post)
    return _give_one_time_password(user)


def _give_one_time_password(user: User) -> str:
    """Let the account in once within a day, and then only to choose its own."""
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.password_ends_at = timezone.now() + ONE_TIME_FOR
    return password


def _take(user: User, post: Post) -> None:
    user.role, user.role_until = post.role, post.until
    user.area = post.area if post.role in BY_AREA else None
    user.organisation = post.organisation if post.role in BY_ORGANISATION else None


def _check_post(post: Post) -> None:
    if post.role in BY_AREA and post.area is None:
        raise Refused("这个角色要选管辖区划。")
    if post.role in BY_ORGANISATION and post.organisation is None:
        raise Refused("这个角色要选所属单位。")


def _check_username(username: str) -> None:
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("这个用户名已有人用,请换一个。")

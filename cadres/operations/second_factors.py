"""The second step of log-in: a code from the telephone, or one from the drawer."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import BackupCode, SecondFactor, Session, User
from cadres.operations.accounts import LETTERS
from cadres.operations.sessions import drop_others
from cadres.permissions import Permission, permits
from common.refusals import Refused

register(
    {
        "user.second_step_passed": "通过了动态码验证",
        "user.second_step_failed": "输错了动态码",
        "user.second_factor_begun": "开始设置动态码",
        "user.second_factor_on": "启用了动态码",
        "user.second_factor_off": "停用了动态码",
        "user.backup_codes_made": "重新生成了备用码",
    }
)
SECRET_BYTES = 20
STEP = 30
TOLERANCE = 1
TRIES = 6
LOCK = timedelta(minutes=15)
CODES = 10
CODE_LETTERS = 8


@permits(Permission.SIGNED_IN)
@transaction.atomic
def begin(*, user: User, by: User) -> SecondFactor:
    """Give the account a new secret, which counts for nothing until confirmed."""
    _only_oneself(user, by)
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is not None and factor.confirmed_at is not None:
        raise Refused("动态码已经启用;要换手机,请先停用再重新设置。")
    factor = factor or SecondFactor(user=user)
    factor.secret = secrets.token_hex(SECRET_BYTES)
    factor.failures, factor.locked_until = 0, None
    factor.save()
    trail.record("user.second_factor_begun", subject=user, by=by)
    return factor


@permits(Permission.SIGNED_IN)
@transaction.atomic
def confirm(*, user: User, code: str, keep: Session | None, by: User) -> list[str]:
    """Switch the second step on; return the ten backup codes, shown this once.

    Every other session of the account ends. Raises Refused for a wrong code.
    """
    _only_oneself(user, by)
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or factor.confirmed_at is not None:
        raise Refused("请先开始设置动态码。")
    now = timezone.now()
    step = _step_of(factor, code, now)
    if step is None:
        raise Refused("动态码不对,请核对手机时间后,输入新的 6 位数字。")
    factor.confirmed_at, factor.last_step = now, step
    factor.save(update_fields=["confirmed_at", "last_step"])
    codes = _make_codes(factor)
    drop_others(user, keep)
    trail.record("user.second_factor_on", subject=user, by=by)
    return codes


@permits(Permission.SIGNED_IN)
@transaction.atomic
def pass_second_step(*, user: User, code: str, by: User) -> bool:
    """Say whether the code is good; each is good once, whoever comes second.

    Six wrong ones lock this step for a quarter of an hour, and nothing else.
    """
    factor = SecondFactor.objects.select_for_update().get(user=user)
    now = timezone.now()
    locked = factor.locked_until is not None and now < factor.locked_until
    good = not locked and spend_code(factor, code, now)
    if good:
        factor.failures, factor.locked_until = 0, None
    elif not locked:
        factor.failures += 1
        if factor.failures >= TRIES:
            factor.failures, factor.locked_until = 0, now + LOCK
    factor.save(update_fields=["failures", "locked_until", "last_step"])
    if good:
        trail.record("user.second_step_passed", subject=user, by=by)
    else:
        trail.record("user.second_step_failed", subject=user, by=by)
    return good


@permits(Permission.SIGNED_IN)
@transaction.atomic
def remake_codes(*, user: User, by: User) -> list[str]:
    """Give ten new backup codes; the old ones open nothing any more."""
    _only_oneself(user, by)
    factor = _confirmed(user)
    codes = _make_codes(factor)
    trail.record("user.backup_codes_made", subject=user, by=by)
    return codes


@permits(Permission.SIGNED_IN)
@transaction.atomic
def turn_off(*, user: User, keep: Session | None = None, by: User) -> User:
    """Take the second step away: by the person, or by an administrator for them.

    An administrator does so when telephone and backup codes are lost; the account's
    sessions end. Who must have one cannot take away the own.
    """
    if user.pk == by.pk and user.needs_second_factor:
        raise Refused("您的角色登录时必须用动态码,不能停用;换手机请联系管理员。")
    _confirmed(user).delete()
    drop_others(user, keep if user.pk == by.pk else None)
    trail.record("user.second_factor_off", subject=user, by=by)
    return user


@transaction.atomic
def turn_off_at_machine(*, user: User) -> None:
    """Take the second step away for who is at the machine and lost phone and codes.

    Raises Refused where another administrator could do it: only the last one has
    nobody else to ask. There is no ``by``; the trail says whence it came.
    """
    today = timezone.localdate()
    others = User.objects.filter(role=Role.ADMIN).exclude(pk=user.pk)
    if any(one.role_is_in_force(today) for one in others):
        raise Refused("还有别的管理员,请由他在“账号”里停用这个账号的动态码。")
    _confirmed(user).delete()
    drop_others(user, None)
    trail.record_at_machine("user.second_factor_off", subject=user)


def spend_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Say whether the code is good now, and mark it used; wants the row locked."""
    typed = "".join(code.split()).replace("-", "").lower()
    step = _step_of(factor, typed, now)
    if step is not None:
        factor.last_step = step
        return True
    return _spend_backup(factor, typed, now)


def totp_of(factor: SecondFactor, now: datetime) -> TOTP:
    """Return the arithmetic of RFC 6238 for this secret at this moment."""
    arithmetic = TOTP(bytes.fromhex(factor.secret), STEP)
    arithmetic.time = now.timestamp()
    return arithmetic


def _only_oneself(user: User, by: User) -> None:
    if user.pk != by.pk:
        raise Refused("动态码只能由本人设置。")


def _confirmed(user: User) -> SecondFactor:
    rows = SecondFactor.objects.select_for_update()
    factor = rows.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        raise Refused("这个账号没有启用动态码。")
    return factor


def _step_of(factor: SecondFactor, code: str, now: datetime) -> int | None:
    """Return the half minute this code belongs to, when it is near and unused."""
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdecimal()):
        return None
    arithmetic = totp_of(factor, now)
    for drift in range(-TOLERANCE, TOLERANCE + 1):
        arithmetic.drift = drift
        step: int = arithmetic.t()
        same = secrets.compare_digest(f"{arithmetic.token():06}", typed)
        if same and step > factor.last_step:
            return step
    return None


def _spend_backup(factor: SecondFactor, typed: str, now: datetime) -> bool:
    if len(typed) != 1 + CODE_LETTERS or typed[0] not in "0123456789":
        return False
    code = factor.codes.filter(place=int(typed[0]), used_at=None).first()
    if code is None or not check_password(typed[1:], code.digest):
        return False
    code.used_at = now
    code.save(update_fields=["used_at"])
    return True


def _make_codes(factor: SecondFactor) -> list[str]:
    """Replace the codes; the first digit says which hash each is compared with."""
    factor.codes.all().delete()
    words = [
        "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        for _ in range(CODES)
    ]
    BackupCode.objects.bulk_create(
        BackupCode(factor=factor, place=place, digest=make_password(word))
        for place, word in enumerate(words)
    )
    half = CODE_LETTERS // 2
    return [f"{place}-{word[:half]}-{word[half:]}" for place, word in enumerate(words)]

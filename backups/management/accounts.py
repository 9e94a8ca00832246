"""Whose name a command is given in."""

from django.core.management.base import CommandError

from cadres.models import User
from cadres.permissions import Permission


def account(username: str | None) -> User | None:
    """Return the account that may back up; nobody named means the machine itself."""
    if username is None:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.has_permission(Permission.BACK_UP):
        raise CommandError(f"账号“{username}”不存在或不能备份。", returncode=2)
    return user

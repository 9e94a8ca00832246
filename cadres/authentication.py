"""How a password is kept and who may come in with it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cadres.models import User
from common.refusals import Crowded

HASHES_AT_ONCE = 2
# Half of a web process's threads: however many sign in, visits find a free one.
AT_THE_DOOR = 4
COME_AGAIN_AFTER = 3
_gate = threading.BoundedSemaphore(HASHES_AT_ONCE)
_door = threading.BoundedSemaphore(AT_THE_DOOR)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn to hash; Crowded when four are at it or wait already."""
    if not _door.acquire(blocking=False):
        raise Crowded("现在登录的人很多", seconds=COME_AGAIN_AFTER)
    try:
        with _gate:
            yield
    finally:
        _door.release()


class OwnArgon2Hasher(Argon2PasswordHasher):
    """argon2id with 47 MiB a hash and two at once.

    Django's default takes 100 MiB and eight lanes: eight log-ins at the same moment
    would take 0.9 GB. A hash of other parameters is made anew at the next log-in.
    """

    time_cost = 2
    memory_cost = 47 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


class AccountBackend(ModelBackend):
    """Lets in accounts that are in use and whose role is in force.

    It grants no Django permissions: what a role may do stands in permissions.py.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **options: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        user = _accounts().filter(username=username).first()
        if user is None:
            # As much work as for a known account, so that time tells nothing.
            User().set_password(password)
            return None
        if user.check_password(password) and self.may_come_in(user):
            return user
        return None

    def may_come_in(self, user: User) -> bool:
        """Say whether the account may begin a session now."""
        spent = user.one_time_password_is_spent(timezone.now())
        return self.user_can_authenticate(user) and not spent

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether the account is in force; asked again with every request."""
        if user.demo and not settings.DEMO:
            return False
        return bool(user.role_is_in_force(timezone.localdate()))

    def get_user(self, user_id: Any) -> User | None:
        user = _accounts().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


def _accounts() -> QuerySet[User]:
    """Return the accounts with their second factor and area: one query a request."""
    return User.objects.select_related("second_factor", "area")

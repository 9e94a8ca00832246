"""Sessions kept in a table of our own, so that a person can see and end them.

``settings.SESSION_ENGINE`` names this module.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import (
    CreateError,
    SessionBase,
    UpdateError,
)
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cadres.models.session import Session

# Until it is known who signs in, and how long their role may sit idle.
AT_FIRST = timedelta(minutes=30)
TOUCH = """
    SELECT set_config('synchronous_commit', 'off', true);
    UPDATE cadres_session
    SET seen_at = %s, expires_at = %s, device = %s, place = %s WHERE id = %s
"""


def digest_of(key: str) -> str:
    """Return what is kept of the key in a browser's cookie."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """A session whose row also says who, where, since when and until when."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None

    def load(self) -> dict[str, Any]:
        self.row = self._find(self.session_key) if self.session_key else None
        if self.row is None:
            # A key that the server did not give is never taken over.
            self._session_key = None
            return {}
        return self.decode(self.row.content)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002
        """Write the content; who signs in anew begins with fresh times."""
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if must_create:
            self._insert(self.encode(content), content.get(SESSION_KEY))
        else:
            self._update(self.encode(content), content.get(SESSION_KEY))

    def flush(self) -> None:
        super().flush()
        # Nothing of the old sign-in may be carried over into the next.
        self.row = None

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            Session.objects.filter(digest=digest_of(key)).delete()

    def touch(self, *, role: str, device: str, place: str) -> None:
        """Note that the person did something now, and count the idle time anew.

        The only write of a page that is just looked at. The answer does not wait for
        the disk: after a crash a session may be thought idle for a second longer.
        """
        if self.row is None:
            return
        if self.row.user_id is None:
            # Just signed in: whose it is must stand there before until when.
            self.save()
        now = timezone.now()
        last = self.row.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        ends = min(now + idle_for(role), last)
        values: list[Any] = [now, ends, device, place, self.row.pk]
        with connection.cursor() as cursor:
            cursor.execute(TOUCH, values)

    def pass_second_step(self) -> None:
        """Note that the code was right; the session goes on under another key."""
        if self.row is not None:
            self.row.second_at = self.row.proved_at = timezone.now()
            self.cycle_key()

    @classmethod
    def clear_expired(cls) -> None:
        cls.clear_ended(timezone.now())

    @staticmethod
    def clear_ended(now: datetime) -> int:
        """Remove the sessions that had run out by then; return how many."""
        return Session.objects.filter(expires_at__lte=now).delete()[0]

    def _find(self, key: str) -> Session | None:
        return Session.objects.open().filter(digest=digest_of(key)).first()

    def _insert(self, content: str, user_id: str | None) -> None:
        before, now = self.row, timezone.now()
        row = Session(
            digest=digest_of(self.session_key or ""),
            content=content,
            user_id=user_id,
            expires_at=now + AT_FIRST,
        )
        if before is not None and user_id and str(before.user_id) == user_id:
            # The same sign-in under another key, as after the second step.
            for name in ("started_at", "proved_at", "second_at", "expires_at"):
                setattr(row, name, getattr(before, name))
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise CreateError from None
        self.row = row

    def _update(self, content: str, user_id: str | None) -> None:
        changes: dict[str, Any] = {"content": content}
        if str(getattr(self.row, "user_id", None) or "") != (user_id or ""):
            now = timezone.now()
            changes |= {"user_id": user_id, "started_at": now, "seen_at": now}
            changes |= {"proved_at": now, "second_at": None}
            changes["expires_at"] = now + AT_FIRST
        rows = Session.objects.filter(digest=digest_of(self.session_key or ""))
        if not rows.update(**changes):
            raise UpdateError
        if self.row is not None:
            for name, value in changes.items():
                setattr(self.row, name, value)


def idle_for(role: str) -> timedelta:
    """Return how long an account of this role may do nothing and stay signed in."""
    seconds = settings.IDLE_SECONDS_IN_THE_FIELD
    if role not in settings.FIELD_ROLES:
        seconds = settings.IDLE_SECONDS
    return timedelta(seconds=seconds)

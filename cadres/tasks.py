"""What the clock does for the doors."""

from datetime import datetime

from cadres.operations.signing_in import forget_old_tries
from cadres.session_store import SessionStore
from jobs.registry import sweep


@sweep("purge_sessions", "清理到期的登录")
def purge_sessions(now: datetime) -> int:
    """Remove sessions that have run out and tries that count no more."""
    return SessionStore.clear_ended(now) + forget_old_tries(before=now)

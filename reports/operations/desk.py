"""Small deeds at one's own desk."""

from django.db import transaction

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from jobs import operations as jobs


@permits(Permission.SIGNED_IN)
@transaction.atomic
def read_all_notices(*, by: User) -> int:
    """Mark the account's notices as read; return how many were new."""
    count = jobs.read_notices(to=by)
    trail.record("notices.read", subject=by, by=by, count=count)
    return count

"""Tries that were refused: the curious leave a trace too."""

from django.apps import apps
from django.db import transaction

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits


@permits(Permission.SIGNED_IN)
@transaction.atomic
def note_refusal(*, address: str, model: str, key: str, by: User) -> None:
    """Record that the account asked for what it may not see, or what is not there.

    Whether the row exists is not looked up: the answer to both is the same. With the
    kind of row known, the event is found among those about that row.
    """
    kind = next((one for one in apps.get_models() if one.__name__ == model), None)
    trail.record_refusal(
        subject_type=kind._meta.label_lower if kind else "address",
        subject_id=key if kind else address,
        words=str(kind._meta.verbose_name) if kind else "没有权限的页面",
        by=by,
        address=address,
    )

"""Keeping what somebody began to write down, and letting it go."""

import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import Recipient
from visits.models import VisitDraft

LONGEST = 20_000


@permits(Permission.LOG_VISIT)
@transaction.atomic
def save_draft(
    *, recipient: Recipient, content: Mapping[str, Sequence[str]], by: User
) -> VisitDraft:
    """Keep the form as it is, one draft a person and account; the newer one wins."""
    text = json.dumps(dict(content), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Refused("草稿太长了,请删减后再存。")
    # The account's row is the lock: two saves at once must not make two drafts.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    draft = VisitDraft.objects.filter(user=by, recipient=recipient).first()
    draft = draft or VisitDraft(user=by, recipient=recipient)
    draft.content, draft.saved_at = text, timezone.now()
    draft.save()
    trail.record("visit.draft_saved", subject=recipient, by=by)
    return draft


@permits(Permission.LOG_VISIT)
@transaction.atomic
def discard_draft(*, draft: VisitDraft, by: User) -> None:
    """Throw the draft away."""
    gone, _ = VisitDraft.objects.filter(pk=draft.pk).delete()
    if not gone:
        raise Refused("这份草稿已经提交或删除了。")
    trail.record("visit.draft_discarded", subject=draft.recipient, by=by)

"""Keeping filters of the list of people under a name, and dropping them."""

from django.db import transaction

from audit import trail
from audit.sentences import register
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from recipients.models import SavedFilter

register({"filter.saved": "存了一个常用筛选", "filter.deleted": "删除了一个常用筛选"})
MOST = 20
LONGEST = 500


@permits(Permission.SEE_RECIPIENTS)
@transaction.atomic
def save_filter(*, name: str, query: str, by: User) -> SavedFilter:
    """Keep the filters under this name; a name used before takes the new ones.

    Raises Refused for nothing to keep, and beyond 20 names.
    """
    name = name.strip()
    if not name or not query:
        raise Refused("请先选好条件,再起个名字。")
    if len(query) > LONGEST:
        raise Refused("条件太长,存不下,请减少几项。")
    # One account's saves in turn, so that twenty stay twenty.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    own = SavedFilter.objects.visible_to(by)
    if own.exclude(name=name).count() >= MOST:
        raise Refused(f"最多存 {MOST} 个,请先删掉不用的。")
    saved, _ = SavedFilter.objects.update_or_create(
        user=by, name=name, defaults={"query": query}
    )
    trail.record("filter.saved", subject=saved, by=by)
    return saved


@permits(Permission.SEE_RECIPIENTS)
@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: User) -> None:
    """Drop one of the account's own."""
    if saved.user_id != by.pk:
        raise Refused("只能删除自己存的筛选。")
    trail.record("filter.deleted", subject=saved, by=by)
    saved.delete()

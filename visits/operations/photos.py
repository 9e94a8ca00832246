"""Putting photos to a visit, and taking them away."""

from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission, permits
from common.photos import rebuilt
from common.refusals import Refused
from recipients.enums import ConsentScope
from recipients.models import Recipient
from visits import photo_files
from visits.models import HomeVisit, VisitPhoto

MOST = 6
register({"photo.added": "上传了走访照片", "photo.removed": "删除了走访照片"})


@permits(Permission.LOG_VISIT)
@transaction.atomic
def add_photo(*, visit: HomeVisit, file: BinaryIO, size: int, by: User) -> VisitPhoto:
    """Keep a photo of a visit, rebuilt from its pixels and sealed.

    Raises Refused for what is no photo, for a seventh one, for somebody else's visit,
    and for a child under 14 whose guardian's consent is not noted.
    """
    visit = (
        HomeVisit.objects.select_for_update(of=("self",))
        .select_related("recipient", "cadre")
        .get(pk=visit.pk)
    )
    _check(visit, by)
    picture, (width, height) = rebuilt(file, size)
    # Written first: a file without its row is swept away, a row without is not.
    name, key = photo_files.write(picture)
    photo = VisitPhoto.objects.create(
        visit=visit, stored_as=name, key=key, width=width, height=height, added_by=by
    )
    trail.record("photo.added", subject=visit, by=by)
    return photo


@permits(Permission.LOG_VISIT)
@transaction.atomic
def remove_photo(*, photo: VisitPhoto, by: User) -> None:
    """Take a photo away for good; whoever added it may, and the office."""
    photo = (
        VisitPhoto.objects.select_for_update(of=("self",))
        .select_related("visit")
        .get(pk=photo.pk)
    )
    if photo.added_by_id != by.pk and by.role != Role.CARE_OFFICE:
        raise Refused("只有上传人和关爱办可以删除照片。")
    visit, name = photo.visit, photo.stored_as
    photo.delete()
    trail.record("photo.removed", subject=visit, by=by)
    transaction.on_commit(lambda: photo_files.remove(name))


def may_add_photos(visit: HomeVisit, user: User) -> bool:
    """Say whether the page offers this account to add a photo."""
    own = visit.entered_by_id == user.pk or visit.cadre.user_id == user.pk
    return visit.taken_back_at is None and (own or user.role == Role.CARE_OFFICE)


def why_no_photos(person: Recipient) -> str:
    """Say why nobody may photograph the person; nothing when there is no reason."""
    agreed = person.consents.in_force().filter(scope=ConsentScope.PHOTOS)
    if person.is_young(timezone.localdate()) and not agreed.exists():
        return "对象不满 14 周岁,还没有登记监护人同意拍照"
    return ""


def _check(visit: HomeVisit, by: User) -> None:
    own = visit.entered_by_id == by.pk or visit.cadre.user_id == by.pk
    if not own and by.role != Role.CARE_OFFICE:
        raise Refused("只能给自己的走访添加照片。")
    if visit.taken_back_at is not None:
        raise Refused("这次走访已撤销,不能添加照片。")
    if VisitPhoto.objects.filter(visit=visit).count() >= MOST:
        raise Refused(f"一次走访最多 {MOST} 张照片。")
    if why := why_no_photos(visit.recipient):
        raise Refused(f"{why},照片没有保存。")

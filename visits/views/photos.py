"""Serving photos to whom the visit is open, adding and removing them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.durable import is_disk
from common.errors import words_of_disk
from common.refusals import Refused
from common.toasts import toast
from visits import photo_files
from visits.models import HomeVisit, VisitPhoto
from visits.operations.photos import add_photo, remove_photo

ALONE = "sandbox; default-src 'none'"


@require_safe
@requires(Permission.SEE_VISITS)
def photo(request: Request, pk: UUID) -> HttpResponse:
    """Answer with the picture: one fixed type, never kept, able to do nothing."""
    found = get_object_or_404(VisitPhoto.objects.visible_to(request.user), pk=pk)
    try:
        picture = photo_files.read(found.stored_as, found.key)
    except photo_files.PhotoGone:
        raise Http404 from None
    response = HttpResponse(picture, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Permission.LOG_VISIT)
def photo_add(request: Request, pk: UUID) -> HttpResponse:
    visit = get_object_or_404(HomeVisit.objects.visible_to(request.user), pk=pk)
    keep_photos(request, visit)
    return redirect("visits:visit_detail", pk)


@require_POST
@requires(Permission.LOG_VISIT)
def photo_remove(request: Request, pk: UUID) -> HttpResponse:
    found = get_object_or_404(VisitPhoto.objects.visible_to(request.user), pk=pk)
    visit = found.visit_id
    remove_photo(photo=found, by=request.user)
    toast(request, "照片已删除。")
    return redirect("visits:visit_detail", visit)


def keep_photos(request: Request, visit: HomeVisit) -> None:
    """Keep the photos that came along; what is refused is said, the visit stands."""
    for file in request.FILES.getlist("photos"):
        try:
            add_photo(
                visit=visit,
                file=file,  # type: ignore[arg-type]
                size=file.size or 0,
                by=request.user,
            )
        except Refused as refusal:
            toast(request, str(refusal), refused=True)
            return
        except OSError as fault:
            if not is_disk(fault):
                raise
            words = f"走访已保存,照片没有保存:{words_of_disk(fault)}"
            toast(request, words, refused=True)
            return

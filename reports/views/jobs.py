"""Long work and the bell: how far it is, what it came to."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.downloads import download
from common.htmx import wants_part
from common.keyset import keyset_page
from jobs.models import Job, JobState, Notice
from reports.operations import desk

POLLING_ENDS = 286
RECENT = 100


@require_safe
@requires(Permission.SEE_JOBS)
def job_list(request: Request) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user)[:RECENT]
    return render(request, "reports/job_list.html", {"jobs": jobs})


@require_safe
@requires(Permission.SEE_JOBS)
def job_detail(request: Request, pk: object) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    over = job.state not in (JobState.WAITING, JobState.RUNNING)
    context = {"job": job, "over": over, "has_file": _has_file(job)}
    if wants_part(request):
        # 286 tells htmx to swap once more and to stop asking.
        status = POLLING_ENDS if over else 200
        return render(request, "reports/_job.html", context, status=status)
    return render(request, "reports/job_detail.html", context)


@require_safe
@requires(Permission.SEE_JOBS)
def job_file(request: Request, pk: object) -> FileResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not _has_file(job):
        raise Http404
    return download(Path(settings.MEDIA_ROOT) / job.result_file, job.file_name)


@require_safe
@requires(Permission.SIGNED_IN)
def notice_list(request: Request) -> HttpResponse:
    page = keyset_page(
        Notice.objects.visible_to(request.user),
        order=("-id",),
        cursor=request.GET.get("after"),
    )
    return render(request, "reports/notice_list.html", {"page": page})


@require_POST
@requires(Permission.SIGNED_IN)
def notices_read(request: Request) -> HttpResponse:
    desk.read_all_notices(by=request.user)
    return redirect("reports:notice_list")


def _has_file(job: Job) -> bool:
    if job.state != JobState.DONE or not job.result_file:
        return False
    if job.expires_at and job.expires_at < timezone.now():
        return False
    return (Path(settings.MEDIA_ROOT) / job.result_file).is_file()

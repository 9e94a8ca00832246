"""Who did what (操作留痕): the office in its reach, the auditor everywhere."""

from http import HTTPStatus
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit import details
from audit.models import Event
from audit.sentences import SENTENCES, sentence
from cadres.http import Request, requires
from cadres.models import User
from cadres.permissions import Permission
from common.htmx import render_page
from common.keyset import Page, keyset_page
from common.refusals import Refused
from common.unnamed import unnamed_file
from recipients.models import Recipient
from reports import queries
from reports.forms import PersonLookUpForm, TrailExportForm, TrailForm
from reports.operations import auditing

LONGEST_PATH = 200


# What an event is about, and the page that shows it to whoever may see it.
PAGES = {
    "recipients.recipient": (Permission.SEE_RECIPIENTS, "recipients:recipient_detail"),
    "recipients.pairing": (Permission.SEE_PAIRINGS, "recipients:pairing_detail"),
    "visits.homevisit": (Permission.SEE_VISITS, "visits:visit_detail"),
    "casework.need": (Permission.SEE_NEEDS, "casework:need_detail"),
    "cadres.cadre": (Permission.SEE_ORGANISATIONS, "cadres:cadre_detail"),
    "cadres.organisation": (
        Permission.SEE_ORGANISATIONS,
        "cadres:organisation_detail",
    ),
    "intake.importbatch": (Permission.IMPORT, "intake:batch_detail"),
}


def subject_url(event: Event, user: User) -> str:
    """Return the page of what the event is about; nothing for who may not see it."""
    permission, name = PAGES.get(event.subject_type, (None, ""))
    if permission is None or not user.has_permission(permission):
        return ""
    return reverse(name, args=[event.subject_id])


@require_safe
@requires(Permission.SEE_TRAIL)
def trail(request: Request) -> HttpResponse:
    return _trail(request, TrailForm(request.GET))


@require_POST
@requires(Permission.AUDIT)
def trail_find_person(request: Request) -> HttpResponse:
    """Go to the trail of a person; the number is posted and stands in no address."""
    look_up = PersonLookUpForm(request.POST)
    if look_up.is_valid():
        person = queries.person_of(look_up.cleaned_data["person"])
        if person is not None:
            return redirect("reports:trail_person", person.pk)
        look_up.add_error("person", "没有这个编号或身份证号的档案。")
    return _trail(request, TrailForm(), look_up=look_up, status=422)


@require_safe
@requires(Permission.AUDIT)
def trail_person(request: Request, pk: UUID) -> HttpResponse:
    """Show all that was done to one person, and who saw them."""
    person = queries.filed(pk)
    if person is None:
        raise Http404("No Recipient matches the given query.")
    auditing.look_up_person(recipient=person, by=request.user)
    form = TrailForm(request.GET)
    found = queries.events_about_person(person)
    found = form.narrow(found) if form.is_valid() else found.none()
    page = keyset_page(found, order=("-id",), cursor=request.GET.get("after"))
    context = {
        "page": page,
        "lines": lines(page, request.user),
        "form": form,
        "person": person,
    }
    return render_page(
        request,
        "reports/trail_person.html",
        part="reports/_trail.html",
        context=context,
    )


@require_POST
@requires(Permission.AUDIT)
def trail_export(request: Request) -> HttpResponseBase:
    form, asked = TrailForm(request.POST), TrailExportForm(request.POST)
    if not (form.is_valid() and asked.is_valid()):
        return _trail(request, form, export=asked, status=422)
    events = form.narrow(queries.events_for(request.user))
    reason = asked.cleaned_data["reason"]
    try:
        file = unnamed_file(
            lambda out: auditing.export_trail(
                events=events, reason=reason, out=out, told=form.told(), by=request.user
            )
        )
    except Refused as refusal:
        asked.add_error("reason", str(refusal))
        return _trail(request, form, export=asked, status=422)
    name = f"操作留痕_{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


@require_POST
@requires(Permission.SIGNED_IN)
def page_printed(request: Request) -> HttpResponse:
    """Leave that a page was printed, as its own script tells."""
    try:
        place = resolve(request.POST.get("path", "")[:LONGEST_PATH])
    except Resolver404:
        return HttpResponse(status=422)
    key = place.kwargs.get("pk")
    person = None
    if place.view_name.startswith("recipients:recipient_") and isinstance(key, UUID):
        reach = Recipient.objects.visible_to(request.user)
        person = reach.filter(pk=key).first()
    auditing.note_print(page=place.view_name, recipient=person, by=request.user)
    return HttpResponse(status=204)


def lines(page: Page[Event], user: User) -> list[dict[str, object]]:
    """Return each event with its sentence, its details, and what it leads to."""
    return [
        {
            "event": event,
            "sentence": sentence(event),
            "details": details.lines(event),
            "url": subject_url(event, user),
        }
        for event in page.rows
    ]


def _trail(
    request: Request,
    form: TrailForm,
    *,
    look_up: PersonLookUpForm | None = None,
    export: TrailExportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = queries.events_for(request.user)
    found = form.narrow(found) if form.is_valid() else found
    if form.errors:
        found = found.none()
    page = keyset_page(found, order=("-id",), cursor=request.GET.get("after"))
    audits = request.user.has_permission(Permission.AUDIT)
    context = {
        "page": page,
        "lines": lines(page, request.user),
        "form": form,
        "kinds": sorted(SENTENCES),
        "audits": audits,
        "look_up": look_up or PersonLookUpForm(),
        "export": export or TrailExportForm(),
    }
    part, whole = "reports/_trail.html", "reports/trail.html"
    if status != HTTPStatus.OK:
        return render(request, whole, context, status=status)
    return render_page(request, whole, part=part, context=context)

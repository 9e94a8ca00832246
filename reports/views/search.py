"""One box for people, cadres and units within reach; and the help page."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from cadres.enums import AreaLevel
from cadres.http import Request, requires
from cadres.models import Area, Cadre, Organisation, User
from cadres.permissions import Permission
from common.hidden_numbers import address_of
from common.search_text import Kind, SearchQuery
from recipients.models import Recipient
from recipients.operations.looks import SEARCHED, search_by_number
from recipients.queries import filed_elsewhere
from recipients.queries import search as search_people
from reports.forms import SearchForm
from reports.help_topics import TOPICS

SHOWN = 20
ICONS = {
    "关爱对象": "people",
    "乡镇和村社": "geo-alt-fill",
    "结对干部": "person-badge",
    "单位": "buildings",
}


@require_safe
@requires(Permission.SIGNED_IN)
def search(request: Request) -> HttpResponse:
    form = SearchForm(request.GET)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    query = SearchQuery.parse(typed)
    groups = _groups(request, query) if query.kind != Kind.REFUSED else []
    context = {
        "form": form,
        "asked": bool(typed),
        "refusal": query.words if query.kind == Kind.REFUSED else "",
        "groups": groups,
        "found": any(group["rows"] for group in groups),
    }
    if not context["found"] and request.user.has_permission(Permission.BREAK_GLASS):
        # Only after a whole number: it tells that there is a file, and its code.
        context["elsewhere"] = filed_elsewhere(query)
    return render(request, "reports/search.html", context)


@require_POST
@requires(Permission.SIGNED_IN)
def find(request: Request) -> HttpResponse:
    """Go to the result of a search; a number that was typed stands in no address."""
    asked = request.POST.copy()
    asked.pop("csrfmiddlewaretoken", None)
    to = str(asked.pop("to", [""])[-1])
    try:
        # Only a page of our own: whatever else was sent leads nowhere.
        resolve(to)
    except Resolver404:
        raise Http404 from None
    return redirect(f"{to}?{address_of(asked)}")


@require_safe
@requires(Permission.SIGNED_IN)
def help_page(request: Request) -> HttpResponse:
    context = {
        "topics": TOPICS[request.user.role],
        "office_phone": settings.CARE_OFFICE_PHONE,
    }
    return render(request, "reports/help.html", context)


def _groups(request: Request, query: SearchQuery) -> list[dict[str, Any]]:
    if query.kind == Kind.NOTHING:
        return []
    user = request.user
    reach = Recipient.objects.visible_to(user)
    people = list(search_people(reach, query).select_related("area")[:SHOWN])
    if query.kind in SEARCHED:
        search_by_number(number=query.kind, found=people, by=user)
    groups = [("关爱对象", [_person(one, user) for one in people])]
    if user.has_permission(Permission.EDIT_RECIPIENTS):
        places = Area.objects.visible_to(user).in_use().filter(_placed(query))
        found = places.select_related("parent").order_by("code")[:SHOWN]
        groups.append(("乡镇和村社", [_place(one) for one in found]))
    if user.has_permission(Permission.SEE_ORGANISATIONS):
        named = _named(query)
        cadres = Cadre.objects.visible_to(user).filter(named)
        units = Organisation.objects.visible_to(user).filter(named)
        groups += [
            (
                "结对干部",
                [_cadre(one) for one in cadres.select_related("organisation")[:SHOWN]],
            ),
            ("单位", [_unit(one) for one in units[:SHOWN]]),
        ]
    return [
        {
            "label": label,
            "icon": ICONS[label],
            "rows": rows,
            "more": len(rows) == SHOWN,
        }
        for label, rows in groups
    ]


def _named(query: SearchQuery) -> Q:
    """Return how a cadre or a unit is found: by name or by its sound."""
    match query.kind:
        case Kind.NAME:
            return Q(grams__contains=list(query.grams))
        case Kind.PINYIN:
            return Q(initials__startswith=query.text) | Q(pinyin__startswith=query.text)
        case _:
            return Q(pk=None)


def _placed(query: SearchQuery) -> Q:
    """Return how a township or a village is found: by name, townships by initials."""
    below = Q(level__in=(AreaLevel.TOWNSHIP, AreaLevel.VILLAGE))
    match query.kind:
        case Kind.NAME:
            return below & Q(name__contains=query.text)
        case Kind.PINYIN:
            return below & Q(initials__iexact=query.text)
        case _:
            return Q(pk=None)


def _person(person: Recipient, user: User) -> dict[str, str]:
    return {
        "name": person.name_for(user),
        "note": f"{person.get_category_display()} · {person.area} · {person.code}",
        "url": reverse("recipients:recipient_detail", args=[person.pk]),
    }


def _cadre(cadre: Cadre) -> dict[str, str]:
    return {
        "name": cadre.name,
        "note": f"{cadre.organisation} {cadre.post}",
        "url": reverse("cadres:cadre_detail", args=[cadre.pk]),
    }


def _place(area: Area) -> dict[str, str]:
    """Lead to the people of a township, or of one village in it."""
    township = area.parent if area.level == AreaLevel.VILLAGE else area
    asked = {"area": township.pk if township else area.pk}
    if township is not area:
        asked["village"] = area.name
    return {
        "name": area.name,
        "note": f"{area.parent or ''} · 看这里的关爱对象",
        "url": f"{reverse('recipients:recipient_list')}?{urlencode(asked)}",
    }


def _unit(unit: Organisation) -> dict[str, str]:
    return {
        "name": unit.name,
        "note": str(unit.get_kind_display()),
        "url": reverse("cadres:organisation_detail", args=[unit.pk]),
    }

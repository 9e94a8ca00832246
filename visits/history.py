"""What one person's years with the scheme look like, newest first (经过)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from cadres.models import User
from cadres.permissions import Permission
from casework.models import CLOSED, Need
from common.keyset import Page, keyset_page
from recipients.models import Pairing, Recipient
from visits.enums import Way
from visits.models import HomeVisit, HomeVisitQuerySet
from visits.screens import ICONS, deed_words

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline; the names are those of ``_timeline.html``."""

    day: date
    icon: str
    title: str
    words: str = ""
    by: str = ""
    url: str = ""
    kind: str = ""
    note: str = ""


def visits_of(recipient: Recipient, user: User) -> HomeVisitQuerySet:
    """Return the visits to one person that stand, within reach."""
    return HomeVisit.objects.visible_to(user).standing().filter(recipient=recipient)


def history_page(
    recipient: Recipient, user: User, *, cursor: str | None, only_visits: bool
) -> tuple[Page[HomeVisit], list[Happening]]:
    """Return a page of visits, with whatever else happened in the days it spans."""
    visits = (
        visits_of(recipient, user)
        .select_related("cadre", "campaign")
        .prefetch_related("deeds")
    )
    page = keyset_page(visits, order=("-day", "-id"), cursor=cursor, size=PAGE_SIZE)
    happenings = [_visit(visit) for visit in page.rows]
    if not only_visits:
        first, before = _span(page, visits)
        happenings += [
            one for one in _others(recipient, user) if first <= one.day < before
        ]
    happenings.sort(key=lambda one: one.day, reverse=True)
    return page, happenings


def _span(page: Page[HomeVisit], visits: HomeVisitQuerySet) -> tuple[date, date]:
    """Return the page's days: each day between visits is on exactly one page."""
    first, before = date.min, date.max
    if page.rows and page.next:
        first = page.rows[-1].day
    if page.rows and page.previous:
        top = page.rows[0]
        newer = visits.filter(Q(day__gt=top.day) | Q(day=top.day, id__gt=top.pk))
        before = newer.order_by("day", "id")[0].day
    return first, before


def _others(recipient: Recipient, user: User) -> Iterator[Happening]:
    if recipient.left_on:
        why = recipient.get_left_reason_display()
        yield Happening(recipient.left_on, "box-arrow-right", "退出", why)
    for pairing in (
        Pairing.objects.visible_to(user)
        .filter(recipient=recipient)
        .select_related("cadre__organisation")
    ):
        yield from _pairing(pairing)
    if user.has_permission(Permission.SEE_NEEDS):
        for need in Need.objects.visible_to(user).filter(recipient=recipient):
            yield from _need(need)
    # Last, so that it stands below whatever else happened on that day.
    yield Happening(recipient.registered_on, "person-plus", "建档")


def _pairing(pairing: Pairing) -> Iterator[Happening]:
    who = f"{pairing.cadre.name}({pairing.cadre.organisation.name})"
    way = pairing.get_kind_display()
    if pairing.started_on:
        yield Happening(pairing.started_on, "people", f"{way}开始", who, kind="ok")
    if pairing.ended_on:
        why = pairing.get_end_reason_display()
        yield Happening(pairing.ended_on, "people", f"{way}结束", who, by=why)


def _need(need: Need) -> Iterator[Happening]:
    url = reverse("casework:need_detail", args=[need.pk])
    about = need.get_kind_display()
    yield Happening(
        need.raised_on,
        "exclamation-diamond",
        f"提出{about}需求",
        need.words,
        url=url,
        kind="need",
    )
    if need.closed_on and need.status in CLOSED:
        title = f"{about}需求{need.get_status_display()}"
        yield Happening(
            need.closed_on, "check2-circle", title, need.answer, url=url, kind="ok"
        )


def _visit(visit: HomeVisit) -> Happening:
    deeds = "、".join(deed_words(deed) for deed in visit.deeds.all())
    companions = f" · 随同 {visit.companions}" if visit.companions else ""
    return Happening(
        day=visit.day,
        note=visit.campaign.name if visit.campaign else "",
        icon=ICONS[Way(visit.way)],
        title=visit.way_words,
        words=f"{visit.words}{f'({deeds})' if deeds else ''}",
        by=f"{visit.cadre.name}{companions}{' · 补录' if visit.late_entry else ''}",
        url=reverse("visits:visit_detail", args=[visit.pk]),
    )

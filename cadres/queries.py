"""Questions about organisations, cadres and accounts: who is meant, how they are."""

from collections.abc import Iterable
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from cadres.models import (
    Cadre,
    CadreQuerySet,
    OrganisationQuerySet,
    Session,
    SessionQuerySet,
    User,
)
from common.encryption import blind_index
from common.search_text import Kind, SearchQuery

# Pairings live in an app above this one; only their rows are counted here.
ACTIVE = Q(pairings__status="active")


def search_organisations(
    organisations: OrganisationQuerySet, query: SearchQuery
) -> OrganisationQuerySet:
    """Return the organisations meant by name, pinyin or initials."""
    match query.kind:
        case Kind.NOTHING:
            return organisations
        case Kind.NAME:
            return organisations.filter(grams__contains=list(query.grams))
        case Kind.PINYIN:
            return organisations.filter(_sounds(query.text))
        case _:
            return organisations.none()


def search_cadres(cadres: CadreQuerySet, query: SearchQuery) -> CadreQuerySet:
    """Return the cadres meant by name, pinyin, initials, unit, whole phone or id."""
    match query.kind:
        case Kind.NOTHING:
            return cadres
        case Kind.NAME:
            pieces = list(query.grams)
            return cadres.filter(
                Q(grams__contains=pieces) | Q(organisation__grams__contains=pieces)
            )
        case Kind.PINYIN:
            return cadres.filter(_sounds(query.text))
        case Kind.PHONE:
            return cadres.filter(phone_index=blind_index(query.text))
        case Kind.RESIDENT_ID:
            return cadres.filter(resident_id_index=blind_index(query.text))
        case _:
            return cadres.none()


def loads(cadres: Iterable[Cadre]) -> dict[Any, int]:
    """Return how many households each of these cadres now cares for."""
    keys = [cadre.pk for cadre in cadres]
    counted = (
        Cadre.objects.filter(pk__in=keys)
        .order_by()
        .values("pk")
        .annotate(load=Count("pairings__recipient__household", ACTIVE, distinct=True))
    )
    return {row["pk"]: row["load"] for row in counted}


def with_loads(cadres: list[Any]) -> list[Any]:
    """Give each cadre of a page its ``load``."""
    found = loads(cadres)
    for cadre in cadres:
        cadre.load = found.get(cadre.pk, 0)
    return cadres


def with_sizes(organisations: list[Any]) -> list[Any]:
    """Give each organisation of a page its cadres on duty and its households."""
    keys = [organisation.pk for organisation in organisations]
    counted = (
        Cadre.objects.active()
        .filter(organisation__in=keys)
        .order_by()
        .values("organisation")
        .annotate(
            cadres=Count("pk", distinct=True),
            load=Count("pairings__recipient__household", ACTIVE, distinct=True),
        )
    )
    found = {row["organisation"]: row for row in counted}
    for organisation in organisations:
        sizes = found.get(organisation.pk)
        organisation.size = sizes["cadres"] if sizes else 0
        organisation.load = sizes["load"] if sizes else 0
    return organisations


def assistance(cadre: Cadre) -> dict[str, Any]:
    """Return who writes down the cadre's visits today, and whose the cadre does."""
    today = timezone.localdate()
    return {
        "assistants": cadre.assistants.in_force(today).select_related("assistant"),
        "assisted": cadre.assists.in_force(today).select_related("cadre"),
    }


def locks_of(user: User) -> list[str]:
    """Return the addresses from which this account may not be tried just now."""
    since = timezone.now() - get_cool_off()
    attempts = AccessAttempt.objects.filter(
        username=user.username,
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gte=since,
    )
    return sorted(str(attempt.ip_address) for attempt in attempts)


def sessions_of(user: User) -> SessionQuerySet:
    """Return where this account is signed in, for whoever looks after accounts."""
    return Session.objects.of(user).open().order_by("-seen_at")


def _sounds(text: str) -> Q:
    return Q(initials__startswith=text) | Q(pinyin__startswith=text)

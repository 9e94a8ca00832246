"""Every page of the product, and what each is about for a given pair of eyes.

A new address that takes a row must be told here; one that nobody visits fails
``test_every_page``. The script that makes pictures walks the same list.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.test import RequestFactory
from django.urls import reverse

from cadres.models import Cadre, CadreLeave, Organisation, User
from casework.enums import NeedStatus
from casework.models import Need, Referral
from intake.enums import BatchStatus
from intake.models import ImportBatch
from jobs.models import Job
from recipients.enums import RecipientStatus
from recipients.models import (
    ActingCarer,
    FileMerge,
    LifeTask,
    LikelyPair,
    Pairing,
    Recipient,
    Recommendation,
)
from recipients.models.relative import cadres_kept_by
from rosters.enums import DifferenceStatus
from rosters.models import Difference, Roster
from tests.house.addresses import Address, addresses
from visits.models import Campaign, HomeVisit

# One account of the demonstration for each role: every page is before their eyes.
EYES = ("city", "unit", "cadre", "civil", "leader", "admin", "auditor")
# GET addresses that answer with a file, or with a part no screen shows by itself.
NOT_PAGES = {
    "cadres:login_again",
    "cadres:second_step",
    "cadres:village_options",
    "intake:batch_errors",
    "intake:batch_file",
    "intake:batch_progress",
    "intake:template",
    "recipients:recipient_chips",
    "reports:job_file",
    "visits:photo",
    "reports:live",
    "reports:ready",
}
# The same page asked otherwise: nothing found, a query, another drawer of a board.
ASKED: dict[str, tuple[str, ...]] = {
    "reports:search": ("?q=李", "?q=查无此人"),
    "recipients:recipient_list": ("?q=查无此人",),
    "recipients:pairing_board": ("?queue=unpaired", "?queue=overload", "?queue=all"),
    "visits:visit_list": ("?q=查无此人",),
}
Rows = Callable[[User], "models.QuerySet[Any]"]


def _on_file(user: User) -> "models.QuerySet[Any]":
    people = Recipient.objects.visible_to(user).filter(status=RecipientStatus.ON_FILE)
    return people.order_by("code")


def _left(user: User) -> "models.QuerySet[Any]":
    return Recipient.objects.visible_to(user).filter(status=RecipientStatus.LEFT)


def _active(user: User) -> "models.QuerySet[Any]":
    return Pairing.objects.visible_to(user).active()


def _proposed(user: User) -> "models.QuerySet[Any]":
    return Pairing.objects.visible_to(user).proposed()


def _open_differences(user: User) -> "models.QuerySet[Any]":
    return Difference.objects.visible_to(user).filter(status=DifferenceStatus.OPEN)


def _own_families(user: User) -> "models.QuerySet[Any]":
    return _on_file(user).filter(
        pk__in=Pairing.objects.visible_to(user).active().values("recipient")
    )


def _unpaired(user: User) -> "models.QuerySet[Any]":
    return _on_file(user).exclude(
        pk__in=Pairing.objects.exclude(status="ended").values("recipient")
    )


def _caring(user: User) -> "models.QuerySet[Any]":
    return Cadre.objects.visible_to(user).filter(
        pk__in=Pairing.objects.active().values("cadre")
    )


def _elsewhere(user: User) -> "models.QuerySet[Any]":
    """Return those beyond the reach; the city has none and is led to its own."""
    beyond = Recipient.objects.exclude(pk__in=Recipient.objects.visible_to(user))
    return beyond.order_by("code") if beyond.exists() else _on_file(user)


def _accepted_needs(user: User) -> "models.QuerySet[Any]":
    return Need.objects.visible_to(user).filter(status=NeedStatus.ACCEPTED)


def _all(model: Any) -> Rows:
    return lambda user: model.objects.visible_to(user)


# What the row in an address may be, by the longest beginning of the address's name.
ABOUT: dict[str, Rows] = {
    "cadres:cadre_": _caring,
    "cadres:organisation_": _all(Organisation),
    "cadres:user_": _all(User),
    "casework:need_detail": _all(Need),
    "casework:need_raise": _own_families,
    "casework:need_refer": _accepted_needs,
    "casework:need_report": _own_families,
    "casework:of_recipient": _on_file,
    "casework:referral_detail": _all(Referral),
    "intake:batch_": lambda user: ImportBatch.objects.visible_to(user).filter(
        status=BatchStatus.CHECKED
    ),
    "recipients:acting_return": _all(ActingCarer),
    "recipients:cadre_acting": _caring,
    "recipients:cadre_release": _caring,
    "recipients:consent_give": _on_file,
    "recipients:glass_break": _elsewhere,
    "recipients:leave_change": _all(CadreLeave),
    "recipients:merge_detail": _all(FileMerge),
    "recipients:merge_propose": _all(LikelyPair),
    "recipients:pairing_acting": _active,
    "recipients:pairings_of_cadre": _caring,
    "recipients:pairing_detail": _active,
    "recipients:pairing_handover": _active,
    "recipients:pairing_handover_all": _caring,
    "recipients:pairing_propose": _unpaired,
    "recipients:pairing_review": _proposed,
    "recipients:recipient_": _on_file,
    "recipients:recipient_return": _left,
    "recipients:relatives_of_cadre": lambda user: cadres_kept_by(user),
    "recipients:recommendation_detail": _all(Recommendation),
    "recipients:recommendation_file": lambda user: (
        Recommendation.objects.within_office_of(user).checked()
    ),
    "recipients:task_settle": _all(LifeTask),
    "reports:job_": _all(Job),
    # The auditor has nobody within reach, and everybody's trail.
    "reports:trail_person": lambda user: Recipient.objects.order_by("code"),
    "reports:person_disclose": _on_file,
    "rosters:roster_": _all(Roster),
    "rosters:difference_": _open_differences,
    "visits:campaign_": lambda user: Campaign.objects.all(),
    "visits:of_recipient": _own_families,
    "visits:policies_of_recipient": _own_families,
    "visits:round_new": _active,
    "visits:visit_detail": _all(HomeVisit),
    "visits:visit_late": _active,
    "visits:visit_new": _own_families,
}

# Pages about whoever was ticked in a list.
TICKED: dict[str, Rows] = {"recipients:pairing_propose_chosen": _unpaired}


@dataclass(frozen=True)
class Look:
    """One page as one account opens it: the address's name, and its path."""

    name: str
    path: str


@cache
def pages() -> list[Address]:
    """Return the addresses that answer GET with a page of their own."""
    return [
        address
        for address in addresses()
        if address.name not in NOT_PAGES and "GET" in _methods(address)
    ]


def looks(user: User) -> Iterator[Look]:
    """Yield every page that the account may open and has something to see on.

    Raises KeyError when an address takes a row and ABOUT does not say which.
    """
    for address in pages():
        permission = address.view.permission  # type: ignore[attr-defined]
        if permission is None or not user.has_permission(permission):
            continue
        if not address.parameters:
            path = reverse(address.name)
            for query in ("", *ASKED.get(address.name, ())):
                yield Look(address.name, path + query)
            if address.name in TICKED and (row := TICKED[address.name](user).first()):
                yield Look(address.name, f"{path}?chosen={row.code}")
        elif row := _row(address.name, user):
            yield Look(address.name, reverse(address.name, args=_keys(address, row)))


def _keys(address: Address, row: Any) -> list[Any]:
    """Return what stands in the address: the row, or the two people of a pair."""
    if address.name == "recipients:merge_propose":
        return [row.first_key, row.second_key]
    return [row.pk]


def _row(name: str, user: User) -> models.Model | None:
    beginning = max(filter(name.startswith, ABOUT), key=len, default="")
    if not beginning:
        raise KeyError(f"{name}: say in ABOUT which row it is about")
    return ABOUT[beginning](user).first()


def _methods(address: Address) -> str:
    """Ask the view, as a browser would, which methods it answers."""
    quiet = logging.getLogger("django.request")
    quiet.disabled = True
    try:
        return address.view(RequestFactory().options("/")).headers["Allow"]
    finally:
        quiet.disabled = False

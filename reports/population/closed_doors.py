"""Families of the demo that said no or were not at home, and a cadre's relative."""

import uuid
from datetime import date, timedelta

from cadres.models import Area, Cadre, User
from common.invented_places import YONGCHANG
from recipients.enums import Category, Kinship
from recipients.models import Pairing, Recipient
from recipients.operations.relatives import declare_relative
from reports.population.accounts import HEXIBAO
from visits.content import VisitNote
from visits.enums import Outcome, Way
from visits.operations.visits import log_visit

OF_THE_DEMO = uuid.UUID("6b0c6f0e-5b0a-4b43-9a6e-0d1a1f5f0049")
SAID_NO = (
    "敲门应答,老人说“家里都好,不用来”,没有让进门。",
    "在门口说了几句,本人不愿再有人上门,留了电话。",
)
NOT_AT_HOME = (
    "敲门没人应,院门上锁,问邻居说出门了。",
    "又去一趟,家里没人,门上留了便条。",
    "第三次去仍没人,电话打不通,已告诉村委会。",
)
# How it went, and how many days ago; one family a line.
TOLD = (
    (Outcome.REFUSED, SAID_NO, (12, 4)),
    (Outcome.NOT_MET, NOT_AT_HOME, (11, 6, 2)),
    (Outcome.REFUSED, SAID_NO, (5,)),
    (Outcome.NOT_MET, NOT_AT_HOME, (3,)),
)
# They were last met before all this began.
FIRST = timedelta(days=14)


def write_closed_doors(today: date) -> int:
    """Let their cadres tell of refusals and of nobody at home; return the visits."""
    told = 0
    for pairing, (outcome, sayings, days) in zip(_pairings(today), TOLD, strict=False):
        for words, ago in zip(sayings, days, strict=False):
            told += 1
            note = VisitNote(
                day=today - timedelta(days=ago),
                way=Way.HOME,
                words=words,
                outcome=outcome,
            )
            log_visit(
                pairings=[pairing],
                client_id=uuid.uuid5(OF_THE_DEMO, f"{pairing.pk} {ago}"),
                note=note,
                by=_account(pairing.cadre),
            )
    return told


def write_relative() -> int:
    """Let the demo's cadre declare an in-law on file; return how many were."""
    account = User.objects.get(username="cadre")
    person = (
        Recipient.objects.unpaired()
        .within(Area.objects.get(pk=YONGCHANG))
        .exclude(resident_id_index=None)
        .exclude(category=Category.CHILD)
        .order_by("-code")
        .first()
    )
    if person is None:
        return 0
    declare_relative(
        cadre=Cadre.objects.get(user=account),
        relation=Kinship.IN_LAW,
        name=person.name,
        resident_id=person.resident_id,
        by=account,
    )
    return 1


def _pairings(today: date) -> list[Pairing]:
    """Return one of each of some households of the township that chance has cared for.

    A small city may have few, or none.
    """
    rows = (
        Pairing.objects.active()
        .by_cadres()
        .filter(
            recipient__area=HEXIBAO,
            last_contact_on__lt=today - FIRST,
            cadre__user__isnull=False,
        )
        .exclude(recipient__category=Category.CHILD)
        .exclude(cadre__user__username="cadre")
        .select_related("recipient", "cadre__user")
        .order_by("recipient__code")
    )
    by_household = {pairing.recipient.household_id: pairing for pairing in rows}
    return list(by_household.values())[: len(TOLD)]


def _account(cadre: Cadre) -> User:
    assert cadre.user is not None
    return cadre.user

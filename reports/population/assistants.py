"""A head of a bureau whose colleague writes the visits down, and one such visit."""

import uuid
from datetime import date

from cadres.models import Cadre, User
from cadres.operations.assistants import name_assistant
from recipients.models import Pairing
from visits.content import VisitNote
from visits.enums import Way
from visits.operations.visits import log_visit

OF_THE_DEMO = uuid.UUID("0f6d1a52-6c5b-4c7e-9d0e-38a3c0de0038")
POST = "副局长"
WORDS = "入户看望,身体平稳,米面油够用;提醒通风防煤烟。"


def write_assistance(today: date, office: User) -> int:
    """Let the demo's cadre write for a head of the same unit; return the visits."""
    account = User.objects.get(username="cadre")
    writer = Cadre.objects.get(user=account)
    pairing = _of_a_colleague(writer)
    if pairing is None:
        return 0
    Cadre.objects.filter(pk=pairing.cadre_id).update(post=POST)
    name_assistant(cadre=pairing.cadre, assistant=writer, by=office)
    log_visit(
        pairings=[pairing],
        client_id=uuid.uuid5(OF_THE_DEMO, str(pairing.pk)),
        note=VisitNote(day=today, way=Way.HOME, words=WORDS),
        by=account,
    )
    return 1


def _of_a_colleague(writer: Cadre) -> Pairing | None:
    """Return a grown-up's pairing with a colleague; a small city may have none."""
    return (
        Pairing.objects.active()
        .by_cadres()
        .filter(cadre__organisation=writer.organisation)
        .exclude(cadre=writer)
        .exclude(recipient__category="CHILD")
        .select_related("cadre", "recipient")
        .order_by("started_on", "pk")
        .first()
    )

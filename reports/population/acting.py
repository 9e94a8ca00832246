"""A colleague on a long leave, for one of whose families the demo's cadre acts."""

from datetime import date, timedelta

from cadres.enums import LeaveKind
from cadres.models import Cadre, User
from cadres.operations.cadres import take_leave
from recipients.models import Pairing
from recipients.operations.acting import set_acting

AWAY = timedelta(days=95)
WORDS = "老人耳背,上门前先给邻居打电话。"


def write_acting(today: date, office: User) -> int:
    """Send a colleague to a village and let the demo's cadre act; return how many."""
    cadre = Cadre.objects.get(user__username="cadre")
    pairing = _of_a_colleague(cadre)
    if pairing is None:
        return 0
    until = today + AWAY
    take_leave(
        cadre=pairing.cadre,
        kind=LeaveKind.SECONDED,
        from_on=today,
        until_on=until,
        by=office,
    )
    set_acting(
        pairings=[pairing],
        cadre=cadre,
        from_on=today,
        until_on=until,
        words=WORDS,
        by=office,
    )
    return 1


def _of_a_colleague(cadre: Cadre) -> Pairing | None:
    """Return a grown-up of a colleague nobody writes for, the last to be due."""
    return (
        Pairing.objects.active()
        .by_cadres()
        .filter(
            cadre__organisation=cadre.organisation,
            cadre__assistants=None,
            recipient__status="on_file",
            next_due_on__isnull=False,
        )
        .exclude(cadre=cadre)
        .exclude(recipient__category="CHILD")
        .select_related("cadre", "recipient")
        .order_by("-next_due_on", "pk")
        .first()
    )

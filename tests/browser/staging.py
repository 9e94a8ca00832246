"""What a demonstration lacks until somebody works in it: files, ledgers, moves."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from cadres.enums import LeaveKind
from cadres.models import Area, Cadre, User
from cadres.operations.cadres import take_leave
from casework.enums import NeedKind, Urgency
from casework.operations import accept_need, raise_need, referrals
from intake import operations as intake
from intake.enums import BatchKind
from recipients.enums import LeaveReason
from recipients.models import LifeTask, LikelyPair, Pairing, Recipient
from recipients.operations import merges, pairings, standing
from recipients.operations.acting import propose_acting
from reports.operations import exports
from reports.scope import Scope
from tests.browser import tables

COUNTY = "620321000000"


def set_the_stage() -> None:
    """Leave files to be confirmed, ledgers to be written, and people in between."""
    _receive_rosters()
    _ask_for_ledgers()
    _move_people()
    _doubt_and_decide()
    _refer_a_need()
    _ask_somebody_to_act()


def _receive_rosters() -> None:
    with TemporaryDirectory() as folder:
        name = "孤残儿童花名册(11月).xlsx"
        path = Path(folder) / name
        tables.children_with_mistakes(path, today=timezone.localdate())
        for username in ("city", "yongchang", "hexibao", "admin"):
            intake.receive(
                kind=BatchKind.RECIPIENTS,
                file_name=name,
                chunks=[path.read_bytes()],
                by=User.objects.get(username=username),
            )


def _ask_for_ledgers() -> None:
    county = Area.objects.get(pk=COUNTY)
    for username in ("city", "yongchang", "admin"):
        user = User.objects.get(username=username)
        scope = Scope(user=user, area=county)
        exports.ask_to_export(
            ledger="visits", scope=scope, reason="报市关爱办", by=user
        )


def _move_people() -> None:
    """Let one person leave, one wait for a cadre, and one for the office's word."""
    office, liaison = (User.objects.get(username=name) for name in ("city", "unit"))
    paired = Recipient.objects.on_file().exclude(pairings=None).order_by("-code")
    gone, waiting, proposed = paired[:3]
    for person in (gone, waiting, proposed):
        standing.leave(
            recipient=person,
            reason=LeaveReason.MOVED,
            on=timezone.localdate(),
            by=office,
        )
    for person in (waiting, proposed):
        standing.return_to_file(recipient=person, words="又迁回本地", by=office)
    cadre = Cadre.objects.filter(organisation=liaison.organisation).order_by("pk")[0]
    pairings.propose(recipients=[proposed], cadre=cadre, words="同村", by=liaison)


def _doubt_and_decide() -> None:
    """Leave two files that may be of one person, a merge and a task of a life."""
    office = User.objects.get(username="yongchang")
    people = Recipient.objects.visible_to(office).on_file().order_by("code")
    kept, gone, doubted, other = people[:4]
    merges.propose_merge(
        kept=kept, gone=gone, choices={}, words="证号录错一位", by=office
    )
    first, second = sorted((doubted.pk, other.pk))
    LikelyPair.objects.create(
        first_key=first,
        second_key=second,
        area_id=COUNTY,
        score=80,
        reasons=["姓名同音"],
    )
    LifeTask.objects.create(
        recipient=doubted,
        kind="adult",
        due_on=timezone.localdate(),
        raised_on=timezone.localdate(),
    )


def _refer_a_need() -> None:
    """Let one need wait for the office, and one for the department of civil affairs."""
    office, civil = (User.objects.get(username=name) for name in ("city", "civil"))
    person = Recipient.objects.on_file().order_by("code")[0]
    needs = [
        raise_need(
            recipient=person,
            kind=NeedKind.LIVING,
            words=words,
            urgency=Urgency.NORMAL,
            by=office,
        )
        for words in ("低保金没有到账", "想办残疾证")
    ]
    for need in needs:
        accept_need(need=need, by=office)
    need = needs[0]
    referrals.send_referral(
        need=need,
        department=civil.organisation,
        words="请核对低保",
        due_on=timezone.localdate() + timedelta(days=10),
        by=office,
    )


def _ask_somebody_to_act() -> None:
    """Send a cadre away for long, and propose another for one of the families."""
    office, today = User.objects.get(username="city"), timezone.localdate()
    others = Pairing.objects.active().by_cadres().exclude(cadre__user__username="cadre")
    pairing = others.select_related("cadre", "recipient").order_by("pk")[0]
    colleague = others.exclude(cadre=pairing.cadre_id).order_by("pk")[0].cadre
    days = {"from_on": today, "until_on": today + timedelta(days=90)}
    take_leave(cadre=pairing.cadre, kind=LeaveKind.SECONDED, by=office, **days)
    propose_acting(pairings=[pairing], cadre=colleague, by=office, **days)

"""One sample call of each operation on keys and on what may be seen."""

import datetime
import io
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from PIL import Image

from casework.models import Need, Referral
from recipients.enums import ConsentScope, GlassVerdict
from recipients.models import Pairing, Recipient
from reports.scope import Scope
from sealing.canary import prove
from sealing.models import SealingKey
from tests import cast
from tests.house.world import World


def _retired(world: World) -> dict[str, Any]:
    prove()
    SealingKey.objects.filter(purpose="index").update(retired_at=timezone.now())
    key = SealingKey.objects.get(purpose="index")
    return {"key": key, "by": world.users["admin"]}


def _need(world: World, status: str) -> Need:
    Need.objects.filter(pk=world.near["need"].pk).update(status=status)
    return Need.objects.get(pk=world.near["need"].pk)


def _referral(world: World, status: str, **told: Any) -> dict[str, Any]:
    referral = world.near["referral"]
    Referral.objects.filter(pk=referral.pk).update(status=status)
    Need.objects.filter(pk=referral.need_id).update(
        status="referred" if status == "sent" else "in_progress"
    )
    return {"referral": referral, **told, "by": world.users["department"]}


def _long_gone(world: World) -> Recipient:
    person = world.near["recipient"]
    Pairing.objects.filter(recipient=person).update(
        status="ended",
        started_on="2014-02-01",
        ended_on="2014-12-31",
        end_reason="moved",
    )
    Recipient.objects.filter(pk=person.pk).update(
        status="left",
        left_on="2015-01-01",
        registered_on="2014-01-01",
        left_reason="moved",
    )
    return Recipient.objects.get(pk=person.pk)


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    file.seek(0)
    return file


PRIVACY: dict[str, Callable[[World], dict[str, Any]]] = {
    "sealing.begin_field_key": lambda world: {
        "algorithm": "aes",
        "by": world.users["admin"],
    },
    "sealing.change_index_key": lambda world: {
        "algorithm": "aes",
        "by": world.users["admin"],
    },
    "sealing.remove_key": _retired,
    "casework.referrals.send_referral": lambda world: {
        "need": _need(world, "accepted"),
        "department": world.users["department"].organisation,
        "words": "请尽快",
        "due_on": cast.TODAY + datetime.timedelta(days=3650),
        "by": world.users["county"],
    },
    "casework.referrals.see_referral": lambda world: _referral(world, "sent"),
    "casework.referrals.accept_referral": lambda world: _referral(world, "sent"),
    "casework.referrals.return_referral": lambda world: _referral(
        world, "sent", words="不属于我单位"
    ),
    "casework.referrals.answer_referral": lambda world: _referral(
        world, "accepted", words="已办好"
    ),
    "casework.referrals.close_referral": lambda world: {
        **_referral(world, "answered", words="已解决", solved=True),
        "by": world.users["county"],
    },
    "visits.photos.add_photo": lambda world: {
        "visit": world.near["visit"],
        "file": _picture(),
        "size": 999,
        "by": world.users["cadre"],
    },
    "visits.photos.remove_photo": lambda world: {
        "photo": world.near["photo"],
        "by": world.users["cadre"],
    },
    "reports.approvals.ask_for_approval": lambda world: {
        "ledger": "recipients",
        "scope": Scope(user=world.users["county"], full_ids=True),
        "reason": "报市局台账",
        "by": world.users["county"],
    },
    "reports.approvals.approve_export": lambda world: {
        "request": world.near["export_request"],
        "by": world.users["county"],
    },
    "reports.approvals.decline_export": lambda world: {
        "request": world.near["export_request"],
        "words": "请用掩码",
        "by": world.users["county"],
    },
    "recipients.retention.erase": lambda world: {
        "recipient": _long_gone(world),
        "by": world.users["county"],
    },
    "recipients.glass.break_glass": lambda world: {
        "recipient": world.far["waiting"],
        "reason": "老人在本县走失",
        "by": world.users["county"],
    },
    "recipients.glass.review_glass": lambda world: {
        "look": world.near["glass"],
        "verdict": GlassVerdict.RIGHT,
        "words": "情况属实",
        "by": world.users["county"],
    },
    "recipients.consents.give_consent": lambda world: {
        "recipient": world.near["recipient"],
        "scope": ConsentScope.HANDLING,
        "given_by": "祖母",
        "on": cast.TODAY,
        "by": world.users["county"],
    },
    "recipients.consents.withdraw_consent": lambda world: {
        "consent": world.near["consent"],
        "by": world.users["county"],
    },
}

"""The daily walk along the trail's chain: its record, its printed head, its alarm."""

import time

from django.db import transaction
from django.utils import timezone

from audit import heads, seals
from audit.models import Check
from audit.verification import verify
from cadres.enums import Role
from cadres.models import User
from jobs.operations import notify

WATCHERS = (Role.AUDITOR, Role.ADMIN)


def check() -> Check:
    """Walk the chain, also against the heads printed on earlier days, and record it.

    A chain that holds has its head printed for the day. Harmless to run twice.
    """
    begun = time.monotonic()
    seals.seal()
    verdict = verify(heads.kept_here())
    now = timezone.now()
    if verdict.good:
        heads.put_down(verdict.events, verdict.head.hex(), now)
    with transaction.atomic():
        done = Check.objects.create(
            at=now,
            good=verdict.good,
            events=verdict.events,
            head=verdict.head.hex(),
            seconds=round(time.monotonic() - begun, 2),
            words=verdict.words[:300],
        )
        if not verdict.good:
            _alarm(done)
    return done


def _alarm(found: Check) -> None:
    for watcher in User.objects.filter(role__in=WATCHERS, is_active=True):
        notify(
            to=watcher,
            kind="trail.broken",
            period=f"{timezone.localtime(found.at):%Y%m%d}",
            words=found.words,
            url="/trail/chain/",
        )

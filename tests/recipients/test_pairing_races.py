"""Many at once, on real connections: exactly one wins, and no load runs over."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from cadres.models import Cadre, User
from recipients.enums import PairingStatus
from recipients.models import Pairing, Recipient
from recipients.operations import pairing_changes, pairing_handovers, pairings
from tests import cast
from tests.at_once import all_at_once

PROPOSED = {
    "status": PairingStatus.PROPOSED,
    "started_on": None,
    "next_due_on": None,
}
AT_ONCE = 50


def approval(pairing: Pairing, by: User) -> Callable[[], object]:
    return lambda: pairings.approve(pairing=pairing, on=timezone.localdate(), by=by)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_approvals_for_one_person_one_wins(
    child: Recipient, unit, yongchang_office: User
):
    rivals = [
        cast.make_pairing(child, cast.make_cadre(f"干部{number}", unit), **PROPOSED)
        for number in range(AT_ONCE)
    ]

    outcomes = all_at_once([approval(one, yongchang_office) for one in rivals])

    assert outcomes == {"done": 1, "refused": AT_ONCE - 1}
    assert child.pairings.active().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_approvals_of_one_proposal_one_wins(
    child: Recipient, cadre: Cadre, yongchang_office: User
):
    proposal = cast.make_pairing(child, cadre, **PROPOSED)

    outcomes = all_at_once([approval(proposal, yongchang_office)] * AT_ONCE)

    assert outcomes == {"done": 1, "refused": AT_ONCE - 1}


@pytest.mark.django_db(transaction=True)
def test_a_cadre_at_the_limit_takes_one_of_two_families(
    cadre: Cadre, yongchang_office: User
):
    for number in range(cadre.capacity - 1):
        cast.make_pairing(cast.make_recipient(f"某{number}"), cadre)
    rivals = [
        cast.make_pairing(cast.make_recipient(name), cadre, **PROPOSED)
        for name in ("王大山", "孙有才")
    ]

    outcomes = all_at_once([approval(one, yongchang_office) for one in rivals])

    assert outcomes == {"done": 1, "refused": 1}
    assert Pairing.objects.active().filter(cadre=cadre).count() == cadre.capacity


@pytest.mark.django_db(transaction=True)
def test_of_many_handovers_one_wins_and_nobody_waits_for_ever(
    child: Recipient, cadre: Cadre, unit, yongchang_office: User
):
    pairing = cast.make_pairing(child, cadre)
    others = [cast.make_cadre(f"干部{number}", unit) for number in range(8)]
    deeds: list[Callable[[], object]] = [
        lambda other=other: pairing_handovers.hand_over(
            pairing=pairing,
            cadre=other,
            on=timezone.localdate(),
            words="调离",
            by=yongchang_office,
        )
        for other in others
    ]
    deeds += [
        lambda: pairing_changes.pause(
            pairing=pairing, reason="病假", by=yongchang_office
        )
    ] * 2

    outcomes = all_at_once(deeds)

    assert set(outcomes) == {"done", "refused"}
    assert Pairing.objects.filter(previous=pairing).count() == 1
    assert child.pairings.active().count() == 1


@pytest.mark.django_db(transaction=True)
def test_crossing_handovers_of_whole_cadres_do_not_lock_each_other_out(
    cadre: Cadre, other_cadre: Cadre, yongchang_office: User
):
    for number in range(3):
        cast.make_pairing(cast.make_recipient(f"甲{number}"), cadre)
        cast.make_pairing(cast.make_recipient(f"乙{number}"), other_cadre)

    def hand_all(giver: Cadre, taker: Cadre) -> Callable[[], object]:
        return lambda: pairing_handovers.hand_over_all(
            cadre=giver,
            to=taker,
            on=timezone.localdate(),
            words="单位调整",
            over_capacity_words="临时代管",
            by=yongchang_office,
        )

    outcomes = all_at_once([hand_all(cadre, other_cadre), hand_all(other_cadre, cadre)])

    assert set(outcomes) <= {"done", "refused"}
    assert outcomes["done"] >= 1
    assert Pairing.objects.active().count() == 6

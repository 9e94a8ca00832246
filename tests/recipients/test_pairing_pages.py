"""The pages about pairings: stranger, reader, writer; queries; words."""

import pytest
from django.test import Client
from django.urls import reverse

from cadres.models import Cadre, User
from recipients.enums import PairingStatus
from recipients.models import Pairing, Recipient
from tests import cast

TODAY = cast.TODAY


@pytest.fixture
def proposal(child: Recipient, cadre: Cadre, hexibao_office: User) -> Pairing:
    return cast.make_pairing(
        child,
        cadre,
        status=PairingStatus.PROPOSED,
        proposed_by=hexibao_office,
        started_on=None,
        next_due_on=None,
    )


def test_propose_board_approve_is_a_thread(
    client: Client,
    child: Recipient,
    cadre: Cadre,
    hexibao_office: User,
    yongchang_office: User,
):
    client.force_login(hexibao_office)
    page = client.get(reverse("recipients:pairing_propose", args=[child.pk]))
    assert "李小伟" in page.text
    answer = client.post(
        reverse("recipients:pairing_propose", args=[child.pk]),
        {"recipients": [child.pk], "cadre": cadre.pk, "kind": "cadre"},
    )
    made = Pairing.objects.get()
    assert answer.url == reverse("recipients:pairing_detail", args=[made.pk])

    client.force_login(yongchang_office)
    board = client.get(reverse("recipients:pairing_board"))
    assert "李小伟" in board.text
    review = client.get(reverse("recipients:pairing_review", args=[made.pk]))
    assert "为什么是这位" in review.text
    client.post(
        reverse("recipients:pairing_approve", args=[made.pk]),
        {"on": made.proposed_on, "version": made.version},
    )

    made.refresh_from_db()
    assert made.status == PairingStatus.ACTIVE
    assert child not in Recipient.objects.unpaired()

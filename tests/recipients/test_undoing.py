"""A leaving and an ending are taken back within half a minute, or refused."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from casework.enums import NeedKind, NeedStatus, Urgency
from casework.operations import accept_need, raise_need
from common.refusals import Refused
from recipients.enums import (
    EndReason,
    LeaveReason,
    PairingStatus,
    Relation,
    TaskKind,
    TaskState,
)
from recipients.models import LifeTask, Pairing, Recipient
from recipients.operations import pairing_changes, standing, tasks, undoing
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False) as moved:
        yield moved


def end(pairing, by) -> Pairing:
    return pairing_changes.end(
        pairing=pairing, reason=EndReason.REPLACED, on=cast.TODAY, by=by
    )


def leave(child, by) -> Recipient:
    return standing.leave(
        recipient=child, reason=LeaveReason.DIED, on=cast.TODAY, by=by
    )


def test_an_ending_is_taken_back_whole(pairing, child, yongchang_office):
    due = pairing.next_due_on
    end(pairing, yongchang_office)

    undoing.take_back_end(pairing=pairing, by=yongchang_office)

    pairing.refresh_from_db()
    child.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE
    assert (pairing.ended_on, pairing.end_reason) == (None, "")
    assert (pairing.next_due_on, child.paired) == (due, True)
    assert Event.objects.latest("id").kind == "pairing.end_undone"


def test_a_paused_pairing_comes_back_paused(pairing, yongchang_office):
    pairing_changes.pause(pairing=pairing, reason="病假", by=yongchang_office)
    end(pairing, yongchang_office)

    undone = undoing.take_back_end(pairing=pairing, by=yongchang_office)

    assert undone.status == PairingStatus.PAUSED


def test_only_who_ended_it_takes_it_back_and_only_at_once(
    pairing, yongchang_office, city_office, clock
):
    end(pairing, yongchang_office)

    with pytest.raises(Refused, match="自己"):
        undoing.take_back_end(pairing=pairing, by=city_office)
    clock.shift(36)
    with pytest.raises(Refused, match="30 秒"):
        undoing.take_back_end(pairing=pairing, by=yongchang_office)


def test_an_ending_stays_when_somebody_else_cares_by_now(
    pairing, child, other_cadre, yongchang_office
):
    end(pairing, yongchang_office)
    cast.make_pairing(child, other_cadre)

    with pytest.raises(Refused):
        undoing.take_back_end(pairing=pairing, by=yongchang_office)

    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ENDED


def test_an_ending_is_not_taken_back_twice(pairing, yongchang_office):
    end(pairing, yongchang_office)
    undoing.take_back_end(pairing=pairing, by=yongchang_office)

    with pytest.raises(Refused, match="变更"):
        undoing.take_back_end(pairing=pairing, by=yongchang_office)


def test_a_leaving_is_taken_back_with_all_that_hung_on_it(
    pairing, child, other_cadre, yongchang_office
):
    child.relation = Relation.HEAD
    child.save()
    survivor = cast.make_recipient("李小芳", household=child.household)
    waiting = cast.make_pairing(
        child,
        other_cadre,
        kind="mother",
        status=PairingStatus.PROPOSED,
        started_on=None,
        next_due_on=None,
    )
    tasks.raise_task(child, TaskKind.ADULT, due_on=cast.TODAY)
    leave(child, yongchang_office)

    undoing.take_back_leaving(recipient=child, by=yongchang_office)

    for row in (pairing, child, waiting):
        row.refresh_from_db()
    assert (child.status, child.left_on, child.left_reason) == ("on_file", None, "")
    assert (pairing.status, pairing.ended_on) == (PairingStatus.ACTIVE, None)
    assert (waiting.status, waiting.review_words) == (PairingStatus.PROPOSED, "")
    assert waiting.reviewed_by is None
    assert child.tasks.get().state == TaskState.OPEN
    assert LifeTask.objects.get(recipient=survivor).state == TaskState.MOOT
    assert Event.objects.latest("id").kind == "recipient.leaving_undone"


def test_a_leaving_stays_once_a_new_head_was_named(child, yongchang_office):
    child.relation = Relation.HEAD
    child.save()
    cast.make_recipient("李小芳", household=child.household)
    leave(child, yongchang_office)
    tasks.settle(task=LifeTask.objects.get(), words="无", by=yongchang_office)

    with pytest.raises(Refused, match="已有人办理"):
        undoing.take_back_leaving(recipient=child, by=yongchang_office)

    child.refresh_from_db()
    assert child.status == "left"


def test_a_leaving_stays_when_the_file_was_changed_since(child, yongchang_office):
    leave(child, yongchang_office)
    Recipient.objects.filter(pk=child.pk).update(version=child.version + 9)

    with pytest.raises(Refused, match="变更"):
        undoing.take_back_leaving(recipient=child, by=yongchang_office)


def test_a_leaving_stays_when_the_cadre_left_as_well(
    pairing, child, cadre, yongchang_office
):
    leave(child, yongchang_office)
    cadre.active = False
    cadre.save()

    with pytest.raises(Refused, match="离岗"):
        undoing.take_back_leaving(recipient=child, by=yongchang_office)


@pytest.mark.parametrize("deed", ["leave", "end"])
def test_the_page_offers_to_take_it_back(
    deed, pairing, child, yongchang_office, client: Client
):
    client.force_login(yongchang_office)
    about = child if deed == "leave" else pairing
    name = "recipient_leave" if deed == "leave" else "pairing_end"
    back = reverse(f"recipients:{deed}_undo", args=[about.pk])
    reason = LeaveReason.MOVED if deed == "leave" else EndReason.REPLACED
    told = {"reason": reason, "on": timezone.localdate(), "version": about.version}

    page = client.post(reverse(f"recipients:{name}", args=[about.pk]), told)
    page = client.get(page.url)
    assert f'action="{back}"' in page.content.decode()
    answer = client.post(back, follow=True)

    assert "已撤销" in answer.content.decode()
    pairing.refresh_from_db()
    assert pairing.status == PairingStatus.ACTIVE
    assert client.post(back).status_code == 409


def test_half_a_minute_is_measured_from_the_deed(child, yongchang_office, clock):
    leave(child, yongchang_office)
    clock.shift(datetime.timedelta(seconds=29))

    person = undoing.take_back_leaving(recipient=child, by=yongchang_office)

    assert person.status == "on_file"


def test_needs_that_closed_with_a_death_are_open_again(child, yongchang_office):
    need = raise_need(
        recipient=child,
        kind=NeedKind.MEDICAL,
        words="想办理轮椅",
        urgency=Urgency.NORMAL,
        by=yongchang_office,
    )
    accept_need(need=need, by=yongchang_office)
    leave(child, yongchang_office)
    need.refresh_from_db()
    assert need.status == NeedStatus.DECLINED

    undoing.take_back_leaving(recipient=child, by=yongchang_office)

    need.refresh_from_db()
    assert (need.status, need.closed_on) == (NeedStatus.ACCEPTED, None)
    assert "去世" not in need.answer

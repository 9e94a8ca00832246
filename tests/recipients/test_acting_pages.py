"""Pages of who acts for a carer: set where a leave is work, shown where it counts."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cadres.enums import LeaveKind, Role
from cadres.models import Cadre, CadreLeave
from cadres.operations.cadres import take_leave
from recipients.models import ActingCarer
from recipients.operations.acting import propose_acting, set_acting
from tests import cast
from tests.visits.telling import posted

pytestmark = pytest.mark.django_db


def after(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def leave(cadre, yongchang_office) -> CadreLeave:
    return take_leave(
        cadre=cadre,
        kind=LeaveKind.ILLNESS,
        from_on=after(0),
        until_on=after(90),
        by=yongchang_office,
    )


@pytest.fixture
def other(unit) -> Cadre:
    user = cast.make_user("other", Role.CADRE, name="张三")
    return cast.make_cadre("张三", unit, user=user)


def told(cadre: Cadre, **changes) -> dict:
    days = {"from_on": after(0).isoformat(), "until_on": after(90).isoformat()}
    return {"cadre": str(cadre.pk), "words": "", **days, **changes}


def acts(pairing, other, by) -> ActingCarer:
    days = {"from_on": after(0), "until_on": after(90)}
    return set_acting(pairings=[pairing], cadre=other, by=by, **days)[0]


def asked(pairing, other, by) -> ActingCarer:
    days = {"from_on": after(0), "until_on": after(90)}
    return propose_acting(pairings=[pairing], cadre=other, by=by, **days)[0]


def html(client, name: str, *args) -> str:
    return str(client.get(reverse(name, args=args)).content.decode())


def test_the_bulk_page_lets_a_household_be_acted_for(
    client, pairing, leave, other, yongchang_office
):
    client.force_login(yongchang_office)
    page = html(client, "recipients:handover_bulk")
    sent = {f"to_{pairing.pk}": str(other.pk), f"how_{pairing.pk}": "acting"}

    client.post(
        reverse("recipients:handover_bulk"),
        {**sent, "words": "常去看看", "on": after(0).isoformat()},
    )

    assert "代管," in page
    acting = ActingCarer.objects.get()
    assert (acting.cadre, acting.until_on) == (other, leave.until_on)
    assert "没有要交接的结对" in html(client, "recipients:handover_bulk")


def test_all_families_of_a_cadre_are_acted_for_at_once(
    client, pairing, leave, cadre, other, yongchang_office
):
    second = cast.make_pairing(cast.make_recipient("王大山"), cadre)
    client.force_login(yongchang_office)
    url = reverse("recipients:cadre_acting", args=[cadre.pk])
    assert leave.until_on.isoformat() in client.get(url).content.decode()

    answer = client.post(url, told(other))

    assert answer.status_code == 302
    acting = ActingCarer.objects.values_list("pairing", flat=True)
    assert set(acting) == {pairing.pk, second.pk}
    assert "没有要请人代管的结对" in client.get(url).content.decode()


def test_what_is_refused_keeps_every_word(
    client, pairing, leave, cadre, other, yongchang_office
):
    client.force_login(yongchang_office)
    url = reverse("recipients:pairing_acting", args=[pairing.pk])
    sent = told(other, until_on=after(91).isoformat(), words="老人耳背")

    answer = client.post(url, sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "一次请假或外派之内" in page
    assert "老人耳背" in page
    assert after(91).isoformat() in page


def test_without_a_leave_the_page_leads_to_putting_one_down(
    client, pairing, cadre, yongchang_office
):
    client.force_login(yongchang_office)

    page = html(client, "recipients:cadre_acting", cadre.pk)

    assert reverse("cadres:cadre_away", args=[cadre.pk]) in page


def test_a_unit_proposes_and_the_office_finds_and_agrees_to_it(
    client, pairing, leave, other, liaison, yongchang_office
):
    client.force_login(liaison)
    url = reverse("recipients:pairing_acting", args=[pairing.pk])
    assert client.post(url, told(other)).status_code == 302
    acting = ActingCarer.objects.get()
    assert acting.agreed_at is None

    client.force_login(yongchang_office)
    queue = client.get(reverse("recipients:pairing_board"), {"queue": "acting"})
    assert "代管待审核" in queue.content.decode()
    page = html(client, "recipients:pairing_detail", pairing.pk)
    assert "同意代管" in page
    assert "提出了代管" in page
    client.post(reverse("recipients:acting_agree", args=[acting.pk]))

    acting.refresh_from_db()
    assert acting.agreed_by == yongchang_office


def test_a_proposal_is_returned_with_words(
    client, pairing, leave, other, liaison, yongchang_office
):
    acting = asked(pairing, other, liaison)
    client.force_login(yongchang_office)
    url = reverse("recipients:acting_return", args=[acting.pk])

    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "另有安排"}).status_code == 302

    acting.refresh_from_db()
    assert acting.end_words == "另有安排"


def test_the_persons_page_says_who_acts_and_until_when(
    client, pairing, leave, other, yongchang_office
):
    acts(pairing, other, yongchang_office)
    client.force_login(yongchang_office)

    page = html(client, "recipients:recipient_detail", pairing.recipient_id)

    assert "<dt>代管</dt><dd><b>张三</b>" in page


def test_the_acting_cadre_sees_tells_and_the_visit_says_so(
    client, pairing, leave, other, yongchang_office
):
    acts(pairing, other, yongchang_office)
    client.force_login(other.user)

    assert "替赵军代管" in html(client, "visits:cadre_home")
    assert "替赵军走访" in html(client, "visits:visit_new", pairing.recipient_id)
    url = reverse("visits:visit_new", args=[pairing.recipient_id])
    client.post(url, posted(pairing, when=after(0).isoformat()))

    visit = other.visits.get()
    assert "替赵军代管" in html(client, "visits:visit_detail", visit.pk)


def test_who_is_away_sees_that_another_acts(
    client, pairing, leave, other, cadre_user, yongchang_office
):
    acts(pairing, other, yongchang_office)
    client.force_login(cadre_user)

    page = html(client, "visits:cadre_home")

    assert "张三代管中" in page
    assert "先看这一户" not in page


def test_once_it_is_over_the_form_is_gone(
    client, pairing, leave, other, yongchang_office
):
    acting = acts(pairing, other, yongchang_office)
    client.force_login(yongchang_office)
    client.post(reverse("recipients:acting_end", args=[acting.pk]))
    client.force_login(other.user)
    form = reverse("visits:visit_new", args=[pairing.recipient_id])
    person = reverse("recipients:recipient_detail", args=[pairing.recipient_id])

    assert client.get(form).status_code == 404
    assert client.get(person).status_code == 404


def test_the_overdue_list_names_who_acts(
    client, pairing, leave, other, yongchang_office
):
    acts(pairing, other, yongchang_office)
    type(pairing).objects.filter(pk=pairing.pk).update(next_due_on=after(-5))
    client.force_login(yongchang_office)

    assert "替赵军代管" in html(client, "visits:overdue_list")


def test_a_leave_is_changed_from_the_cadres_page(
    client, pairing, leave, cadre, other, yongchang_office
):
    acts(pairing, other, yongchang_office)
    client.force_login(yongchang_office)
    url = reverse("recipients:leave_change", args=[leave.pk])
    assert url in html(client, "cadres:cadre_detail", cadre.pk)

    client.post(url, {"until_on": after(10).isoformat()})

    assert ActingCarer.objects.get().until_on == after(10)


def test_who_acts_is_asked_for_only_while_a_family_has_nobody(
    client, pairing, cadre, other, leave, yongchang_office
):
    client.force_login(yongchang_office)
    before = html(client, "recipients:pairings_of_cadre", cadre.pk)

    acts(pairing, other, yongchang_office)

    assert "请假期间请人代管" in before
    after_it = html(client, "recipients:pairings_of_cadre", cadre.pk)
    assert "请假期间请人代管" not in after_it

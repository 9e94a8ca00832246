"""Edge case 38: an assistant writes down the visits of a leader (代录)."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from cadres.enums import Role
from cadres.models import Cadre, CadreAssistant, Organisation
from cadres.operations.assistants import end_assistant, name_assistant
from common.refusals import Refused
from recipients.models import Recipient
from tests import cast
from visits.content import VisitNote
from visits.models import HomeVisit
from visits.operations.taking_back import take_back
from visits.operations.visits import log_visit

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def secretary(unit) -> Cadre:
    user = cast.make_user("secretary", Role.CADRE, name="孙丽")
    return cast.make_cadre("孙丽", unit, user=user)


@pytest.fixture
def named(cadre, secretary, city_office) -> CadreAssistant:
    return name_assistant(cadre=cadre, assistant=secretary, by=city_office)


def written(pairing, by) -> HomeVisit:
    note = VisitNote(day=TODAY, way="HOME", words="标记走访的话")
    return log_visit(pairings=[pairing], client_id=uuid.uuid4(), note=note, by=by).visit


def test_case_38_an_assistant_writes_the_visit_down_and_both_names_stand_on_it(
    pairing, cadre, secretary, named, city_office, client
):
    client.force_login(secretary.user)
    chosen = client.get(reverse("visits:visit_choose")).content.decode()
    form = client.get(reverse("visits:visit_new", args=[pairing.recipient_id]))

    assert "走访人 赵军" in chosen
    assert "走访人 赵军,代录人 孙丽" in form.content.decode()

    visit = written(pairing, secretary.user)

    assert (visit.cadre, visit.entered_by) == (cadre, secretary.user)
    pairing.refresh_from_db()
    assert pairing.last_visit_on == TODAY
    client.force_login(city_office)
    page = client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert page.index("走访人") < page.index("赵军")
    assert page.index("代录人") < page.index("孙丽")


def html(client, address: str) -> str:
    return str(client.get(address).content.decode())


def test_case_38_both_pages_say_who_writes_for_whom(
    cadre, secretary, named, city_office, client
):
    pages = {
        one: reverse("cadres:cadre_detail", args=[one.pk]) for one in (cadre, secretary)
    }

    client.force_login(city_office)
    assert f'href="{pages[secretary]}">孙丽</a>' in html(client, pages[cadre])
    assert f'替<a href="{pages[cadre]}">赵军</a>记走访' in html(
        client, pages[secretary]
    )
    client.force_login(secretary.user)
    assert "替赵军记走访" in html(client, reverse("cadres:profile"))
    client.force_login(cadre.user)
    assert "孙丽" in html(client, reverse("cadres:profile"))


def test_case_38_an_assistant_sees_the_form_and_no_file(
    child, pairing, secretary, named, client
):
    visit = written(pairing, secretary.user)
    client.force_login(secretary.user)

    assert not Recipient.objects.visible_to(secretary.user).exists()
    for name, row in (
        ("recipients:recipient_detail", child),
        ("visits:visit_detail", visit),
        ("visits:of_recipient", child),
        ("casework:need_raise", child),
    ):
        assert client.get(reverse(name, args=[row.pk])).status_code == 404, name
    form = client.get(reverse("visits:visit_new", args=[child.pk])).content.decode()
    assert child.phone not in form
    assert "标记走访的话" not in form


def test_case_38_an_assistant_may_take_it_back_for_half_a_minute(
    pairing, secretary, named, client
):
    visit = written(pairing, secretary.user)
    client.force_login(secretary.user)

    client.post(reverse("visits:visit_take_back", args=[visit.pk]))

    visit.refresh_from_db()
    assert visit.taken_back_at is not None
    late = written(pairing, secretary.user)
    with time_machine.travel("2026-11-25T10:05:00+08:00"):
        address = reverse("visits:visit_take_back", args=[late.pk])
        assert client.post(address).status_code == 404
        with pytest.raises(Refused):
            take_back(visit=late, by=secretary.user)


def test_case_38_an_assistant_may_keep_a_draft(
    child, pairing, secretary, named, client
):
    client.force_login(secretary.user)

    client.post(reverse("visits:draft_save", args=[child.pk]), {"words": "坐稳"})

    assert secretary.user.visit_drafts.get().recipient == child


def test_case_38_who_is_no_longer_the_assistant_writes_nothing_down(
    child, pairing, cadre, secretary, named, city_office, client
):
    end_assistant(cadre=cadre, by=city_office)

    with pytest.raises(Refused, match="指定的代录人"):
        written(pairing, secretary.user)
    client.force_login(secretary.user)
    page = reverse("visits:visit_new", args=[child.pk])
    assert client.get(page).status_code == 404
    again = name_assistant(
        cadre=cadre,
        assistant=secretary,
        until_on=TODAY + datetime.timedelta(days=1),
        by=city_office,
    )
    assert client.get(page).status_code == 200
    with time_machine.travel("2026-11-26T10:00:00+08:00"):
        assert not CadreAssistant.objects.of(secretary.user, again.until_on).exists()
        with pytest.raises(Refused):
            written(pairing, secretary.user)


def test_case_38_a_colleague_who_was_not_named_writes_nothing_down(
    pairing, other_cadre, secretary, named
):
    with pytest.raises(Refused, match="指定的代录人"):
        written(pairing, other_cadre.user)


def test_case_38_the_office_names_the_assistant_from_the_cadres_own_unit(
    cadre, secretary, other_cadre, yongchang_office, liaison, client
):
    client.force_login(liaison)
    address = reverse("cadres:cadre_assistant", args=[cadre.pk])
    assert client.get(address).status_code == 403

    client.force_login(yongchang_office)
    form = client.get(address).context["form"]
    assert list(form.fields["assistant"].queryset) == [secretary]
    client.post(address, {"assistant": secretary.pk, "until_on": ""})

    page = client.get(reverse("cadres:cadre_detail", args=[cadre.pk]))
    assert "孙丽" in page.content.decode()
    for assistant, why in (
        (cadre, "另一名干部"),
        (other_cadre, "同一单位"),
        (secretary, "已有代录人"),
    ):
        with pytest.raises(Refused, match=why):
            name_assistant(cadre=cadre, assistant=assistant, by=yongchang_office)
    client.post(reverse("cadres:cadre_assistant_end", args=[cadre.pk]))
    assert not cadre.assistants.in_force(TODAY).exists()


def test_case_38_a_neighbour_names_nobody(cadre, secretary, unit, jinchuan_office):
    Organisation.objects.filter(pk=unit.pk).update(area="620321000000")

    with pytest.raises(Refused, match="不归本账号管理"):
        name_assistant(cadre=cadre, assistant=secretary, by=jinchuan_office)

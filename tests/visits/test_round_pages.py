"""The page of 批量记走访: whom it offers, what it keeps, what it does twice."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cadres.models import CadreAssistant
from policies.models import PolicySheet
from recipients.models import Pairing, Recipient
from tests import cast
from tests.visits.homes import posted_round, resident, residents
from tests.visits.telling import DAY, log
from visits.models import Campaign, HomeVisit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True) as clock:
        yield clock


@pytest.fixture
def ten(cadre) -> list[Pairing]:
    return residents(cadre)


@pytest.fixture
def phone(client: Client, cadre_user) -> Client:
    client.force_login(cadre_user)
    return client


@pytest.fixture
def desk(yongchang_office) -> Client:
    desk = Client()
    desk.force_login(yongchang_office)
    return desk


def page_of(pairing: Pairing) -> str:
    return reverse("visits:round_new", args=[pairing.pk])


@pytest.mark.parametrize("name", ["cadre_home", "my_recipients", "visit_choose"])
def test_a_home_is_offered_where_one_looks_for_ones_people(phone, ten, name):
    html = phone.get(reverse(f"visits:{name}")).content.decode()

    assert "永昌县敬老院" in html
    assert "批量记走访 · 10 人" in html


def test_a_village_is_offered_where_a_family_is_chosen_and_not_at_home(phone, cadre):
    for name in ("王大山", "李桂英"):
        cast.make_pairing(cast.make_recipient(name), cadre)

    assert "批量记走访" in phone.get(reverse("visits:visit_choose")).content.decode()
    assert "批量记走访" not in phone.get(reverse("visits:cadre_home")).content.decode()


def test_one_family_and_people_far_apart_are_no_place(phone, pairing, child, cadre):
    brother = cast.make_recipient("李小强", household=child.household)
    cast.make_pairing(brother, cadre)
    cast.make_pairing(cast.make_recipient("王大山", village="西庄村"), cadre)

    html = phone.get(reverse("visits:visit_choose")).content.decode()

    assert "批量记走访" not in html


def test_in_a_home_all_are_ticked_and_it_is_a_visit_there(phone, ten):
    page = phone.get(page_of(ten[0]))

    form = page.context["form"]
    assert set(form["people"].value()) == {str(pairing.pk) for pairing in ten}
    assert (form["way"].value(), form["when"].value()) == ("CENTRE", "2026-11-23")
    assert [row.sheet for row in page.context["rows"]] == [None] * 10


def test_in_a_village_nobody_is_ticked_before(phone, cadre):
    pairings = [resident(cadre, None, name) for name in ("王大山", "李桂英")]

    page = phone.get(page_of(pairings[0]))

    assert len(page.context["rows"]) == 2
    assert page.context["form"]["people"].value() == []
    assert page.context["form"]["way"].value() == "HOME"


def test_four_taps_tell_of_ten(phone, ten):
    url = page_of(ten[0])
    form = phone.get(url).context["form"]
    sent = {
        name: form[name].value() or "" for name in form.fields if name not in ("day",)
    }

    done = phone.post(url, {**sent, "words": "身体平稳"})

    assert done.url == reverse("visits:cadre_home")
    assert HomeVisit.objects.filter(way="CENTRE").count() == 10
    home = phone.get(done.url).content.decode()
    assert "10 人的走访已记下" in home
    assert "take-back" in home


def test_what_was_told_is_undone_by_one_tap(phone, ten):
    phone.post(page_of(ten[0]), posted_round(ten))
    url = reverse("visits:round_take_back", args=[HomeVisit.objects.first().pk])

    assert phone.post(url).status_code == 302
    assert phone.post(url).status_code == 409
    assert not HomeVisit.objects.standing().exists()


def test_what_was_undone_comes_back_into_the_form(phone, ten):
    missed, ill = (str(pairing.pk) for pairing in ten[:2])
    sent = posted_round(ten[:9], companions="院长老周") | {
        f"outcome_{missed}": "not_met",
        f"words_{missed}": "去镇上看病了",
        f"words_{ill}": "腿疼",
    }
    phone.post(page_of(ten[0]), sent)
    visit = HomeVisit.objects.first()

    back = phone.post(reverse("visits:round_take_back", args=[visit.pk]))
    form = phone.get(back.url).context["form"]

    for name in ("way", "words", "companions", f"outcome_{missed}"):
        assert form[name].value() == sent[name]
    assert sorted(form["people"].value()) == sorted(sent["people"])
    assert form[f"words_{missed}"].value() == "去镇上看病了"
    assert form[f"words_{ill}"].value() == "腿疼"
    assert (form["when"].value(), form["day"].value()) == ("other", "2026-11-20")
    assert form["client_id"].value() != visit.client_id
    assert phone.get(page_of(ten[0]), {"again": "\0"}).status_code == 200


def test_somebody_elses_people_are_neither_shown_nor_told_of(phone, ten, other_cadre):
    home = ten[0].recipient.household.institution
    theirs = resident(other_cadre, home, "钱有福")

    page = phone.get(page_of(ten[0]))
    slipped_in = phone.post(page_of(ten[0]), posted_round([*ten, theirs]))

    assert "钱有福" not in page.content.decode()
    assert phone.get(page_of(theirs)).status_code == 404
    assert phone.post(page_of(theirs), posted_round([theirs])).status_code == 404
    assert slipped_in.status_code == 422
    assert "名单刚有变动" in slipped_in.content.decode()
    assert not HomeVisit.objects.exists()


def test_somebody_elses_round_is_not_taken_back(phone, ten, other_cadre):
    theirs = cast.make_pairing(
        cast.make_recipient("钱有福", area=cast.SHUANGWAN), other_cadre
    )
    visit = log(theirs, by=other_cadre.user).visit

    url = reverse("visits:round_take_back", args=[visit.pk])

    assert phone.post(url).status_code == 404


def test_who_cares_for_them_no_longer_tells_nothing(phone, ten):
    gone = ten[3]
    gone.status, gone.ended_on, gone.end_reason = "ended", DAY, "replaced"
    gone.save()

    assert phone.get(page_of(gone)).status_code == 404
    page = phone.post(page_of(ten[0]), posted_round(ten, words="聊了很久"))
    assert page.status_code == 422
    assert "聊了很久" in page.content.decode()


def test_one_refused_keeps_every_word_and_says_who_and_why(phone, ten):
    person = ten[4].recipient
    Recipient.objects.filter(pk=person.pk).update(birth_on=DAY.replace(day=21))
    key = ten[1].pk
    sent = posted_round(ten, companions="院长老周", goods_amount="100")
    sent |= {f"outcome_{key}": "not_met", f"words_{key}": "去镇上看病了"}

    page = phone.post(page_of(ten[0]), sent)

    html = page.content.decode()
    assert page.status_code == 422
    assert "陈福:走访日期太早" in html
    for words in ("身体平稳", "院长老周", "100", "去镇上看病了", sent["client_id"]):
        assert words in html
    assert html.count("data-one checked") == 10
    assert not HomeVisit.objects.exists()


def test_each_may_differ(phone, ten):
    missed, refused, ill = (str(pairing.pk) for pairing in ten[:3])
    sent = posted_round(ten, goods_amount="100", goods_words="米面") | {
        f"outcome_{missed}": "not_met",
        f"words_{missed}": "去镇上看病了",
        f"outcome_{refused}": "refused",
        f"words_{refused}": "不愿多说",
        f"words_{ill}": "腿疼,约了医生",
        f"money_amount_{ill}": "200",
        f"money_words_{ill}": "看病",
    }

    assert phone.post(page_of(ten[0]), sent).status_code == 302

    told = {str(visit.pairing_id): visit for visit in HomeVisit.objects.all()}
    assert (told[missed].outcome, told[missed].words) == ("not_met", "去镇上看病了")
    assert told[refused].outcome == "refused"
    assert told[ill].words == "身体平稳\n腿疼,约了医生"
    assert not told[missed].deeds.exists()
    given = told[ill].deeds.values_list("kind", "amount", "words")
    assert sorted(given) == [("goods", 100, "米面"), ("money", 200, "看病")]


def test_of_whom_one_missed_one_says_so(phone, ten):
    key = str(ten[0].pk)
    sent = posted_round(ten[:1], words="") | {f"outcome_{key}": "not_met"}

    page = phone.post(page_of(ten[0]), sent)
    told = phone.post(page_of(ten[0]), sent | {f"words_{key}": "外出了"})

    assert "王大山:写一句怎么没见到" in page.content.decode()
    assert "写一句情况" not in page.content.decode()
    assert told.status_code == 302


def test_the_policies_are_as_last_time_only_if_one_says_so(phone, ten):
    for pairing in ten[:2]:
        log(pairing, by=pairing.cadre.user, day=DAY - datetime.timedelta(days=30))
    sheets = {sheet.recipient_id: sheet for sheet in PolicySheet.objects.all()}
    first, second = ten[:2]
    page = phone.get(page_of(first))
    assert "10月21日核对:已享受 7" in page.content.decode()

    sent = posted_round(ten)
    sent[f"unchanged_{first.pk}"] = str(sheets[first.recipient_id].pk)
    assert phone.post(page_of(first), sent).status_code == 302

    told = {visit.pairing_id: visit for visit in HomeVisit.objects.filter(day=DAY)}
    assert told[first.pk].sheet.checks.count() == 7
    assert told[second.pk].sheet is None


def test_a_sheet_checked_anew_meanwhile_is_looked_at_first(phone, ten):
    log(ten[0], by=ten[0].cadre.user, day=DAY - datetime.timedelta(days=30))
    before = PolicySheet.objects.get()
    log(ten[0], by=ten[0].cadre.user, day=DAY - datetime.timedelta(days=2))
    sent = posted_round(ten) | {f"unchanged_{ten[0].pk}": str(before.pk)}

    page = phone.post(page_of(ten[0]), sent)

    assert page.status_code == 422
    assert "刚有更新" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("people", [], "请选看望了谁"),
        ("people", ["nobody", "\0"], "名单刚有变动"),
        ("words", "", "写一句情况"),
        ("words", "长" * 1601, ""),
        ("way", "TELEPATHY", ""),
        ("when", "someday", "请选走访的日期"),
        ("when", "2026-11-30", "不能晚于今天"),
        ("client_id", "1", ""),
        ("campaign", "x", ""),
        ("goods_words", "米面", "请填金额"),
        ("outcome_{}", "perhaps", ""),
        ("words_{}", "\0", ""),
        ("money_amount_{}", "二百", "请只写数字"),
        ("money_amount_{}", "1e400", ""),
        ("money_words_{}", "看病", "请填金额"),
    ],
)
def test_rubbish_in_a_field_is_a_422(phone, ten, field, value, words):
    sent = posted_round(ten) | {field.format(ten[0].pk): value}

    page = phone.post(page_of(ten[0]), sent)

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert words in page.content.decode()
    assert not HomeVisit.objects.exists()


def test_sent_twice_is_shown_and_not_counted_twice(phone, ten):
    sent = posted_round(ten)

    first, again = (phone.post(page_of(ten[0]), sent) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 200)
    assert "没有重复计入" in again.content.decode()
    assert "10 人" in again.content.decode()
    assert HomeVisit.objects.count() == 10


def test_other_words_under_the_same_id_show_both(phone, ten):
    sent = posted_round(ten)
    phone.post(page_of(ten[0]), sent)

    page = phone.post(page_of(ten[0]), {**sent, "words": "住院了"})

    assert page.status_code == 409
    assert "身体平稳" in page.content.decode()
    assert "住院了" in page.content.decode()


def test_of_more_than_thirty_the_first_thirty_are_ticked(phone, ten, cadre):
    home = ten[0].recipient.household.institution
    more = [resident(cadre, home, f"老人{n}") for n in range(25)]

    form = phone.get(page_of(ten[0])).context["form"]
    page = phone.post(page_of(ten[0]), posted_round([*ten, *more]))

    assert len(form["people"].value()) == 30
    assert "一次最多记 30 人" in page.content.decode()


def test_a_campaign_of_the_place_may_be_chosen(phone, ten):
    campaign = Campaign.objects.create(
        name="重阳节",
        kind="festival",
        status="open",
        area_id="620300000000",
        nominal_on=DAY,
        starts_on=DAY,
        ends_on=DAY,
    )

    done = phone.post(page_of(ten[0]), posted_round(ten, campaign=str(campaign.pk)))

    assert done.status_code == 302
    assert campaign.visits.count() == 10


def test_an_assistant_finds_the_home_under_its_cadres_name(
    ten, cadre, other_cadre, city_office
):
    CadreAssistant.objects.create(
        cadre=cadre, assistant=other_cadre, from_on=DAY, named_by=city_office
    )
    colleague = Client()
    colleague.force_login(other_cadre.user)

    chosen = colleague.get(reverse("visits:visit_choose")).content.decode()
    page = colleague.get(page_of(ten[0])).content.decode()
    colleague.post(page_of(ten[0]), posted_round(ten))

    assert page_of(ten[0]) in chosen
    assert "走访人 赵军" in chosen
    assert "代录人 马兰" in page
    assert HomeVisit.objects.count() == 10


def test_the_office_finds_the_home_and_enters_a_round_late(desk, ten):
    for asked in ("永昌县敬老院", "敬老院", "赵军"):
        found = desk.get(reverse("visits:late_choose"), {"q": asked})
        assert "批量补录走访" in found.content.decode(), asked

    page = desk.get(page_of(ten[0])).content.decode()
    done = desk.post(page_of(ten[0]), posted_round(ten))

    assert "记在 赵军" in page
    assert done.url == reverse("visits:visit_list")
    assert HomeVisit.objects.filter(late_entry=True).count() == 10
    assert "10 人的走访已补录" in desk.get(done.url).content.decode()


def test_an_office_tells_only_of_its_own_place(desk, ten, cadre, jinchuan_office):
    neighbour = Client()
    neighbour.force_login(jinchuan_office)
    home = ten[0].recipient.household.institution
    beyond = resident(cadre, home, "钱有福")
    Recipient.objects.filter(pk=beyond.recipient_id).update(area=cast.SHUANGWAN)

    assert neighbour.get(page_of(ten[0])).status_code == 404
    assert "钱有福" not in desk.get(page_of(ten[0])).content.decode()
    assert desk.post(page_of(ten[0]), posted_round([beyond])).status_code == 422


def test_a_look_asks_few_questions_however_many_live_there(
    phone, ten, cadre, django_assert_max_num_queries
):
    for pairing in ten:
        log(pairing, by=cadre.user)

    with django_assert_max_num_queries(12):
        assert phone.get(page_of(ten[0])).status_code == 200


def test_thirty_take_few_statements_each(
    phone, ten, cadre, django_assert_max_num_queries
):
    home = ten[0].recipient.household.institution
    thirty = [*ten, *(resident(cadre, home, f"老人{n}") for n in range(20))]

    with django_assert_max_num_queries(15 + 5 * 30):
        phone.post(page_of(ten[0]), posted_round(thirty, goods_amount="100"))

    assert HomeVisit.objects.count() == 30

"""The phone's pages and the office's: who sees what, and what a bad form keeps."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from policies.enums import Policy
from recipients.models import Pairing
from tests import cast
from tests.visits.telling import DAY, log, posted
from visits.content import NeedNote
from visits.models import Deed, HomeVisit, VisitDraft

pytestmark = pytest.mark.django_db
PHONE_PAGES = ["cadre_home", "my_recipients", "my_visits", "todo"]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def phone(client: Client, cadre_user) -> Client:
    client.force_login(cadre_user)
    return client


def test_four_taps_log_a_visit(phone, pairing, child):
    home = phone.get(reverse("visits:cadre_home"))
    assert reverse("visits:visit_new", args=[child.pk]) in home.content.decode()

    plus = phone.get(reverse("visits:visit_choose"))
    assert plus.url == reverse("visits:visit_new", args=[child.pk])
    form = phone.get(plus.url).context["form"]
    sent = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in ("members", "day")
    }
    done = phone.post(plus.url, {**sent, "words": "身体平稳"})

    assert done.status_code == 302
    visit = HomeVisit.objects.get()
    assert (visit.day, visit.way) == (datetime.date(2026, 11, 23), "HOME")
    assert visit.sheet.checks.count() == 7
    after = phone.get(done.url).content.decode()
    assert reverse("visits:visit_take_back", args=[visit.pk]) in after


def test_several_families_are_offered_to_choose_from(phone, pairing, cadre):
    other = cast.make_recipient("王大山")
    cast.make_pairing(other, cadre)

    page = phone.get(reverse("visits:visit_choose"))

    assert page.status_code == 200
    assert "王大山" in page.content.decode()


def test_the_sheet_is_prefilled_from_last_time(phone, pairing, child):
    sent = posted(pairing, policy_disability="unclaimed")
    sent["policy_disability_words"] = "证到期了"
    phone.post(reverse("visits:visit_new", args=[child.pk]), sent)

    form = phone.get(reverse("visits:visit_new", args=[child.pk])).context["form"]

    assert form["policy_disability"].value() == "unclaimed"
    assert form["policy_disability_words"].value() == "证到期了"
    assert form["policy_pension"].value() == "enjoyed"


def test_a_first_sheet_says_that_nothing_is_known(phone, pairing, child):
    form = phone.get(reverse("visits:visit_new", args=[child.pk])).context["form"]

    states = {form[f"policy_{policy}"].value() for policy in Policy}
    assert states == {"unsure"}


def test_what_matters_to_a_child_is_asked_first(phone, pairing, child):
    rows = phone.get(reverse("visits:visit_new", args=[child.pk])).context["policies"]

    assert [row.policy for row in rows][:2] == ["education", "medical"]
    assert len(rows) == 7


def test_a_bad_form_keeps_every_word(phone, pairing, child):
    sent = posted(
        pairing,
        when="other",
        day="2026-11-30",
        companions="村医老周",
        need_words="想转到特教班",
        money_amount="200",
        money_words="学费",
        policy_education="unclaimed",
        policy_education_words="没报上名",
    )

    page = phone.post(reverse("visits:visit_new", args=[child.pk]), sent)

    html = page.content.decode()
    assert page.status_code == 422
    assert "不能晚于今天" in html
    for words in (
        "身体平稳",
        "2026-11-30",
        "村医老周",
        "想转到特教班",
        "200",
        "学费",
        "没报上名",
    ):
        assert words in html
    assert sent["client_id"] in html
    assert not HomeVisit.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", ""),
        ("words", "长" * 2001),
        ("way", "TELEPATHY"),
        ("when", "someday"),
        ("when", ""),
        ("day", "0000-00-00"),
        ("policy_medical", "perhaps"),
        ("money_amount", "-5"),
        ("money_amount", "1e400"),
        ("money_amount", "NaN"),
        ("count_deed", "1000"),
        ("members", "nobody"),
        ("campaign", "x"),
        ("client_id", "1"),
        ("occasion", "PARTY"),
        ("words", "\0"),
    ],
)
def test_rubbish_in_a_field_is_a_422(phone, pairing, child, field, value):
    sent = posted(pairing)
    if field == "day":
        sent["when"] = "other"
    sent[field] = value

    page = phone.post(reverse("visits:visit_new", args=[child.pk]), sent)

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert not HomeVisit.objects.exists()


def test_all_that_is_wrong_is_said_at_once_and_once(phone, pairing, child):
    sent = posted(pairing, when="other", day="2026-12-20", words="")
    sent |= {"money_amount": "二百", "money_words": "慰问金"}

    html = phone.post(
        reverse("visits:visit_new", args=[child.pk]), sent
    ).content.decode()

    for words in ("不能晚于今天", "写一句情况", "“二百”不是数字"):
        assert words in html
    assert "请填金额" not in html


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        *(("300元", "300"), ("1,200.50", "1200.5"), ("１，２００．５０", "1200.5")),
        *(("¥200", "200"), ("0.5万", "5000"), ("叁佰元整", "300")),
    ],
)
def test_an_amount_is_read_as_in_a_file(phone, pairing, child, typed, yuan):
    sent = posted(pairing, money_amount=typed, money_words="慰问金")

    answer = phone.post(reverse("visits:visit_new", args=[child.pk]), sent)

    assert answer.status_code == 302
    assert Deed.objects.get(kind="money").amount == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        *(("三百", "不是数字"), ("200.555", "最多两位小数"), ("-5", "不能是负数")),
        ("200万", "请核对单位是元"),
    ],
)
def test_an_amount_that_is_none_stays_and_says_why(phone, pairing, child, typed, words):
    sent = posted(pairing, money_amount=typed, money_words="慰问金")

    answer = phone.post(reverse("visits:visit_new", args=[child.pk]), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{typed}"' in page


def test_sent_twice_is_shown_and_not_counted_twice(phone, pairing, child):
    sent = posted(pairing)
    url = reverse("visits:visit_new", args=[child.pk])

    first, again = phone.post(url, sent), phone.post(url, sent)

    assert (first.status_code, again.status_code) == (302, 200)
    assert "没有重复计入" in again.content.decode()
    assert HomeVisit.objects.count() == 1


def test_other_content_under_the_same_id_shows_both(phone, pairing, child):
    sent = posted(pairing)
    url = reverse("visits:visit_new", args=[child.pk])
    phone.post(url, sent)

    page = phone.post(url, {**sent, "words": "住院了"})

    html = page.content.decode()
    assert page.status_code == 409
    assert "身体平稳" in html
    assert "住院了" in html


def test_the_id_of_another_account_is_not_found(phone, pairing, child, other_cadre):
    theirs = cast.make_pairing(child, other_cadre, kind="mother")
    client_id = uuid.uuid4()
    log(theirs, by=other_cadre.user, client_id=client_id)

    page = phone.post(
        reverse("visits:visit_new", args=[child.pk]),
        posted(pairing, client_id=str(client_id)),
    )

    assert page.status_code == 404


def test_a_cadre_reaches_only_own_families(phone, stranger_child, other_cadre):
    theirs = cast.make_pairing(stranger_child, other_cadre)
    visit = log(theirs, by=other_cadre.user).visit

    for url in (
        reverse("visits:visit_new", args=[stranger_child.pk]),
        reverse("visits:of_recipient", args=[stranger_child.pk]),
        reverse("visits:policies_of_recipient", args=[stranger_child.pk]),
        reverse("casework:of_recipient", args=[stranger_child.pk]),
        reverse("visits:visit_detail", args=[visit.pk]),
    ):
        assert phone.get(url).status_code == 404, url
    sent = posted(theirs)
    url = reverse("visits:visit_new", args=[stranger_child.pk])
    assert phone.post(url, sent).status_code == 404
    url = reverse("visits:visit_take_back", args=[visit.pk])
    assert phone.post(url).status_code == 404


def test_a_member_of_somebody_elses_care_cannot_be_slipped_in(
    phone, pairing, child, other_cadre
):
    brother = cast.make_recipient("李小强", household=child.household)
    theirs = cast.make_pairing(brother, other_cadre)

    page = phone.post(
        reverse("visits:visit_new", args=[child.pk]),
        posted(pairing, members=[str(theirs.pk)]),
    )

    assert page.status_code == 422
    assert not HomeVisit.objects.exists()


def test_a_visit_told_after_the_end_of_the_pairing_is_judged_by_its_day(
    phone, pairing, child
):
    pairing.status, pairing.ended_on, pairing.end_reason = "ended", DAY, "replaced"
    pairing.save()
    url = reverse("visits:visit_new", args=[child.pk])

    assert phone.get(url).status_code == 404
    late = phone.post(url, posted(pairing, when="2026-11-21"))
    assert late.status_code == 409
    assert "李小伟" not in late.content.decode()
    assert phone.post(url, posted(pairing)).status_code == 302


@pytest.mark.parametrize("name", PHONE_PAGES)
def test_the_phones_pages_ask_few_questions(
    phone, pairing, cadre, name, django_assert_max_num_queries
):
    for number in range(3):
        person = cast.make_recipient(f"王大{number}")
        theirs = cast.make_pairing(person, cadre)
        log(theirs, by=cadre.user, need=NeedNote("other", "修房顶", "urgent"))

    with django_assert_max_num_queries(15):
        assert phone.get(reverse(f"visits:{name}")).status_code == 200


def test_posting_a_visit_takes_few_statements(
    phone, pairing, child, django_assert_max_num_queries
):
    url = reverse("visits:visit_new", args=[child.pk])
    phone.post(url, posted(pairing))

    with django_assert_max_num_queries(15):
        phone.post(url, posted(pairing))


def test_the_home_says_whom_to_see_first_and_why(phone, pairing, child, cadre):
    seen = cast.make_recipient("王大山", category="DESTITUTE")
    other = cast.make_pairing(seen, cadre, next_due_on=datetime.date(2026, 12, 16))
    log(pairing, by=cadre.user, day=datetime.date(2026, 10, 1), words="能自己坐稳")
    log(other, by=cadre.user)

    page = phone.get(reverse("visits:cadre_home"))

    html = page.content.decode()
    assert page.context["first"].recipient == child
    assert "能自己坐稳" in html
    assert "上次 53 天前" in html
    assert "超期 22 天" in html
    assert "本月已走访" in html
    assert "前</span>再联系一次。" in html
    assert 'href="tel:19900000031"' in html
    assert "农历十月十五" in html
    assert page.context["six"].days == 3


def test_chips_narrow_the_families(phone, pairing, cadre):
    pairing.next_due_on = datetime.date(2026, 11, 1)
    pairing.save()
    cast.make_pairing(
        cast.make_recipient("王大山"), cadre, next_due_on=datetime.date(2027, 1, 1)
    )

    late = phone.get(reverse("visits:my_recipients"), {"due": "late"})
    rubbish = phone.get(reverse("visits:my_recipients"), {"due": "\0'x"})

    assert "李小伟" in late.content.decode()
    assert "王大山" not in late.content.decode()
    assert rubbish.status_code == 200


def test_what_was_begun_stands_on_the_home_and_beside_the_family(
    phone, pairing, child, cadre
):
    seen = cast.make_recipient("王大山", category="DESTITUTE")
    other = cast.make_pairing(seen, cadre)
    kept = reverse("visits:draft_save", args=[child.pk])
    phone.post(kept, posted(pairing, words="说到一半"))

    home = phone.get(reverse("visits:cadre_home")).content.decode()
    chooser = phone.get(reverse("visits:visit_choose")).content.decode()

    assert "有没提交的草稿:李小伟" in home
    assert reverse("visits:visit_new", args=[child.pk]) + "?draft=1" in home
    assert chooser.count("有草稿") == 1
    phone.post(reverse("visits:draft_save", args=[seen.pk]), posted(other))
    assert "有 2 份没提交的草稿" in page_of_home(phone)


def test_what_was_begun_of_somebody_no_longer_in_care_leads_nowhere(
    phone, pairing, child
):
    kept = reverse("visits:draft_save", args=[child.pk])
    phone.post(kept, posted(pairing, words="说到一半"))
    begun = page_of_home(phone)

    Pairing.objects.filter(pk=pairing.pk).update(
        status="ended", ended_on=DAY, end_reason="moved"
    )

    assert "有没提交的草稿" in begun
    assert "草稿" not in page_of_home(phone)


def page_of_home(phone: Client) -> str:
    return phone.get(reverse("visits:cadre_home")).content.decode()


def test_a_draft_is_kept_offered_and_gone_when_sent(phone, pairing, child):
    url = reverse("visits:visit_new", args=[child.pk])
    sent = posted(pairing, words="话说到一半", when="2026-11-18")

    saved = phone.post(reverse("visits:draft_save", args=[child.pk]), sent)
    again = phone.post(
        reverse("visits:draft_save", args=[child.pk]), {**sent, "words": "话说完了"}
    )

    assert (saved.status_code, again.status_code) == (302, 302)
    assert VisitDraft.objects.count() == 1
    records = phone.get(reverse("visits:my_visits")).content.decode()
    assert f"{url}?draft=1" in records
    assert "存过草稿" in phone.get(url).content.decode()
    form = phone.get(url, {"draft": "1"}).context["form"]
    assert form["words"].value() == "话说完了"
    assert (form["when"].value(), form["day"].value()) == ("other", "2026-11-18")
    phone.post(url, sent)
    assert not VisitDraft.objects.exists()


def test_a_draft_is_sealed_and_only_its_owners(phone, pairing, child, other_cadre):
    phone.post(
        reverse("visits:draft_save", args=[child.pk]), posted(pairing, words="住院了")
    )
    draft = VisitDraft.objects.extra(select={"raw": "content"}).get()
    assert "住院".encode() not in bytes(draft.raw)

    stranger = Client()
    stranger.force_login(other_cadre.user)
    url = reverse("visits:draft_discard", args=[draft.pk])
    assert stranger.post(url).status_code == 404
    assert phone.post(url).status_code == 302
    assert not VisitDraft.objects.exists()


def test_what_was_taken_back_comes_back_into_the_form(phone, pairing, child):
    url = reverse("visits:visit_new", args=[child.pk])
    phone.post(url, posted(pairing, words="写错了"))
    visit = HomeVisit.objects.get()

    back = phone.post(reverse("visits:visit_take_back", args=[visit.pk]))
    form = phone.get(back.url).context["form"]

    assert form["words"].value() == "写错了"
    assert form["client_id"].value() != visit.client_id

"""Two files of one person become one, keeping everything, and two again to the byte."""

import datetime
import uuid

import pytest
import time_machine
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from casework.models import Need
from common.encryption import blind_index
from common.refusals import Refused
from common.search_text import SearchQuery
from policies.models import PolicySheet
from recipients.enums import Category, MergeStatus, PairingStatus, PairState
from recipients.merging import plan
from recipients.merging.choices import FOLLOWS, GROUPS, OWN, differing
from recipients.models import (
    CountedPeriod,
    FieldSource,
    FileMerge,
    FormerMark,
    Guardian,
    HouseholdMember,
    LikelyPair,
    Pairing,
    Recipient,
)
from recipients.operations import duplicates, merges
from recipients.queries import search
from tests import cast
from tests.house.test_matrix import _checksums as checksums
from visits.models import HomeVisit, VisitDraft

pytestmark = pytest.mark.django_db
# A merge tells the trail, and whose pairing ended.
TOLD = {"audit_event", "jobs_notice"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def colleague(areas):
    return cast.office("yongchang2", "620321000000", name="马科长")


@pytest.fixture
def gone(areas, cadre_user) -> Recipient:
    """李晓伟: the child's second file, in the next township, with a life of its own."""
    person = cast.make_recipient(
        "李晓伟",
        area="620321104000",
        category=Category.DISABLED,
        registered_on=datetime.date(2026, 1, 5),
        phone="19900000031",
        note="另一份档案的备注",
    )
    Guardian.objects.create(recipient=person, name="李梅", phone="19900000777")
    CountedPeriod.objects.create(
        recipient=person,
        area_id=cast.HEXIBAO,
        category="CHILD",
        until_on=datetime.date(2026, 3, 1),
    )
    FieldSource.objects.create(recipient=person, field="name", kind="typed")
    HouseholdMember.objects.create(
        household=person.household,
        name="李奶奶",
        relation="02",
        since_on=datetime.date(2026, 1, 5),
    )
    return person


@pytest.fixture
def lives(child, gone, pairing, other_cadre, cadre_user) -> dict[str, models.Model]:
    """Rows of every sort on both sides, some of which cannot stand together."""
    Guardian.objects.create(recipient=child, name="李大山", phone="19900000778")
    PolicySheet.objects.create(recipient=child, checked_on=cast.TODAY)
    VisitDraft.objects.create(user=cadre_user, recipient=child, content="{}")
    other = cast.make_pairing(gone, other_cadre, started_on=datetime.date(2026, 2, 1))
    visit = HomeVisit.objects.create(
        client_id=uuid.uuid4(),
        together=uuid.uuid4(),
        recipient=gone,
        cadre=other_cadre,
        pairing=other,
        organisation=other_cadre.organisation,
        day=datetime.date(2026, 10, 6),
        words="身体平稳",
        content_hash="0" * 64,
    )
    need = Need.objects.create(
        recipient=gone, words="想转学", raised_on=cast.TODAY, due_on=cast.TODAY
    )
    sheet = PolicySheet.objects.create(
        recipient=gone, checked_on=datetime.date(2026, 3, 3)
    )
    draft = VisitDraft.objects.create(
        user=cadre_user, recipient=gone, content='{"words": ["新的"]}'
    )
    return {
        "pairing": other,
        "visit": visit,
        "need": need,
        "sheet": sheet,
        "draft": draft,
    }


def propose(child, gone, by, **choices) -> FileMerge:
    return merges.propose_merge(
        kept=child, gone=gone, choices=choices, words="录错一位", by=by
    )


def test_every_key_to_a_person_has_a_rule_for_a_merge():
    assert plan.unplanned() == []


def test_a_new_table_without_a_rule_stops_the_build_and_every_merge(monkeypatch):
    monkeypatch.delattr(Need, "ON_MERGE")

    assert plan.unplanned() == ["casework.Need.recipient"]
    with pytest.raises(plan.Unplanned, match=r"Need\.recipient"):
        plan.references()


def test_every_column_of_a_file_is_chosen_or_follows():
    chosen = [column for _, _, columns in GROUPS for column in columns]
    known = [*chosen, *FOLLOWS, *OWN]

    assert sorted(known) == sorted(
        field.name for field in Recipient._meta.concrete_fields
    )


def test_a_merge_keeps_everything_of_both(
    child, gone, pairing, lives, yongchang_office, colleague
):
    number = gone.resident_id
    merge = propose(child, gone, yongchang_office, name="gone")

    merges.approve_merge(merge=merge, by=colleague)

    child.refresh_from_db()
    assert not Recipient.objects.filter(pk=gone.pk).exists()
    assert (child.name, child.pinyin) == ("李晓伟", "lixiaowei")
    assert child.category == Category.CHILD
    assert child.also == [Category.DISABLED]
    assert child.note == "另一份档案的备注"
    for model in (HomeVisit, Need):
        assert model.objects.get().recipient == child
    assert {one.name for one in child.guardians.all()} == {"李梅", "李大山"}
    assert child.guardians.filter(first=True).count() == 1
    assert [m.name for m in child.household.members.all()] == ["李奶奶"]
    assert PolicySheet.objects.get(latest=True).checked_on == cast.TODAY
    assert PolicySheet.objects.filter(recipient=child).count() == 2
    assert VisitDraft.objects.get().content == '{"words": ["新的"]}'
    marks = {(m.kind, m.text) for m in FormerMark.objects.filter(recipient=child)}
    assert marks == {
        ("code", gone.code),
        ("name", "李小伟"),
        ("resident_id", number),
    }


def test_of_two_carers_the_earlier_goes_on_and_the_other_is_told(
    child, gone, pairing, lives, yongchang_office, colleague, other_cadre
):
    merge = propose(child, gone, yongchang_office)

    merges.approve_merge(merge=merge, by=colleague)

    pairing.refresh_from_db()
    other = Pairing.objects.get(pk=lives["pairing"].pk)
    assert pairing.status == PairingStatus.ACTIVE
    assert (other.status, other.end_reason) == (PairingStatus.ENDED, "merged")
    assert other.recipient == child
    assert other_cadre.user.notices.count() == 1


def test_two_proposals_of_one_cadre_become_one(
    child, gone, cadre, yongchang_office, colleague
):
    for person in (child, gone):
        cast.make_pairing(person, cadre, status=PairingStatus.PROPOSED, started_on=None)
    merge = propose(child, gone, yongchang_office)

    merges.approve_merge(merge=merge, by=colleague)

    assert Pairing.objects.proposed().get().recipient == child


def test_an_undo_makes_the_database_what_it_was_to_the_byte(
    child, gone, lives, yongchang_office, colleague
):
    duplicates.look_for([child.pk])
    third = cast.make_recipient("李小薇")
    first, second = sorted((gone.pk, third.pk))
    LikelyPair.objects.create(
        first_key=first,
        second_key=second,
        area_id="620321000000",
        score=70,
        reasons=["姓名同音"],
        state=PairState.NOT_SAME,
        decided_by=colleague,
    )
    merge = propose(child, gone, yongchang_office, name="gone", household="gone")
    before = checksums()

    merges.approve_merge(merge=merge, by=colleague)
    merged = checksums()
    merges.undo_merge(merge=merge, by=colleague)

    after = checksums()
    assert {table for table in before if before[table] != merged[table]} >= {
        "recipients_recipient",
        "recipients_pairing",
        "visits_homevisit",
        "policies_policysheet",
        "recipients_likelypair",
        "recipients_filemerge",
    }
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= TOLD
    assert Event.objects.filter(kind="merge.undone").count() == 1
    assert Recipient.objects.get(pk=gone.pk).resident_id == gone.resident_id


def test_an_undo_is_refused_once_something_came_after(
    child, gone, lives, yongchang_office, colleague
):
    merge = merges.approve_merge(
        merge=propose(child, gone, yongchang_office), by=colleague
    )
    Need.objects.create(
        recipient=child, words="又一件", raised_on=cast.TODAY, due_on=cast.TODAY
    )

    with pytest.raises(Refused, match="新的变动"):
        merges.undo_merge(merge=merge, by=colleague)


def test_an_undo_is_refused_after_seven_days(child, gone, yongchang_office, colleague):
    merge = merges.approve_merge(
        merge=propose(child, gone, yongchang_office), by=colleague
    )

    with (
        time_machine.travel("2026-12-03T10:00:00+08:00"),
        pytest.raises(Refused, match="7 天"),
    ):
        merges.undo_merge(merge=merge, by=colleague)


def test_what_the_clock_finds_meanwhile_does_not_stop_an_undo(
    child, gone, yongchang_office, colleague
):
    merge = merges.approve_merge(
        merge=propose(child, gone, yongchang_office), by=colleague
    )
    cast.make_recipient("李小伟", birth_on=child.birth_on)
    assert duplicates.find_all() == 1

    merges.undo_merge(merge=merge, by=colleague)

    assert Recipient.objects.count() == 3


def test_nobody_approves_their_own_merge(child, gone, yongchang_office):
    merge = propose(child, gone, yongchang_office)

    with pytest.raises(Refused, match="另一位同事"):
        merges.approve_merge(merge=merge, by=yongchang_office)


def test_the_database_itself_refuses_one_pair_of_eyes(child, gone, yongchang_office):
    merge = propose(child, gone, yongchang_office)

    with pytest.raises(IntegrityError, match="approved_by_another"):
        FileMerge.objects.filter(pk=merge.pk).update(reviewed_by=yongchang_office)


def test_a_township_proposes_and_does_not_approve(
    child, hexibao_office, yongchang_office
):
    near = cast.make_recipient("李小伟")
    merge = propose(child, near, yongchang_office)

    with pytest.raises(Refused, match="县区或市"):
        merges.approve_merge(merge=merge, by=hexibao_office)


def test_across_counties_only_the_city_can_tell(
    child, stranger_child, yongchang_office, jinchuan_office, city_office
):
    with pytest.raises(Refused, match="市关爱办"):
        propose(child, stranger_child, yongchang_office)
    merge = propose(child, stranger_child, city_office)

    assert FileMerge.objects.visible_to(city_office).get() == merge
    for office in (yongchang_office, jinchuan_office):
        assert not FileMerge.objects.visible_to(office).exists()


def test_a_returned_merge_leaves_both_files_alone(
    child, gone, yongchang_office, colleague
):
    merge = propose(child, gone, yongchang_office)

    merges.return_merge(merge=merge, words="是两个人", by=colleague)

    assert Recipient.objects.filter(pk__in=(child.pk, gone.pk)).count() == 2
    merge.refresh_from_db()
    assert merge.status == MergeStatus.RETURNED


def test_a_merge_that_pairs_somebody_with_a_relation_is_refused(
    child, gone, pairing, cadre, yongchang_office, colleague
):
    Guardian.objects.filter(recipient=gone).update(
        phone_index=blind_index("19900000205")
    )
    merge = propose(child, gone, yongchang_office)

    with pytest.raises(Refused, match="回避"):
        merges.approve_merge(merge=merge, by=colleague)

    assert Recipient.objects.filter(pk=gone.pk).exists()


def test_both_codes_find_the_file_and_old_addresses_lead_to_it(
    client, child, gone, yongchang_office, colleague
):
    merges.approve_merge(merge=propose(child, gone, yongchang_office), by=colleague)
    client.force_login(yongchang_office)

    for text in (child.code, gone.code, gone.resident_id, "李晓伟"):
        found = search(Recipient.objects.all(), SearchQuery.parse(text))
        assert found.get() == child, text
    answer = client.get(reverse("recipients:recipient_detail", args=[gone.pk]))
    assert answer.url == reverse("recipients:recipient_detail", args=[child.pk])


def test_what_a_file_that_went_did_stays_in_its_story(
    child, gone, yongchang_office, colleague
):
    from audit import trail
    from recipients.queries import events_about

    trail.record("recipient.paused", subject=gone, by=colleague)
    merges.approve_merge(merge=propose(child, gone, yongchang_office), by=colleague)

    assert "recipient.paused" in {event.kind for event in events_about(child)}


def test_the_page_previews_proposes_and_another_approves(
    client, child, gone, pairing, lives, yongchang_office, colleague
):
    client.force_login(yongchang_office)
    url = reverse("recipients:merge_propose", args=[child.pk, gone.pk])

    page = client.get(url).content.decode()
    assert "李晓伟" in page
    assert "走访记录:1 条归入保留的档案" in page
    assert gone.resident_id not in page
    told = {
        f"stays_{name}": "kept"
        for name in ("name", "resident_id", "category", "area", "note")
    }
    answer = client.post(url, {**told, "stays_note": "gone", "words": "录错一位"})
    merge = FileMerge.objects.get()
    assert answer.url == reverse("recipients:merge_detail", args=[merge.pk])
    assert "由另一位同事审核" in client.get(answer.url).content.decode()

    client.force_login(colleague)
    assert "通过,合并" in client.get(answer.url).content.decode()
    client.post(reverse("recipients:merge_approve", args=[merge.pk]))
    merge.refresh_from_db()
    assert merge.status == MergeStatus.MERGED
    client.post(reverse("recipients:merge_undo", args=[merge.pk]))
    assert Recipient.objects.filter(pk=gone.pk).exists()


def test_nobody_is_asked_which_of_two_homes_of_one_person_alone_stays(child, gone):
    assert "household" not in {choice.name for choice in differing(child, gone)}


def test_the_preview_counts_who_lives_in_each_home_once(child, gone):
    with CaptureQueriesContext(connection) as asked:
        differing(child, gone)

    counts = [query for query in asked if "COUNT" in query["sql"]]
    assert len(counts) == 2


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"size": 3}, "单独一户,家庭人口 3 人"),
        ({"institution": "永昌县儿童福利院"}, "单独一户,住在永昌县儿童福利院"),
        ({"sister": "李小薇"}, "与 1 名对象同户"),
    ],
)
def test_of_two_homes_that_are_told_differently_one_is_chosen(child, gone, told, words):
    home = gone.household
    match told:
        case {"size": size}:
            home.size = size
        case {"institution": name}:
            home.institution = cast.make_organisation(name)
        case {"sister": name}:
            cast.make_recipient(name, household=home)

    asked = {choice.name: choice for choice in differing(child, gone)}["household"]

    assert (asked.kept, asked.gone) == ("单独一户", words)


def test_a_merge_reads_as_many_rows_as_it_needs_and_no_table_twice(
    child, gone, lives, yongchang_office, colleague, django_assert_max_num_queries
):
    merge = propose(child, gone, yongchang_office)

    with django_assert_max_num_queries(160):
        merges.approve_merge(merge=merge, by=colleague)


def test_a_unit_has_no_merges(child, gone, yongchang_office, liaison):
    propose(child, gone, yongchang_office)

    assert not FileMerge.objects.visible_to(liaison).exists()

"""For each constraint about people's lives, a way past every operation to break it."""

import datetime

from django.db import models
from django.utils import timezone

from cadres.models import CadreLeave, Organisation
from recipients.models import (
    CountedPeriod,
    DisabilityPeriod,
    FieldSource,
    FormerMark,
    Guardian,
    Recipient,
)
from tests.house.breaking import BREAKERS as OTHERS
from tests.house.breaking import DAY, Breaker, becomes, near, of, twice
from tests.house.found_samples import assistant
from tests.house.world import World

NOW = timezone.now()


def _leave(world: World) -> models.Model:
    return CadreLeave.objects.create(
        cadre=world.near["cadre"], kind="illness", from_on=DAY, until_on=DAY
    )


def _guardian(world: World) -> models.Model:
    return Guardian.objects.create(recipient=world.near["recipient"], name="王某")


def _period(world: World) -> models.Model:
    return CountedPeriod.objects.create(
        recipient=world.near["recipient"],
        area=world.near["recipient"].area,
        category="CHILD",
        until_on=DAY,
    )


def _disability(world: World) -> models.Model:
    return DisabilityPeriod.objects.create(
        recipient=world.near["recipient"],
        disability_kind="4",
        disability_grade="2",
        until_on=DAY,
    )


def _mark(world: World) -> models.Model:
    return FormerMark.objects.create(
        recipient=world.near["recipient"],
        kind="name",
        text="王某",
        index=b"0" * 16,
        until_on=DAY,
    )


def _source(world: World) -> models.Model:
    return FieldSource.objects.create(
        recipient=world.near["recipient"], field="name", kind="typed"
    )


def _head(world: World) -> models.Model:
    member = world.near["member"]
    type(member).objects.filter(pk=member.pk).update(relation="02")
    return member


def _two_heads(world: World) -> None:
    person = world.near["recipient"]
    Recipient.objects.filter(pk__in=(person.pk, world.near["waiting"].pk)).update(
        household=person.household_id, relation="02"
    )


def _own_successor(world: World) -> None:
    unit = world.near["organisation"]
    Organisation.objects.filter(pk=unit.pk).update(replaced_by=unit)


def _one_pair_of_eyes(world: World) -> None:
    merge = world.near["merge"]
    becomes("merge", reviewed_by=merge.proposed_by)(world)


def _into_itself(world: World) -> None:
    becomes("merge", kept_key=world.near["merge"].gone_key)(world)


def _out_of_order(world: World) -> None:
    pair = world.near["doubt"]
    becomes("doubt", first_key=pair.second_key, second_key=pair.first_key)(world)


def _nowhere(world: World) -> None:
    becomes("transfer", to_area=world.near["transfer"].from_area)(world)


def _recommender_decides(world: World) -> None:
    row = world.near["recommendation"]
    told = {"status": "included", "recipient": world.near["recipient"]}
    type(row).objects.filter(pk=row.pk).update(
        included_by=row.raised_by, included_at=NOW, **told
    )


def _own_assistant(world: World) -> None:
    named = assistant(world)
    type(named).objects.filter(pk=named.pk).update(assistant=named.cadre)


def _acting_for_oneself(world: World) -> None:
    row = world.near["acting"]
    type(row).objects.filter(pk=row.pk).update(cadre=row.carer)


LIVES: dict[str, Breaker] = {
    "organisation_that_ended_is_out_of_use": becomes("organisation", ended_on=DAY),
    "organisation_is_not_its_own_successor": _own_successor,
    "cadre_leaving_is_told_whole_or_not_at_all": becomes("cadre", leaving_on=DAY),
    "assistant_one_without_an_end_a_cadre": twice(assistant),
    "assistant_is_another": _own_assistant,
    "assistant_ends_after_beginning": of(assistant, until_on=datetime.date(2020, 1, 1)),
    "acting_one_at_once_a_pairing": twice(near("acting")),
    "acting_proposed_once_a_pairing": twice(near("acting_asked")),
    "acting_is_another": _acting_for_oneself,
    "acting_ends_after_it_begins": becomes(
        "acting", until_on=datetime.date(2020, 1, 1)
    ),
    "acting_agreed_is_told_whole_or_not_at_all": becomes("acting", agreed_by=None),
    "acting_end_is_told_whole_or_not_at_all": becomes("acting", ended_on=DAY),
    "leave_ends_after_it_begins": of(_leave, until_on=datetime.date(2020, 1, 1)),
    "leave_kind_known": of(_leave, kind="fun"),
    "guardian_of_the_past_is_not_first": of(_guardian, until_on=DAY),
    "member_one_head_per_household": twice(_head),
    "member_goes_after_coming": becomes("member", until_on=datetime.date(2020, 1, 1)),
    "recipient_one_head_per_household": _two_heads,
    "period_ends_once_a_day": twice(_period),
    "disability_ends_once_a_day": twice(_disability),
    "disability_of_the_past_was_known": of(
        _disability, disability_kind="", disability_grade=""
    ),
    "former_mark_once": twice(_mark),
    "former_mark_kind_known": of(_mark, kind="smell"),
    "source_one_a_field": twice(_source),
    "source_kind_known": of(_source, kind="rumour"),
    "source_in_a_file_names_its_row": of(_source, kind="import"),
    "recommendation_names_somebody": becomes("recommendation", name=""),
    "recommendation_status_known": becomes("recommendation", status="lost"),
    "recommendation_including_is_told_whole_or_not_at_all": becomes(
        "recommendation", status="included"
    ),
    "recommendation_is_included_by_another": _recommender_decides,
    "likely_pair_once": twice(near("doubt")),
    "likely_pair_in_one_order": _out_of_order,
    "likely_pair_state_known": becomes("doubt", state="perhaps"),
    "merge_of_a_file_once": twice(near("merge")),
    "merge_is_of_two_files": _into_itself,
    "merge_is_approved_by_another": _one_pair_of_eyes,
    "merge_that_is_done_was_approved": becomes("merge", status="merged"),
    "merge_status_known": becomes("merge", status="lost"),
    "task_open_once_a_person_and_kind": twice(near("task")),
    "task_is_done_at_a_moment": becomes("task", state="done"),
    "task_state_known": becomes("task", state="lost", done_at=NOW),
    "transfer_one_open_a_person": twice(near("transfer")),
    "transfer_leads_elsewhere": _nowhere,
    "transfer_answered_by_someone": becomes("transfer", status="accepted"),
    "transfer_status_known": lambda world: becomes(
        "transfer",
        status="lost",
        answered_by=world.users["county"],
        answered_at=NOW,
    )(world),
}
BREAKERS = OTHERS | LIVES

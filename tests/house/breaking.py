"""For each constraint of the database, a way past every operation to break it."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone

from audit.models import Seal
from backups.models import BackupRecord, RecordKind
from cadres.models import User
from jobs.operations import notify
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Guardian, VisitStandard
from rosters.models import RosterRow
from sealing.models import SealingKey
from tests import cast
from tests.doors.keys import give_factor
from tests.house.world import World
from visits.models import Deed, Reminder

Breaker = Callable[[World], None]
DAY = datetime.date(2026, 11, 1)


def becomes(which: str, /, **values: Any) -> Breaker:
    """Write these values into the row of this kind, round its operations."""
    return lambda world: _write(world.near[which], **values)


def of(make: Callable[[World], models.Model], /, **values: Any) -> Breaker:
    """Do the same to a row that the world does not have yet."""
    return lambda world: _write(make(world), **values)


def twice(make: Callable[[World], models.Model], /, **values: Any) -> Breaker:
    """Write the row a second time, with what else must differ."""
    return lambda world: _copy(make(world), **values)


def near(kind: str) -> Callable[[World], models.Model]:
    return lambda world: world.near[kind]


def _write(row: models.Model, /, **values: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def _copy(row: models.Model, /, **values: Any) -> None:
    fresh = type(row)._base_manager.get(pk=row.pk)
    for field in fresh._meta.concrete_fields:
        # What is sealed is opened while it still knows its own row.
        getattr(fresh, field.attname)
    fresh.pk = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save(force_insert=True)


def _backup_record(world: World) -> models.Model:
    return BackupRecord.objects.create(kind=RecordKind.MADE, good=True)


def _notice(world: World) -> models.Model:
    user: User = world.users["county"]
    notify(to=user, kind="k", period="p", words="词")
    return user.notices.get()


def _backup_code(world: World) -> models.Model:
    return give_factor(world.users["cadre"]).codes.get()


def _guardian(world: World) -> models.Model:
    return Guardian.objects.create(recipient=world.near["recipient"], name="王某")


def _standard(world: World) -> models.Model:
    return VisitStandard.objects.get_or_create(category="CHILD", year=2030)[0]


def _sheet(world: World) -> PolicySheet:
    return PolicySheet.objects.create(
        recipient=world.near["recipient"], checked_on=DAY, by=world.users["cadre"]
    )


def _with_a_sheet_though_refused(world: World) -> None:
    _write(world.near["visit"], outcome="refused", sheet=_sheet(world))


def _check(world: World) -> models.Model:
    return PolicyCheck.objects.create(
        sheet=_sheet(world), policy="medical", state="enjoyed"
    )


def _roster_row(world: World) -> models.Model:
    return RosterRow.objects.create(
        roster=world.near["roster"],
        number=2,
        position=1,
        name="王某",
        resident_id_index=b"0" * 16,
        outcome="agrees",
    )


def _deed(world: World) -> models.Model:
    return Deed.objects.create(visit=world.near["visit"], kind="deed")


def _key(world: World) -> models.Model:
    return SealingKey.objects.create(
        purpose="field", number=9, algorithm="aes", canary=b"x"
    )


def _by_who_looked(world: World) -> None:
    look = world.near["glass"]
    told = {"verdict": "right", "reviewed_at": timezone.now()}
    _write(look, reviewed_by=look.user, **told)


def _by_who_asked(world: World) -> None:
    request = world.near["export_request"]
    told = {"status": "approved", "decided_at": timezone.now()}
    _write(request, decided_by=request.asked_by, **told)


def _reminder(world: World) -> models.Model:
    return Reminder.objects.create(
        pairing=world.near["pairing"], cause="due", period=DAY
    )


def _listed(world: World) -> models.Model:
    """Return the difference as one between a list and the registry."""
    row = world.near["difference"]
    roster_row = _roster_row(world)
    _write(row, kind="differs", roster=world.near["roster"], row=roster_row)
    return row


def _missing(world: World) -> models.Model:
    row = world.near["difference"]
    _write(row, kind="not_in_roster", roster=world.near["roster"])
    return row


NOW = timezone.now()
BREAKERS: dict[str, Breaker] = {
    "sealing_key_number_used_once": twice(_key, retired_at=timezone.now()),
    "sealing_key_one_active_a_purpose": twice(_key, number=10),
    "sealing_key_is_retired_before_it_is_removed": of(_key, removed_at=timezone.now()),
    "filter_name_once_an_account": twice(near("saved")),
    "filter_has_name_and_query": becomes("saved", name=""),
    "consent_one_in_force_a_scope": twice(near("consent")),
    "consent_scope_known": becomes("consent", scope="all"),
    "consent_is_withdrawn_after_it_is_given": becomes("consent", withdrawn_on=DAY),
    "glass_is_open_for_two_hours": becomes("glass", until=timezone.now()),
    "glass_review_is_told_whole_or_not_at_all": becomes("glass", verdict="right"),
    "glass_is_not_reviewed_by_who_looked": _by_who_looked,
    "recipient_erased_has_left_and_no_identity": becomes("recipient", erased_on=DAY),
    "export_is_not_approved_by_who_asked": _by_who_asked,
    "export_decision_is_told_whole_or_not_at_all": becomes(
        "export_request", status="approved"
    ),
    "referral_one_open_a_need": twice(near("referral")),
    "referral_status_known": becomes("referral", status="lost"),
    "referral_end_has_its_day": becomes("referral", status="closed"),
    "photo_is_small": becomes("photo", width=1_601),
    "backup_record_kind_known": of(_backup_record, kind="lost"),
    "backup_record_ends_after_it_began": of(
        _backup_record, finished_at=NOW - datetime.timedelta(days=1)
    ),
    "backup_record_of_a_failure_says_why": of(_backup_record, good=False, words=""),
    "seal_positions_begin_at_one": lambda world: Seal.objects.create(
        pos=0, n=1, h=b"x"
    ),
    "job_state_known": becomes("job", state="lost"),
    "notice_once_a_period": twice(_notice),
    "area_code_12_digits": lambda world: _copy(
        world.near["recipient"].area, pk="62032", name="某镇"
    ),
    "area_one_name_in_a_parent": lambda world: _copy(
        world.near["recipient"].area, pk="620321999000"
    ),
    "organisation_has_a_name": becomes("organisation", name=""),
    "user_role_with_an_area_has_one": lambda world: _write(
        world.users["county"], area=None
    ),
    "user_role_of_a_unit_has_one": lambda world: _write(
        world.users["liaison"], organisation=None
    ),
    "user_role_known": becomes("user", role="guest"),
    "user_one_time_password_has_an_end": becomes("user", must_change_password=True),
    "backup_code_one_for_each_place": twice(_backup_code),
    "backup_code_place_is_a_digit": of(_backup_code, place=10),
    "cadre_has_a_name": becomes("cadre", name=""),
    "cadre_capacity_is_sane": becomes("cadre", capacity=51),
    "batch_status_known": becomes("batch", status="lost"),
    "batch_kind_known": becomes("batch", kind="pets"),
    "batch_that_was_imported_says_when": becomes(
        "batch", status="confirmed", done_at=None
    ),
    "import_row_once_in_a_batch": twice(near("batch_row")),
    "import_row_outcome_known": becomes("batch_row", outcome="lost"),
    "import_row_question_known": becomes("batch_row", question="why"),
    "import_row_that_is_wrong_says_why": becomes("batch_row", reason=""),
    "guardian_one_first_per_recipient": twice(_guardian),
    "recipient_has_a_name": becomes("recipient", name=""),
    "recipient_category_known": becomes("recipient", category="PET"),
    "recipient_id_is_there_or_its_absence_told": becomes(
        "recipient", resident_id_index=None
    ),
    "recipient_leaving_is_told_whole_or_not_at_all": becomes(
        "recipient", status="left", left_on=DAY, left_reason=""
    ),
    "recipient_status_known": becomes("recipient", status="lost"),
    "pairing_one_active_per_recipient_and_kind": twice(near("pairing")),
    "pairing_proposed_once": twice(near("proposal")),
    "pairing_that_began_has_a_day": becomes("pairing", started_on=None),
    "relative_declared_once_a_cadre": twice(near("relative")),
    "relative_names_somebody": becomes("relative", name=""),
    "relative_kinship_known": becomes("relative", relation="friend"),
    "visit_outcome_known": becomes("visit", outcome="perhaps"),
    "visit_checks_policies_only_with_somebody": _with_a_sheet_though_refused,
    "pairing_resumed_only_after_it_began": becomes("proposal", resumed_on=DAY),
    "pairing_end_is_told_whole_or_not_at_all": becomes(
        "pairing", status="ended", end_reason="moved", ended_on=None
    ),
    "pairing_status_known": becomes("pairing", status="lost"),
    "standard_one_a_category_and_year": twice(_standard),
    "sheet_one_latest_per_recipient": twice(_sheet),
    "check_one_per_policy": twice(_check),
    "check_policy_known": of(_check, policy="lottery"),
    "check_state_known": of(_check, state="perhaps"),
    "roster_one_in_force_a_kind_month_and_area": twice(near("roster")),
    "roster_month_is_a_first_day": becomes("roster", month=cast.TODAY),
    "roster_status_known": becomes("roster", status="lost"),
    "roster_row_once": twice(_roster_row),
    "roster_row_outcome_known": of(_roster_row, outcome="lost"),
    "roster_row_without_an_id_is_invalid": of(_roster_row, resident_id_index=None),
    "difference_one_a_row": twice(_listed),
    "difference_missing_once_a_roster": twice(_missing),
    "difference_of_the_registry_once_a_month": twice(near("difference")),
    "difference_says_where_it_comes_from": becomes("difference", kind="differs"),
    "difference_is_about_something": becomes("difference", recipient=None),
    "difference_closing_is_told_whole_or_not_at_all": becomes(
        "difference", status="closed"
    ),
    "difference_left_alone_has_a_reason": lambda world: _write(
        world.near["difference"],
        status="closed",
        deed="nothing",
        words="",
        closed_at=NOW,
        closed_by=world.users["county"],
    ),
    "need_status_known": becomes("need", status="lost"),
    "need_whose_known": becomes("need", whose="nobody"),
    "need_report_is_of_the_person": becomes("need", reported=True, whose="household"),
    "need_is_due_after_it_is_raised": becomes("need", due_on=datetime.date(2020, 1, 1)),
    "campaign_once_an_area_and_day": twice(near("campaign")),
    "campaign_ends_after_it_starts": becomes("campaign", ends_on=DAY),
    "campaign_status_known": becomes("campaign", status="lost"),
    "visit_way_known": becomes("visit", way="drone"),
    "visit_day_is_sane": becomes("visit", day=datetime.date(1949, 10, 1)),
    "deed_amount_not_negative": of(_deed, kind="money", amount=-1),
    "deed_kind_known": of(_deed, kind="song"),
    "deed_only_gifts_have_an_amount": of(_deed, amount=5),
    "draft_one_a_person_and_account": twice(near("draft")),
    "reminder_once_a_pairing_cause_and_period": twice(_reminder),
}

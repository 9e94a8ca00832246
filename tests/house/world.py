"""A small city in which every role has something of its own and something foreign."""

import datetime
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from cadres.enums import Role
from cadres.models import Area, CadreLeave, Session, User
from cadres.operations.areas import load_areas
from cadres.permissions import Permission, allows
from casework.models import Need, Referral
from common import sealed_files
from common.encryption import blind_index
from intake import originals
from intake.enums import BatchKind
from intake.models import ImportBatch, ImportRow
from jobs.models import Job
from recipients.enums import Category, PairingStatus
from recipients.models import (
    ActingCarer,
    CadreRelative,
    Consent,
    FileMerge,
    GlassLook,
    HouseholdMember,
    LifeTask,
    LikelyPair,
    Recommendation,
    SavedFilter,
    Transfer,
)
from recipients.models.glass import OPEN_FOR
from reports.models import ExportRequest
from rosters.enums import DifferenceKind, RosterKind
from rosters.models import Difference, Roster
from tests import cast
from visits import photo_files
from visits.models import Campaign, DayOverride, HomeVisit, VisitDraft, VisitPhoto

ROLES = (
    "stranger",
    "city",
    "county",
    "township",
    "neighbour",
    "liaison",
    "cadre",
    "department",
    "leader",
    "admin",
    "auditor",
)


@dataclass
class World:
    """Accounts by role, and rows by kind: one in Yongchang's Hexibao, one foreign."""

    users: dict[str, User] = field(default_factory=dict)
    near: dict[str, models.Model] = field(default_factory=dict)
    far: dict[str, models.Model] = field(default_factory=dict)


def build() -> World:
    """Return the world: ``near`` rows belong to the cadre, the unit and Hexibao."""
    load_areas()
    world = World()
    unit = cast.make_organisation()
    bureau = cast.make_organisation("永昌县民政局", kind="department")
    far_unit = cast.make_organisation("金川区残联")
    _accounts(world, unit, bureau)
    _people(world, unit, far_unit, bureau)
    _long_work(world)
    return world


def may(role: str, permission: Permission) -> bool:
    """Say whether the account that plays this part has the permission."""
    return allows(PLAYED_BY.get(role, role), permission)


PLAYED_BY = {
    "city": "care_office",
    "county": "care_office",
    "township": "care_office",
    "neighbour": "care_office",
    "liaison": "unit_liaison",
}


def _accounts(world: World, unit: Any, bureau: Any) -> None:
    yongchang = Area.objects.get(pk="620321000000")
    city = Area.objects.get(pk="620300000000")
    world.users = {
        "city": cast.office("m_city", "620300000000"),
        "county": cast.office("m_county", "620321000000"),
        "township": cast.office("m_township", cast.HEXIBAO),
        "neighbour": cast.office("m_neighbour", "620302000000"),
        "liaison": cast.make_user("m_unit", Role.UNIT_LIAISON, organisation=unit),
        "cadre": cast.make_user("m_cadre", Role.CADRE),
        "department": cast.make_user(
            "m_civil", Role.DEPARTMENT, area=yongchang, organisation=bureau
        ),
        "leader": cast.make_user("m_leader", Role.LEADER, area=city),
        "admin": cast.make_user("m_admin", Role.ADMIN),
        "auditor": cast.make_user("m_auditor", Role.AUDITOR),
    }


def _people(world: World, unit: Any, far_unit: Any, bureau: Any) -> None:
    world.near["organisation"] = unit
    world.far["organisation"] = far_unit
    world.near["cadre"] = cast.make_cadre(
        "赵军", unit, user=world.users["cadre"], phone="19900000205"
    )
    far_user = cast.make_user("m_far_cadre", Role.CADRE)
    world.far["cadre"] = cast.make_cadre("马兰", far_unit, user=far_user)
    world.near["user"], world.far["user"] = world.users["cadre"], far_user
    for side in (world.near, world.far):
        side["kept_cadre"], number = side["cadre"], cast.resident_id()
        side["relative"] = CadreRelative.objects.create(
            cadre=side["cadre"],
            relation="sibling",
            name="赵敏",
            resident_id=number,
            resident_id_index=blind_index(number),
            declared_by=side["user"],
        )
        side["session"] = Session.objects.create(
            user=side["user"],
            digest=side["user"].username,
            expires_at=timezone.now() + datetime.timedelta(hours=1),
        )
    for side, area in ((world.near, cast.HEXIBAO), (world.far, cast.SHUANGWAN)):
        person = cast.make_recipient(
            "李小伟", area=area, category=Category.CHILD, phone="19900000031"
        )
        side["recipient"] = side["filed"] = person
        side["pairing"] = cast.make_pairing(person, side["cadre"])
        _acting(world, side)
        waiting = cast.make_recipient("王大山", area=area)
        side["proposal"] = cast.make_pairing(
            waiting,
            side["cadre"],
            status=PairingStatus.PROPOSED,
            started_on=None,
            next_due_on=None,
        )
        side["waiting"] = waiting
        side["visit"] = HomeVisit.objects.create(
            client_id=uuid.uuid4(),
            together=uuid.uuid4(),
            recipient=person,
            cadre=side["cadre"],
            pairing=side["pairing"],
            organisation=side["cadre"].organisation,
            day=cast.TODAY - datetime.timedelta(days=20),
            words="身体平稳",
            content_hash="0" * 64,
            entered_by=side["cadre"].user,
        )
        _life(side, person, cast.SHUANGWAN if area == cast.HEXIBAO else cast.HEXIBAO)
        first, second = sorted((person.pk, waiting.pk))
        side["doubt"] = LikelyPair.objects.create(
            first_key=first, second_key=second, area_id=area, score=80, reasons=["同音"]
        )
        side["merge"] = FileMerge.objects.create(
            kept_key=person.pk,
            gone_key=waiting.pk,
            kept_code=person.code,
            gone_code=waiting.code,
            area_id=area,
            words="证号录错一位",
            proposed_by=world.users["township" if side is world.near else "neighbour"],
        )
        near = side is world.near
        side["recommendation"] = Recommendation.objects.create(
            name="郝长顺",
            area_id=area,
            place="河东路 12 号院",
            words="卧床两年",
            status="checked",
            raised_by=side["cadre"].user,
            checked_by=world.users["township" if near else "neighbour"],
        )
        side["urgent_person"] = person
        side["consent"] = Consent.objects.create(
            recipient=person,
            scope="photos",
            given_by="祖母",
            given_on=cast.TODAY,
            noted_by=world.users["county"],
        )
        opened = timezone.now() - datetime.timedelta(days=1)
        side["glass"] = GlassLook.objects.create(
            recipient=person,
            user=far_user if side is world.near else world.users["cadre"],
            reason="老人走失",
            opened_at=opened,
            until=opened + OPEN_FOR,
        )
        name, key = photo_files.write(b"picture")
        side["photo"] = VisitPhoto.objects.create(
            visit=side["visit"],
            stored_as=name,
            key=key,
            width=8,
            height=8,
            added_by=side["cadre"].user,
        )
        side["draft"] = VisitDraft.objects.create(
            user=side["cadre"].user, recipient=person, content='{"words": ["坐稳"]}'
        )
        side["need"] = Need.objects.create(
            recipient=person,
            words="想办残疾证",
            raised_on=cast.TODAY,
            due_on=cast.TODAY,
        )
    for side, department in ((world.near, bureau), (world.far, far_unit)):
        side["referral"] = Referral.objects.create(
            need=Need.objects.create(
                recipient=side["recipient"],
                words="想换轮椅",
                status="referred",
                raised_on=cast.TODAY,
                due_on=cast.TODAY,
            ),
            department=department,
            sent_by=world.users["city"],
            due_on=cast.TODAY,
        )
    for side, day in ((world.near, 26), (world.far, 27)):
        side["override"] = DayOverride.objects.create(
            day=datetime.date(2026, 12, day), working=True, words="调休上班"
        )
    world.near["campaign"] = world.far["campaign"] = Campaign.objects.create(
        name="逢6上街",
        kind="six",
        area_id="620300000000",
        nominal_on=datetime.date(2026, 11, 26),
        starts_on=datetime.date(2026, 11, 26),
        ends_on=datetime.date(2026, 11, 28),
    )


def _acting(world: World, side: dict[str, Any]) -> None:
    """Give the carer a short leave to come, and somebody who acts in some of it."""
    today = timezone.localdate()

    def after(days: int) -> datetime.date:
        return today + datetime.timedelta(days=days)

    carer = side["cadre"]
    side["leave"] = CadreLeave.objects.create(
        cadre=carer, kind="illness", from_on=after(30), until_on=after(60)
    )
    told = {
        "pairing": side["pairing"],
        "carer": carer,
        "cadre": cast.make_cadre("钱江", carer.organisation),
        "proposed_by": world.users["township"],
        "proposed_on": today,
    }
    side["acting"] = ActingCarer.objects.create(
        from_on=after(31),
        until_on=after(50),
        agreed_by=world.users["county"],
        agreed_at=timezone.now(),
        **told,
    )
    side["acting_asked"] = ActingCarer.objects.create(
        from_on=after(52), until_on=after(58), **told
    )


def _life(side: dict[str, Any], person: Any, elsewhere: str) -> None:
    side["task"] = LifeTask.objects.create(
        recipient=person, kind="adult", due_on=cast.TODAY, raised_on=cast.TODAY
    )
    side["member"] = HouseholdMember.objects.create(
        household=person.household, name="李奶奶", relation="60", since_on=cast.TODAY
    )
    mover = cast.make_recipient("陈静", area=person.area_id)
    side["transfer"] = Transfer.objects.create(
        recipient=mover,
        from_area=mover.area,
        to_area_id=elsewhere,
        on=cast.TODAY,
        words="随子女居住",
        proposed_by=side["cadre"].user,
    )


def _long_work(world: World) -> None:
    offices = (world.users["county"], world.users["neighbour"])
    for side, office in zip((world.near, world.far), offices, strict=True):
        side["saved"] = SavedFilter.objects.create(
            user=office, name="低保", query="dibao=1"
        )
        kept = originals.keep([b"name"])
        side["batch"] = ImportBatch.objects.create(
            kind=BatchKind.RECIPIENTS,
            file_name="对象.csv",
            stored_as=kept.name,
            content_hash=kept.content_hash,
            by=office,
            area=office.area,
            status="checked",
        )
        side["batch_row"] = ImportRow.objects.create(
            batch=side["batch"],
            position=1,
            number=2,
            outcome="wrong",
            reason="ID_CHECK",
            content=json.dumps({"cells": {"姓名": "王秀花"}, "values": {}}),
        )
        side["roster"] = Roster.objects.create(
            kind=RosterKind.DIBAO,
            month=datetime.date(2026, 11, 1),
            area=office.area,
            file_name="低保名单.xlsx",
            content_hash="0" * 64,
            by=office,
        )
        side["difference"] = Difference.objects.create(
            kind=DifferenceKind.UNPAIRED,
            month=datetime.date(2026, 11, 1),
            recipient=side["waiting"],
            area=side["waiting"].area,
        )
        side["export_request"] = ExportRequest.objects.create(
            ledger="recipients",
            area=side["recipient"].area,
            reason="报市局",
            rows=51,
            options={"full_ids": True},
            asked_by=world.users["township"] if side is world.near else office,
        )
        side["job"] = _finished_job(office)


def _finished_job(owner: User) -> Job:
    name = f"exports/{uuid.uuid4().hex}.xlsx"
    with sealed_files.written(Path(settings.MEDIA_ROOT) / name) as file:
        file.write("台账".encode())
    return Job.objects.create(
        kind="reports.export",
        title="导出台账",
        by=owner,
        state="done",
        finished_at=timezone.now(),
        result_file=name,
        file_name="台账.txt",
    )

"""One sample call of each operation on people, households, cadres and accounts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.models import Event
from cadres.enums import Role
from cadres.models import Area, Cadre, User
from cadres.operations.accounts import Post
from cadres.operations.cadres import CadreFacts
from cadres.village_table import VillageRow
from common.search_text import Kind
from recipients.enums import Category, LeaveReason
from recipients.models import Recipient
from recipients.person_facts import PersonFacts
from tests import cast
from tests.house.world import World

NUMBER = "620321196503129019"


def _person(world: World, **told: Any) -> dict[str, Any]:
    return {
        "recipient": world.near["recipient"],
        **told,
        "by": world.users["county"],
    }


def _left(world: World, status: str, **told: Any) -> dict[str, Any]:
    person = world.near["recipient"]
    day = {"left_on": cast.TODAY, "left_reason": "moved"} if status == "left" else {}
    Recipient.objects.filter(pk=person.pk).update(status=status, **day)
    return _person(world, **told)


def _facts(**told: Any) -> PersonFacts:
    return PersonFacts(
        name="王秀花",
        category=Category.DESTITUTE,
        area=Area.objects.get(pk=cast.HEXIBAO),
        resident_id=NUMBER,
        guardian_name="王梅",
        **told,
    )


def _shared(world: World) -> dict[str, Any]:
    person = world.near["recipient"]
    Recipient.objects.filter(pk=world.near["waiting"].pk).update(
        household=person.household_id
    )
    return _person(world)


def _account(world: World, **told: Any) -> dict[str, Any]:
    return {"user": world.users["auditor"], **told, "by": world.users["admin"]}


def _disabled(world: World) -> dict[str, Any]:
    User.objects.filter(pk=world.users["auditor"].pk).update(is_active=False)
    return _account(world)


def _free_cadre(world: World, **facts: Any) -> Cadre:
    return cast.make_cadre("王强", world.near["organisation"], **facts)


def _cadre_facts(world: World) -> CadreFacts:
    return CadreFacts(name="王强", organisation=world.near["organisation"])


def _by_office(world: World, **told: Any) -> dict[str, Any]:
    return {**told, "by": world.users["county"]}


REGISTRY: dict[str, Callable[[World], dict[str, Any]]] = {
    "recipients.people.register_person": lambda world: _by_office(
        world, facts=_facts()
    ),
    "recipients.people.change_person": lambda world: _person(world, facts=_facts()),
    "recipients.standing.leave": lambda world: _person(
        world, reason=LeaveReason.MOVED, on=cast.TODAY
    ),
    "recipients.standing.return_to_file": lambda world: _left(
        world, "left", words="迁回"
    ),
    "recipients.standing.pause_person": lambda world: _person(world, words="住院"),
    "recipients.standing.resume_person": lambda world: _left(world, "paused"),
    "recipients.households.join_household": lambda world: _person(
        world, member=world.near["waiting"]
    ),
    "recipients.households.split_household": _shared,
    "recipients.looks.look": lambda world: _person(world),
    "recipients.looks.unmask": lambda world: _person(
        world, field="phone", reason="应急"
    ),
    "recipients.looks.search_by_number": lambda world: _by_office(
        world, number=Kind.PHONE, found=[world.near["recipient"]]
    ),
    "reports.auditing.look_up_person": lambda world: {
        "recipient": world.near["recipient"],
        "by": world.users["auditor"],
    },
    "reports.auditing.note_print": lambda world: _person(world, page="reports:trail"),
    "reports.auditing.export_trail": lambda world: {
        "events": Event.objects.all(),
        "reason": "年度审计抽查",
        "out": Path(settings.DATA_DIR) / "trail.xlsx",
        "told": "",
        "by": world.users["auditor"],
    },
    "cadres.refusals.note_refusal": lambda world: _by_office(
        world, address="reports:clock", model="", key=""
    ),
    "cadres.organisations.create_organisation": lambda world: _by_office(
        world, facts={"name": "永昌县水务局"}
    ),
    "cadres.organisations.change_organisation": lambda world: _by_office(
        world, organisation=world.near["organisation"], facts={"leads": True}
    ),
    "cadres.cadres.create_cadre": lambda world: _by_office(
        world, facts=_cadre_facts(world)
    ),
    "cadres.cadres.change_cadre": lambda world: _by_office(
        world, cadre=world.near["cadre"], facts=_cadre_facts(world)
    ),
    "cadres.cadres.leave_post": lambda world: _by_office(
        world, cadre=_free_cadre(world), on=cast.TODAY
    ),
    "cadres.cadres.return_to_post": lambda world: _by_office(
        world, cadre=_free_cadre(world, active=False, left_on=cast.TODAY)
    ),
    "cadres.accounts.create_account": lambda world: {
        "username": "someone",
        "name": "某人",
        "post": Post(role=Role.AUDITOR),
        "by": world.users["admin"],
    },
    "cadres.accounts.issue_to_cadre": lambda world: _by_office(
        world, cadre=_free_cadre(world), username="wangqiang"
    ),
    "cadres.accounts.change_post": lambda world: _account(
        world, post=Post(role=Role.CADRE)
    ),
    "cadres.accounts.end_role": lambda world: _account(world, on=cast.TODAY),
    "cadres.accounts.disable": lambda world: _account(world),
    "cadres.accounts.enable": _disabled,
    "cadres.accounts.reset_password": lambda world: _account(world),
    "cadres.villages.import_villages": lambda world: {
        "rows": [VillageRow("620321101201", "鸳鸯池村")],
        "by": world.users["admin"],
    },
}

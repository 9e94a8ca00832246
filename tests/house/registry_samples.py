"""One sample call of each operation on people, households, cadres and accounts."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from audit.models import Event
from cadres.enums import LeavingReason, Role
from cadres.models import Area, Cadre, User
from cadres.operations.accounts import Post
from cadres.operations.cadres import CadreFacts
from cadres.village_table import VillageRow
from common.search_text import Kind
from recipients.enums import Category, LeaveReason, PauseReason
from recipients.models import FileMerge, Recipient
from recipients.operations import merges, standing
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


def facts_of_somebody(**told: Any) -> PersonFacts:
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


def _to_merge(world: World) -> dict[str, Any]:
    FileMerge.objects.all().delete()
    told = {"choices": {"name": "gone"}, "words": "证号录错一位"}
    kept, gone = world.near["recipient"], world.near["waiting"]
    return _by_office(world, kept=kept, gone=gone, **told)


def _undecided(world: World) -> dict[str, Any]:
    FileMerge.objects.all().delete()
    return _by_office(world, pair=world.near["doubt"], words="是双胞胎")


def _moved_cadre(world: World) -> dict[str, Any]:
    cadre = world.near["cadre"]
    Cadre.objects.filter(pk=cadre.pk).update(moved_on=cast.TODAY)
    return _by_office(world, cadre=cadre)


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
        world, facts=facts_of_somebody()
    ),
    "recipients.people.change_person": lambda world: _person(
        world, facts=facts_of_somebody()
    ),
    "recipients.standing.leave": lambda world: _person(
        world, reason=LeaveReason.MOVED, on=cast.TODAY
    ),
    "recipients.undoing.take_back_leaving": lambda world: _by_office(
        world,
        recipient=standing.leave(
            **_person(world, reason=LeaveReason.MOVED, on=cast.TODAY)
        ),
    ),
    "recipients.standing.return_to_file": lambda world: _left(
        world, "left", words="迁回"
    ),
    "recipients.standing.pause_person": lambda world: _person(
        world, reason=PauseReason.HOSPITAL, words="骨折"
    ),
    "recipients.standing.begin_fading": lambda world: _person(world, words="已脱困"),
    "recipients.standing.resume_person": lambda world: _left(world, "paused"),
    "recipients.saved_filters.save_filter": lambda world: _by_office(
        world, name="重残", query="category=DISABLED"
    ),
    "recipients.saved_filters.delete_filter": lambda world: _by_office(
        world, saved=world.near["saved"]
    ),
    "recipients.households.join_household": lambda world: _person(
        world, member=world.near["waiting"]
    ),
    "recipients.households.split_household": _shared,
    "recipients.duplicates.dismiss": _undecided,
    "recipients.merges.propose_merge": _to_merge,
    "recipients.merges.return_merge": lambda world: _by_office(
        world, merge=world.near["merge"], words="是两个人"
    ),
    "recipients.merges.approve_merge": lambda world: _by_office(
        world, merge=world.near["merge"]
    ),
    "recipients.merges.undo_merge": lambda world: _by_office(
        world,
        merge=merges.approve_merge(merge=world.near["merge"], by=world.users["county"]),
    ),
    "recipients.moves.move": lambda world: _by_office(
        world,
        recipients=[world.near["recipient"]],
        area=Area.objects.get(pk="620321104000"),
        on=cast.TODAY,
    ),
    "recipients.moves.propose_transfer": lambda world: _person(
        world,
        area=Area.objects.get(pk=cast.SHUANGWAN),
        on=cast.TODAY,
        words="随子女居住",
    ),
    "recipients.moves.accept_transfer": lambda world: _by_office(
        world, transfer=world.far["transfer"]
    ),
    "recipients.moves.return_transfer": lambda world: _by_office(
        world, transfer=world.far["transfer"], words="没有这个人"
    ),
    "recipients.categories.change_category": lambda world: _person(
        world, category=Category.DESTITUTE, on=cast.TODAY, words="纳入特困"
    ),
    "recipients.tasks.settle": lambda world: _by_office(
        world, task=world.near["task"], words="在读高中"
    ),
    "recipients.families.add_member": lambda world: _person(
        world, name="李爷爷", relation="60"
    ),
    "recipients.families.member_leaves": lambda world: _person(
        world, member=world.near["member"], on=cast.TODAY
    ),
    "recipients.families.set_relation": lambda world: _person(world, relation="20"),
    "recipients.families.name_head": lambda world: _person(world),
    "recipients.families.change_guardian": lambda world: _person(
        world, name="李大山", on=cast.TODAY, words="原监护人去世"
    ),
    "recipients.families.place_in_institution": lambda world: _person(
        world,
        institution=cast.make_organisation("永昌县福利院", kind="home"),
        on=cast.TODAY,
    ),
    "recipients.pairing_handovers.hand_over_household": lambda world: _by_office(
        world,
        pairings=[world.near["pairing"]],
        cadre=_free_cadre(world),
        on=cast.TODAY,
        words="调离本镇",
    ),
    "recipients.pairing_handovers.release_cadre": lambda world: _by_office(
        world,
        cadre=world.near["cadre"],
        reason=LeavingReason.ARRANGED,
        on=cast.TODAY,
    ),
    "cadres.cadres.announce_leaving": lambda world: _by_office(
        world,
        cadre=world.near["cadre"],
        on=cast.TODAY,
        reason=LeavingReason.RETIRED,
    ),
    "cadres.cadres.confirm_stays": _moved_cadre,
    "cadres.cadres.take_leave": lambda world: _by_office(
        world,
        cadre=world.near["cadre"],
        kind="seconded",
        from_on=cast.TODAY,
        until_on=cast.TODAY,
    ),
    "cadres.organisations.end_organisation": lambda world: _by_office(
        world,
        organisation=world.near["organisation"],
        into=cast.make_organisation("永昌县教体局"),
        on=cast.TODAY,
    ),
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
        "out": BytesIO(),
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

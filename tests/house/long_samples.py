"""One sample call of each operation on pairings, files, lists and ledgers."""

import datetime
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backups.models import RecordKind
from backups.operations import Outcome
from intake.enums import BatchKind, Question
from intake.models import ImportBatch
from intake.operations.confirming import confirm
from intake.operations.receiving import receive
from intake.reading import ReadFile
from intake.tables import tables_of
from recipients.enums import EndReason, PairingStatus
from recipients.models import Pairing
from reports.scope import Scope
from rosters.enums import ClosingDeed, RosterKind
from rosters.operations.settling import settle
from tests import cast
from tests.house.world import World
from tests.intake import sheets
from visits.models import Campaign

MONTH = datetime.date(2026, 11, 1)
HEADINGS = ["姓名", "身份证号", "乡镇", "村", "对象类别", "监护人姓名"]
_serial = itertools.count(100)


def people_file() -> Path:
    """Return a workbook with one person whom nobody has on file."""
    number = sheets.number(serial=next(_serial))
    rows = [HEADINGS, ["王秀花", number, "河西堡镇", "鸳鸯池村", "特困家庭", ""]]
    folder = Path(tempfile.mkdtemp())
    return sheets.workbook(folder / "对象.xlsx", {"对象": rows})


def _batch(world: World) -> ImportBatch:
    path = people_file()
    return receive(
        kind=BatchKind.RECIPIENTS,
        file_name=path.name,
        chunks=[path.read_bytes()],
        by=world.users["county"],
    )


def _by_county(world: World, **told: Any) -> dict[str, Any]:
    return {**told, "by": world.users["county"]}


def _disclosed(world: World) -> dict[str, Any]:
    return _by_county(
        world, recipient=world.near["recipient"], reason="本人来函申请查阅"
    )


def _pairing(world: World, **told: Any) -> dict[str, Any]:
    return _by_county(world, pairing=world.near["pairing"], **told)


def _proposal(world: World, **told: Any) -> dict[str, Any]:
    return _by_county(world, pairing=world.near["proposal"], **told)


def _other_cadre(world: World) -> Any:
    return cast.make_cadre("王强", world.near["organisation"])


def _in_doubt(world: World) -> dict[str, Any]:
    return {"difference": world.near["difference"], "by": world.users["county"]}


def _settled(world: World) -> dict[str, Any]:
    told = _in_doubt(world)
    closed = settle(**told, deed=ClosingDeed.NOTHING, words="已核对无误")
    return {**told, "difference": closed}


def _paused(world: World) -> dict[str, Any]:
    pairing = world.near["pairing"]
    Pairing.objects.filter(pk=pairing.pk).update(
        status=PairingStatus.PAUSED, next_due_on=None
    )
    return _pairing(world)


def _just_approved(world: World) -> dict[str, Any]:
    from recipients.operations.pairings import approve

    told = _proposal(world, on=cast.TODAY)
    return {"pairing": approve(**told), "by": told["by"]}


def _just_ended(world: World) -> dict[str, Any]:
    from recipients.operations.pairing_changes import end

    told = _pairing(world, reason=EndReason.REPLACED, on=cast.TODAY)
    return {"pairing": end(**told), "by": told["by"]}


def _ledger(world: World, **told: Any) -> dict[str, Any]:
    user = world.users["county"]
    scope = Scope(user=user, area=user.area)
    return {"ledger": "recipients", "scope": scope, "reason": "月度上报", **told}


def _confirmed(world: World) -> dict[str, Any]:
    batch = confirm(batch=_batch(world), by=world.users["county"])
    return _by_county(world, batch=batch)


LONG: dict[str, Callable[[World], dict[str, Any]]] = {
    "recipients.pairings.propose": lambda world: _by_county(
        world, recipients=[cast.make_recipient("王秀兰")], cadre=_other_cadre(world)
    ),
    "recipients.pairings.approve": lambda world: _proposal(world, on=cast.TODAY),
    "recipients.pairings.approve_together": lambda world: _by_county(
        world, pairings=[world.near["proposal"]], on=cast.TODAY
    ),
    "recipients.pairings.return_proposal": lambda world: _proposal(
        world, words="请换本镇干部"
    ),
    "recipients.pairings.rechoose": lambda world: _proposal(
        world, cadre=_other_cadre(world)
    ),
    "recipients.pairing_changes.undo_approval": _just_approved,
    "recipients.undoing.take_back_end": _just_ended,
    "recipients.pairing_changes.pause": lambda world: _pairing(world, reason="外出"),
    "recipients.pairing_changes.resume": _paused,
    "recipients.pairing_changes.end": lambda world: _pairing(
        world, reason=EndReason.REPLACED, on=cast.TODAY
    ),
    "recipients.pairing_changes.extend": lambda world: _pairing(
        world, until=cast.TODAY + datetime.timedelta(days=365)
    ),
    "recipients.pairing_handovers.propose_handover": lambda world: _pairing(
        world, cadre=_other_cadre(world), words="调离本镇"
    ),
    "recipients.pairing_handovers.hand_over": lambda world: _pairing(
        world, cadre=_other_cadre(world), on=cast.TODAY, words="调离本镇"
    ),
    "recipients.pairing_handovers.hand_over_all": lambda world: _by_county(
        world,
        cadre=world.near["cadre"],
        to=_other_cadre(world),
        on=cast.TODAY,
        words="调离本镇",
    ),
    "intake.at_once.bring_in": lambda world: _by_county(
        world, kind=BatchKind.RECIPIENTS, path=people_file()
    ),
    "intake.receiving.receive": lambda world: _by_county(
        world,
        kind=BatchKind.RECIPIENTS,
        file_name="对象.xlsx",
        chunks=[people_file().read_bytes()],
    ),
    "intake.choosing.choose_columns": lambda world: _columns(_batch(world), world),
    "intake.choosing.judge_again": lambda world: _by_county(
        world, batch=_asked_again(world)
    ),
    "intake.receiving.check": lambda world: _by_county(world, batch=_unread(world)),
    "intake.receiving.fail": lambda world: _by_county(
        world, batch=_unread(world), words="文件不是表格"
    ),
    "intake.confirming.ask_to_confirm": lambda world: _by_county(
        world, batch=_batch(world)
    ),
    "intake.confirming.confirm": lambda world: _by_county(world, batch=_batch(world)),
    "intake.correcting.correct_row": lambda world: _by_county(
        world, row=_batch(world).rows.get(), cells={"姓名": "王秀兰"}
    ),
    "intake.correcting.answer": lambda world: _by_county(
        world, batch=_batch(world), question=Question.NEWER, agreed=True
    ),
    "intake.undoing.undo_batch": _confirmed,
    "rosters.receiving.receive": lambda world: _by_county(
        world,
        kind=RosterKind.DEATHS,
        month=MONTH,
        file_name="名单.xlsx",
        content_hash="1" * 64,
        read=ReadFile([], []),
    ),
    "rosters.receiving.ask_to_receive": lambda world: _by_county(
        world,
        kind=RosterKind.DEATHS,
        month=MONTH,
        file_name="名单.xlsx",
        stored_as="0" * 32,
    ),
    "rosters.reconcile.compare_roster": lambda world: _by_county(
        world, roster=world.near["roster"]
    ),
    "rosters.reconcile.check_registry_itself": lambda world: _by_county(
        world, month=MONTH
    ),
    "rosters.settling.settle": lambda world: {
        **_in_doubt(world),
        "deed": ClosingDeed.NOTHING,
        "words": "已核对无误",
    },
    "rosters.settling.reopen": _settled,
    "visits.campaigns.set_six_rule": lambda world: _by_city(
        world, area=world.users["city"].area, rule="next", grace_days=2
    ),
    "visits.campaigns.set_day": lambda world: _by_city(
        world, day=datetime.date(2026, 12, 6), working=True, words="调休上班"
    ),
    "visits.campaigns.clear_day": lambda world: _by_city(
        world, override=world.near["override"]
    ),
    "visits.campaigns.set_standard": lambda world: _by_city(
        world, category="CHILD", year=2026, visits=4, contacts=12, days_between=20
    ),
    "visits.campaigns.open_campaign": lambda world: _by_city(
        world, campaign=_campaign(world, "planned")
    ),
    "visits.campaigns.close_campaign": lambda world: _by_city(
        world, campaign=_campaign(world, "open")
    ),
    "backups.note": lambda world: {
        "outcome": Outcome(
            kind=RecordKind.MADE, set_name="jinchang-1", good=False, words="磁盘已满"
        ),
        "by": world.users["admin"],
    },
    "reports.clock.run_by_hand": lambda world: {
        "name": "purge_files",
        "by": world.users["admin"],
    },
    "reports.desk.read_all_notices": lambda world: {"by": world.users["county"]},
    "reports.disclosing.disclose": _disclosed,
    "reports.exports.export": lambda world: _by_county(
        world, **_ledger(world, out=Path(tempfile.mkdtemp()) / "台账.xlsx")
    ),
    "reports.exports.record_export": lambda world: _by_county(
        world, **_ledger(world, rows=3)
    ),
    "reports.exports.ask_to_export": lambda world: _by_county(world, **_ledger(world)),
}


def _columns(batch: ImportBatch, world: World) -> dict[str, Any]:
    fields = [table.fields for table in tables_of(batch)]
    return _by_county(world, batch=batch, fields=fields)


def _asked_again(world: World) -> ImportBatch:
    batch = _batch(world)
    batch.settings = {**batch.settings, "asked": _columns(batch, world)["fields"]}
    batch.save()
    return batch


def _by_city(world: World, **told: Any) -> dict[str, Any]:
    return {**told, "by": world.users["city"]}


def _campaign(world: World, status: str) -> Campaign:
    campaign = world.near["campaign"]
    Campaign.objects.filter(pk=campaign.pk).update(status=status)
    campaign.refresh_from_db()
    return campaign


def _unread(world: World) -> ImportBatch:
    """Return a batch whose file is kept, and which the worker has not read yet."""
    batch = _batch(world)
    batch.rows.all().delete()
    ImportBatch.objects.filter(pk=batch.pk).update(status="read")
    batch.refresh_from_db()
    return batch

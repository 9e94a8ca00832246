"""IG-16: what is kept beside the facts is what the facts come to, whatever happens."""

import contextlib
import datetime
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import time_machine
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from common.refusals import Refused
from intake.enums import BatchKind, BatchStatus
from intake.models import ImportBatch
from intake.operations import confirm, receive, undo_batch
from recipients.models import Pairing, Recipient
from recipients.operations import pairing_changes
from tests.fuzz.conftest import so_many
from tests.intake.sheets import workbook
from tests.recipients import test_random_lives as lives
from tests.visits.telling import ALL_ENJOYED, log
from visits.models import HomeVisit
from visits.operations.taking_back import take_back

TOLD = (
    *("visit", "visit", "call", "family", "miss", "refuse"),
    *("take_back", "ledger", "undo_ledger"),
)
LIVED = (
    *("pair", "hand_over", "release", "merge", "undo", "move", "join"),
    *("leave", "return", "pause", "resume", "rest", "take_up"),
)
CADRES, PEOPLE = ("赵军", "马兰", "钱福"), ("李一", "李二", "李三", "李四", "李五")
HEADS = ("走访日期", "结对干部", "姓名", "身份证号", "走访方式")

deeds = st.lists(
    st.tuples(
        st.sampled_from([*TOLD, *TOLD, *LIVED]),
        # Mostly the same few, so that deeds meet.
        st.sampled_from((0, 0, 0, 0, 1, 1, 2, 3, 4)),
        st.integers(0, 4),
        st.integers(0, 24),
    ),
    min_size=10,
    max_size=25,
)

# The next day as if the pairing had never rested.
USUAL = """
    CASE WHEN p.previous_id IS NULL OR p.last_contact_on IS NOT NULL
    THEN GREATEST(p.last_contact_on, p.started_on) + 31
    ELSE LEAST(p.started_on + 31, GREATEST(p.started_on + 7,
        (SELECT b.next_due_on FROM recipients_pairing b WHERE b.id = p.previous_id)))
    END"""
# Each asks for the rows whose kept value differs from what their tables come to.
SUMMARIES = {
    "paired": """
        SELECT r.id FROM recipients_recipient r WHERE r.paired IS DISTINCT FROM EXISTS
            (SELECT FROM recipients_pairing p
             WHERE p.recipient_id = r.id AND p.status = 'active')""",
    "last_contact_on": """
        SELECT p.id, p.last_contact_on FROM recipients_pairing p
        WHERE p.last_contact_on IS DISTINCT FROM
            (SELECT max(v.day) FROM visits_homevisit v
             WHERE v.pairing_id = p.id AND v.taken_back_at IS NULL
               AND v.outcome <> 'not_met')""",
    "last_visit_on": """
        SELECT p.id, p.last_visit_on FROM recipients_pairing p
        WHERE p.last_visit_on IS DISTINCT FROM
            (SELECT max(v.day) FROM visits_homevisit v
             WHERE v.pairing_id = p.id AND v.taken_back_at IS NULL
               AND v.outcome <> 'not_met'
               AND v.way IN ('HOME', 'HOSPITAL', 'CENTRE'))""",
    "next_due_on": f"""
        SELECT p.id, p.next_due_on FROM recipients_pairing p
        CROSS JOIN LATERAL (SELECT {USUAL} AS due) usual
        WHERE p.status = 'active' AND p.recipient_id <> ALL (%(rested)s::uuid[])
          AND p.next_due_on IS DISTINCT FROM CASE
            WHEN p.resumed_on IS NULL OR p.last_contact_on >= p.resumed_on
            THEN usual.due
            ELSE LEAST(p.resumed_on + 31, GREATEST(usual.due, p.resumed_on + 7)) END""",
    "latest": """
        SELECT s.id FROM policies_policysheet s WHERE s.latest IS DISTINCT FROM
            (s.id = (SELECT t.id FROM policies_policysheet t
                     WHERE t.recipient_id = s.recipient_id
                     ORDER BY t.checked_on DESC, t.id DESC LIMIT 1))""",
    "tallies": """
        SELECT b.id, told.key, told.value FROM intake_importbatch b
        CROSS JOIN jsonb_each_text(b.tallies || jsonb_build_object(
            'rows', b.rows_read)) told
        WHERE told.value::int IS DISTINCT FROM
            (SELECT count(*) FROM intake_importrow w WHERE w.batch_id = b.id
             AND told.key IN (w.outcome, 'rows'))""",
}


class World(lives.World):
    """The five people and three cadres, and what is told of visits to them."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.rested: set[Any] = set()
        # A ledger tells of people by their names, and those are words.
        for cadre, name in zip(self.cadres, CADRES, strict=True):
            cadre.name = name
            cadre.save(update_fields=["name"])
        for key, name, number in zip(self.people, PEOPLE, range(5), strict=True):
            Recipient.objects.filter(pk=key).update(name=name)
            self._pair(Recipient.objects.get(pk=key), self.cadres[number % 3])

    def do(self, what: str, one: int, two: int, day: int) -> None:
        person = Recipient.objects.filter(pk=self.people[one]).first()
        if person is None:
            return
        if what in ("leave", "merge"):
            # What an undo takes up again keeps the day it had.
            self.rested |= {person.pk, self.people[two]}
        on = lives.FIRST + datetime.timedelta(days=day)
        calls: dict[str, Callable[[], Any]] = {
            "visit": lambda: self._tell(person, on, "HOME", sheet=bool(two % 2)),
            "call": lambda: self._tell(person, on, "PHONE"),
            "miss": lambda: self._tell(person, on, "HOME", outcome="not_met"),
            "refuse": lambda: self._tell(person, on, "HOME", outcome="refused"),
            "family": lambda: self._tell(person, on, "ERRAND", sheet=True, family=True),
            "take_back": lambda: take_back(
                visit=HomeVisit.objects.standing().filter(recipient=person)[0],
                by=self.city,
            ),
            "rest": lambda: pairing_changes.pause(
                pairing=person.pairings.active()[0], reason="住院", by=self.city
            ),
            "take_up": lambda: pairing_changes.resume(
                pairing=person.pairings.filter(status="paused")[0], by=self.city
            ),
            "ledger": lambda: self._ledger(person, on),
            "undo_ledger": lambda: undo_batch(
                batch=ImportBatch.objects.filter(status=BatchStatus.CONFIRMED)[0],
                by=self.city,
            ),
        }
        if what not in calls:
            super().do(what, one, two, day)
            return
        with contextlib.suppress(Refused, IndexError):
            calls[what]()

    def _tell(
        self,
        person: Recipient,
        on: datetime.date,
        way: str,
        *,
        outcome: str = "met",
        sheet: bool = False,
        family: bool = False,
    ) -> None:
        pairing = person.pairings.active()[0]
        members = Pairing.objects.active().filter(
            recipient__household=person.household, cadre=pairing.cadre
        )
        others = members.exclude(pk=pairing.pk) if family else []
        findings = ALL_ENJOYED if sheet else None
        told = {"day": on, "way": way, "findings": findings, "outcome": outcome}
        log(pairing, *others, by=self.city, late_entry=True, **told)

    def _ledger(self, person: Recipient, on: datetime.date) -> None:
        cadre = person.pairings.active()[0].cadre
        rows = [
            [day.isoformat(), cadre.name, person.name, person.resident_id, way]
            for day, way in ((on, "入户"), (on + datetime.timedelta(days=1), "电话"))
        ]
        file = workbook(self.folder / "走访.xlsx", {"走访": [HEADS, *rows]})
        batch = receive(
            kind=BatchKind.VISITS,
            file_name=file.name,
            chunks=[file.read_bytes()],
            by=self.city,
        )
        confirm(batch=batch, by=self.city)


class RandomVisits(TestCase):
    """After every deed, done or refused, each summary is what its rows come to."""

    @given(deeds)
    @settings(
        max_examples=so_many(1_500),
        deadline=None,
        # A failing life is told as it was drawn: making it shorter takes hours.
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def test_whatever_happens_the_summaries_are_right(self, made):
        with (
            TemporaryDirectory() as folder,
            override_settings(MEDIA_ROOT=Path(folder)),
            time_machine.travel(lives.NOW, tick=True),
        ):
            world = World(Path(folder))
            for deed in made:
                before = _next_days()
                world.do(*deed)
                assert _differing(world) == {}, deed
                if deed[0] not in TOLD:
                    assert _moved(before, _next_days()) == {}, deed


def _next_days() -> dict[Any, tuple[str, Any]]:
    rows = Pairing.objects.values_list("pk", "status", "next_due_on")
    return {pk: (status, due) for pk, status, due in rows}


def _moved(
    before: dict[Any, tuple[str, Any]], after: dict[Any, tuple[str, Any]]
) -> dict[Any, Any]:
    """Return the pairings whose next day has moved though nobody was visited.

    Who was paused, left or was merged keeps it; who is taken up again is seen within
    the usual days from then on, and not sooner than in a week.
    """
    found = {}
    for pk in before.keys() & after.keys():
        (was, due), (status, now) = before[pk], after[pk]
        if (was, status) == ("paused", "active"):
            week, month = (lives.TODAY + datetime.timedelta(days=d) for d in (7, 31))
            due = min(month, max(due, week)) if due else month
        if now != due:
            found[pk] = (before[pk], after[pk], due)
    return found


def _differing(world: World) -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for name, question in SUMMARIES.items():
            cursor.execute(question, {"rested": [str(pk) for pk in world.rested]})
            if rows := cursor.fetchall():
                found[name] = rows
    return found

"""A world in which everybody has a name, an id and phones like no other."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from cadres.models import Cadre, User
from casework.models import Referral
from common.encryption import blind_index
from common.pinyin import pinyin_of
from common.search_text import grams
from intake.models import ImportBatch
from recipients.models import (
    Consent,
    Guardian,
    HouseholdMember,
    Pairing,
    Recipient,
    Transfer,
)
from tests import cast
from tests.house import world as worlds

# All begin alike, so that one search would find all of them that may be found.
FAMILY = "阮"
GIVEN = "锬镕钺铉铄锜锳锴锷镒镠镡镢镦镨镫镬锂铊铋铌铍铒钇钋钌钍钎钐钒"
# A number to be called is in the link, and its words are masked: see ui.md.
_CALLED = re.compile(r'href="tel:[0-9-]+"')


@dataclass
class Marks:
    """Whose each name is; the ids and phones that nobody is to see whole."""

    people: dict[str, Any]
    cadres: dict[str, Any]
    rows: dict[str, Any]
    numbers: set[str]

    def outside(self, user: User) -> set[str]:
        """Return the names that this account has no business with."""
        reach = set(Recipient.objects.visible_to(user, glass=True))
        reach |= {pairing.recipient for pairing in Pairing.objects.visible_to(user)}
        reach |= {move.recipient for move in Transfer.objects.visible_to(user)}
        reach |= {sent.need.recipient for sent in Referral.objects.visible_to(user)}
        carers = set(Cadre.objects.visible_to(user))
        carers |= {
            pairing.cadre for person in reach for pairing in person.pairings.all()
        }
        batches = set(ImportBatch.objects.visible_to(user))
        return {
            name
            for of, may in (
                (self.people, reach),
                (self.cadres, carers),
                (self.rows, batches),
            )
            for name, owner in of.items()
            if owner not in may
        }

    def names(self) -> set[str]:
        return {*self.people, *self.cadres, *self.rows}

    def whole_numbers_in(self, text: str) -> set[str]:
        """Return the ids and phones shown whole, but for links that call."""
        shown = _CALLED.sub("", text)
        return {number for number in self.numbers if number in shown}


def mark(world: worlds.World) -> Marks:
    """Give everybody in the world marks of their own."""
    names = (f"{FAMILY}{one}{two}" for one in GIVEN for two in GIVEN if one != two)
    phones = (f"199000071{number:02d}" for number in range(100))
    marks = Marks({}, {}, {}, set())
    for person in Recipient.objects.all():
        marks.people[_name(person, names, phones, marks)] = person
        for carer in (
            Guardian(recipient=person, relation="祖母"),
            HouseholdMember(
                household=person.household, relation="60", since_on=cast.TODAY
            ),
        ):
            carer.name = next(names)
            if isinstance(carer, Guardian):
                carer.phone = next(phones)
                marks.numbers.add(carer.phone)
            carer.save()
            marks.people[carer.name] = person
    for consent in Consent.objects.all():
        consent.given_by = next(names)
        consent.save()
        marks.people[consent.given_by] = consent.recipient
    for cadre in Cadre.objects.all():
        marks.cadres[_name(cadre, names, phones, marks)] = cadre
    for side in (world.near, world.far):
        name, row = next(names), side["batch_row"]
        row.content = json.dumps({"cells": {"姓名": name}, "values": {}})
        row.save()
        marks.rows[name] = side["batch"]
    return marks


def _name(row: Any, names: Any, phones: Any, marks: Marks) -> str:
    row.name, row.phone = next(names), next(phones)
    row.pinyin, row.initials = pinyin_of(row.name)
    row.grams, row.phone_index = grams(row.name), blind_index(row.phone)
    row.save()
    marks.numbers |= {row.phone} | ({row.resident_id} if row.resident_id else set())
    return row.name


def text_of(answer: Any) -> str:
    """Return all that an answer tells: headers, page, or the parts of a workbook."""
    told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(part) for part in parts.namelist())
    return f"{told}\n{body.decode('utf-8', 'replace')}"

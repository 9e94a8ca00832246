"""Rows that are collected and written with COPY, many at once."""

from collections import Counter, defaultdict
from typing import Any

from django.db import models

from cadres.models import Cadre, User
from casework.models import Need
from intake.copying import copy_in, copy_lines
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Guardian, Household, Pairing, Recipient
from visits.models import Deed, HomeVisit

Model = type[models.Model]

# In this order, so that whoever reads while it is written finds what a row points to.
COLUMNS: dict[Model, tuple[str, ...]] = {
    User: (
        *("id", "username", "name", "role", "area", "organisation", "password"),
        "demo",
    ),
    Cadre: (
        *("id", "organisation", "user", "name", "kind", "sex", "post"),
        *("resident_id", "resident_id_index", "phone", "phone_index", "capacity"),
        *("pinyin", "initials", "grams"),
    ),
    Household: ("id", "area", "size"),
    Recipient: (
        *("id", "code", "household", "name", "pinyin", "initials", "grams"),
        *("resident_id", "resident_id_index", "id_state", "sex", "birth_on", "ethnic"),
        *("category", "also", "kind", "disability_kind", "disability_kinds"),
        *("disability_grade", "certificate", "certificate_until", "area", "village"),
        *("address", "phone", "phone_index", "dibao", "health", "registered_on"),
    ),
    Guardian: ("id", "recipient", "name", "relation", "phone", "phone_index"),
    Pairing: (
        *("id", "recipient", "cadre", "kind", "status", "proposed_by", "proposed_on"),
        *("proposal_words", "reviewed_by", "reviewed_at", "over_capacity_words"),
        *("started_on", "until", "ended_on", "end_reason", "handover_words"),
        *("previous", "last_contact_on", "last_visit_on", "next_due_on"),
    ),
    PolicySheet: ("id", "recipient", "checked_on", "by", "latest"),
    PolicyCheck: ("id", "sheet", "policy", "state", "words"),
    HomeVisit: (
        *("id", "client_id", "together", "recipient", "cadre", "pairing"),
        *("organisation", "day", "way", "occasion", "campaign", "words", "sheet"),
        *("content_hash", "entered_by", "entered_at", "late_entry", "companions"),
    ),
    Deed: ("visit", "kind", "quantity", "amount", "words"),
    Need: (
        *("id", "recipient", "kind", "words", "urgency", "status", "raised_by"),
        *("raised_on", "due_on", "answer", "closed_on"),
    ),
}


class Batch:
    """Collects rows by model until they are written."""

    def __init__(self) -> None:
        self._rows: dict[Model, list[tuple[Any, ...]]] = defaultdict(list)
        # Visits are by far the most: whoever adds one writes its line.
        self.visits: list[str] = []
        self.written: Counter[str] = Counter()

    def add(self, model: Model, *values: Any) -> None:
        self._rows[model].append(values)

    def write(self) -> None:
        """Write what was collected, and begin anew."""
        for model, names in COLUMNS.items():
            rows = self._rows.pop(model, [])
            if model is HomeVisit:
                self._write_visits()
            elif rows:
                self.written[model.__name__] += copy_in(model, names, rows)

    def _write_visits(self) -> None:
        lines, self.visits = self.visits, []
        copy_lines(HomeVisit, COLUMNS[HomeVisit], lines)
        self.written[HomeVisit.__name__] += len(lines)

"""Plays the invented rosters in their order, and compares with the answers."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import models

from intake.enums import Outcome
from intake.models import ImportBatch
from intake.storing import load

COMMANDS = {
    "01": "import_recipients",
    "02": "import_recipients",
    "03": "import_recipients",
    "04a": "import_recipients",
    "04b": "import_recipients",
    "05": "import_recipients",
    "06": "import_cadres",
    "07": "import_pairings",
    "08": "import_visits",
}
KINDS = {"import_cadres": "cadres", "import_pairings": "pairings"}
REGISTRY = ("01", "02", "03", "04a", "04b")
# What an undo leaves as it is: numbers once given out, and how often a row changed.
NOT_COMPARED = {"version", "updated_at", "files_numbered"}


def roster(folder: Path, number: str) -> Path:
    """Return the file whose name begins with this number."""
    (found,) = folder.glob(f"{number}_*")
    return found


@cache
def truth(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((folder / "truth.json").read_text("utf-8"))
    return answers["files"]


def run(folder: Path, number: str, **options: Any) -> str:
    """Import the file by its command; return the last line it said."""
    out = io.StringIO()
    path = str(roster(folder, number))
    call_command(COMMANDS[number], path, stdout=out, **{"by": "city", **options})
    return out.getvalue().rstrip().splitlines()[-1]


def line(tallies: dict[str, int]) -> str:
    """Return the line that a command must end with for these tallies."""
    names = ("新增", "更新", "未变", "重复", "错误", "合计")
    return " · ".join(f"{name} {tallies[name]}" for name in names)


def told(batch: ImportBatch) -> list[tuple[Any, ...]]:
    """Return (sheet, row, outcome, reason, fields) of every row of a batch."""
    drafts, _ = load(batch)
    return [
        (
            draft.sheet,
            draft.number,
            Outcome(draft.outcome).label,
            draft.reason if draft.outcome == Outcome.WRONG else "",
            sorted(draft.fields),
        )
        for draft in drafts
    ]


def wanted(answers: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the same of the answers."""
    return [
        (
            row["sheet"],
            row["row"],
            row["outcome"],
            row.get("reason", ""),
            sorted(row.get("fields", [])),
        )
        for row in answers["rows"]
    ]


def facts(*kinds: type[models.Model]) -> dict[str, list[dict[str, Any]]]:
    """Return everything the rows of these models hold, sealed values opened."""
    return {
        kind.__name__: [_facts(row) for row in kind._default_manager.order_by("pk")]
        for kind in kinds
    }


def _facts(row: models.Model) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in NOT_COMPARED
    }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value

"""A registry brought in from the invented rosters, and the month's lists."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cadres.models import User

PEOPLE = ("01", "02", "03", "04a", "04b")
LISTS = {
    "dibao": "09_低保在享名单.xlsx",
    "tekun": "09_特困供养名单.xlsx",
    "disability": "09_残联持证名单.xlsx",
    "deaths": "09_死亡(殡葬)名单.xlsx",
}
MONTH = date(2026, 11, 1)


@pytest.fixture
def answers(rosters_folder: Path) -> dict[str, Any]:
    return json.loads((rosters_folder / "truth.json").read_text())["files"]


@pytest.fixture
def registry(city_office: User, rosters_folder: Path) -> User:
    """Return the office whose registry holds the people of files 01 to 04b."""
    for number in PEOPLE:
        (path,) = rosters_folder.glob(f"{number}_*")
        call_command("import_recipients", path, by=city_office.username)
    return city_office


@pytest.fixture
def received(registry: User, rosters_folder: Path) -> User:
    for kind, name in LISTS.items():
        call_command(
            "import_roster",
            kind,
            rosters_folder / name,
            month="2026-11",
            by=registry.username,
        )
    return registry

"""SC-08: the sabotages of `make sabotage` still take away what the product has."""

import tomllib

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SABOTAGES = tomllib.loads((ROOT / "tests/sabotages.toml").read_text())["sabotage"]


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one["what"])
def test_the_guard_stands_where_it_would_be_taken_away(sabotage: dict[str, str]):
    text = (ROOT / sabotage["file"]).read_text()
    files, _, _ = sabotage["test"].partition(" -k ")

    assert text.count(sabotage["was"]) == 1
    assert all((ROOT / file).exists() for file in files.split())


def test_there_are_forty():
    assert len({one["what"] for one in SABOTAGES}) >= 40

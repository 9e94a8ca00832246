"""What is fetched from outside is named, locked, and looked at."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

BASE = Path(__file__).resolve().parent.parent.parent
VENDOR = BASE / "static" / "vendor"
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-assets.txt"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(lock):
    text = (BASE / lock).read_text()
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", text)

    assert len(blocks) > 1
    for block in blocks:
        assert re.match(r"[\w.-]+==\S+ \\\n    --hash=sha256:", block), block
    assert "://" not in text
    assert "index" not in text.replace("importlib", "")


def test_the_front_end_lock_names_no_address_of_a_package():
    packages = json.loads((BASE / "package-lock.json").read_text())["packages"]

    fetched = [facts for name, facts in packages.items() if name]
    assert fetched
    assert all("integrity" in facts for facts in fetched)
    assert not any("resolved" in facts for facts in fetched)


def test_vendored_files_point_to_no_source_map():
    files = [*VENDOR.glob("*.js"), *VENDOR.glob("*.css")]

    assert files
    assert not [file for file in files if "sourceMappingURL" in file.read_text()]


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    sprite = ElementTree.parse(VENDOR / "icons.svg").getroot()
    drawn = {symbol.attrib["id"] for symbol in sprite}
    asked = set()
    for template in (BASE / "templates").rglob("*.html"):
        asked.update(re.findall(r"{% icon [\"']([a-z0-9-]+)", template.read_text()))

    assert asked
    assert asked <= drawn


def test_the_outlines_are_the_two_counties():
    counties = json.loads((VENDOR / "jinchang_outline.json").read_text())["counties"]

    assert [county["code"] for county in counties] == ["620302", "620321"]
    for county in counties:
        for ring in county["rings"]:
            assert ring[0] == ring[-1]
            assert all(100.9 < x < 103 and 37.7 < y < 39.1 for x, y in ring)

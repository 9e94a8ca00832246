"""The registry as the first five rosters make it."""

from pathlib import Path

import pytest

from cadres.models import User
from tests.intake import play


@pytest.fixture
def registry(city_office: User, rosters_folder: Path) -> User:
    """Play the rosters of people; return the account that brought them in."""
    for number in play.REGISTRY:
        play.run(rosters_folder, number)
    return city_office


@pytest.fixture
def paired(registry: User, rosters_folder: Path) -> User:
    """Play the cadres and the pairings on it."""
    play.run(rosters_folder, "06")
    play.run(rosters_folder, "07")
    return registry

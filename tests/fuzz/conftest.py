"""How many inputs, from which seed: a sample in every run, all by `make fuzz`."""

import os
import random
from collections import Counter
from typing import Any

import pytest

from tests.fuzz import surface
from tests.house import world as worlds

SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
# In every run a hundredth of what `make fuzz` throws.
SCALE = float(os.environ.get("FUZZ_SCALE", "0.01"))


def so_many(whole: int, roles: int = 1) -> int:
    """Return this run's share of the whole, for each of so many roles."""
    return max(1, round(whole * SCALE / roles))


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Return a chance of the test's own: the same seed throws the same inputs."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def forms(world: worlds.World, role: str) -> surface.Surface:
    return surface.of(role, world)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell what was answered how often; the seed makes the same run again."""
    answers: Counter[int] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        answers.update(dict(report.user_properties).get("statuses", {}))
    if answers:
        told = " · ".join(f"{status}: {n:,}" for status, n in sorted(answers.items()))
        terminalreporter.write_line(f"种子 {SEED} · 输入 {answers.total():,} · {told}")

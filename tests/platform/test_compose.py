"""The composed deployment is the same system as the embedded one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from jinchang_care import keeper
from jinchang_care.services.postgres import HABITS, PROMISES

BASE = Path(__file__).resolve().parent.parent.parent
# One is decided when the cluster is made; in a network of its own, the other must not.
ELSEWHERE = {"data_checksums", "listen_addresses"}


@pytest.fixture
def services() -> dict[str, Any]:
    composed = yaml.safe_load((BASE / "docker-compose.yml").read_text())
    services: dict[str, Any] = composed["services"]
    return services


def test_the_database_has_the_same_settings(services):
    arguments = services["db"]["command"][1:]
    given = dict(argument.split("=", 1) for argument in arguments[1::2])
    ours = HABITS | PROMISES

    assert set(arguments[::2]) == {"-c"}
    assert given == {name: ours[name] for name in ours.keys() - ELSEWHERE}
    assert "--data-checksums" in services["db"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_the_worker_is_started_as_the_keeper_starts_it(services):
    assert services["worker"]["command"] == ["celery", *keeper.WORKER[2:]]


def test_every_process_of_the_keeper_is_a_service(services):
    assert {"db", "valkey", "web", "worker", "beat"} <= services.keys()


def test_only_the_preparation_is_told_who_owns_the_tables(services):
    told = {name for name, one in services.items() if _owner_is_named(one)}

    assert told == {"preparation", "db"}
    assert "jinchang_web:" in services["web"]["environment"]["DATABASE_URL"]


def _owner_is_named(service: dict[str, Any]) -> bool:
    return "${POSTGRES_PASSWORD" in str(service.get("environment"))

"""The cast: two offices that must not see each other, a unit, a cadre, a child."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from cadres.enums import Role
from cadres.models import Area, Cadre, Organisation, User
from cadres.operations.areas import load_areas
from jinchang_care import local
from recipients.enums import Category
from recipients.models import Pairing, Recipient
from tests import cast, own_machine

_services = ExitStack()
# Those that take minutes begin first, so that at the end there is little left to share.
LONGEST = ("test_faults.py", "test_every_page.py")
# Its own for each of the workers that share the broker.
QUEUE = f"test-jobs-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded PostgreSQL and Valkey once; xdist's workers share them."""
    own_machine.guard()
    if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL"):
        _services.enter_context(local.ensure_services(settings.DATA_DIR, durable=False))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _services.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the order as it was dealt, but for the longest."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Let tests that commit be emptied: only TRUNCATE's guard is put to sleep."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, "
            "tgname) FROM pg_trigger WHERE tgname LIKE '%never_emptied'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
    yield
    # A browser's kept line may outlive its test, and with it a session of the server.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            # Not autovacuum's, which is the server's own and goes when it is asked.
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True)
def _nothing_leaves_the_machine() -> Iterator[None]:
    """Find even what was refused and hushed up."""
    yield
    assert own_machine.tried == []


@pytest.fixture(autouse=True)
def _own_chain_folder(settings, tmp_path: Path) -> None:
    """Let no test find the heads that another one has printed."""
    settings.CHAIN_DIR = tmp_path / "chain"


@pytest.fixture
def queue(settings) -> Iterator[str]:
    """A queue of this test's own, at the real broker, that no worker listens to."""
    settings.CELERY_TASK_DEFAULT_QUEUE = QUEUE
    before = current_app.conf.task_default_queue
    current_app.conf.task_default_queue = QUEUE
    current_app.amqp.__dict__.pop("queues", None)
    empty_queue()
    yield QUEUE
    empty_queue()
    current_app.conf.task_default_queue = before
    current_app.amqp.__dict__.pop("queues", None)


def empty_queue() -> None:
    with current_app.connection_or_acquire() as line:
        line.default_channel.client.delete(QUEUE)


@pytest.fixture
def rosters_folder() -> Path:
    """Return the folder of invented rosters, as offices send them."""
    return Path(__file__).parent / "rosters_sent"


@pytest.fixture
def areas(db: None) -> None:
    load_areas()


@pytest.fixture
def city_office(areas: None) -> User:
    return cast.office("city", "620300000000", name="张主任")


@pytest.fixture
def yongchang_office(areas: None) -> User:
    return cast.office("yongchang", "620321000000", name="王科长")


@pytest.fixture
def jinchuan_office(areas: None) -> User:
    """The neighbour who must see nothing of Yongchang."""
    return cast.office("jinchuan", "620302000000", name="赵科长")


@pytest.fixture
def hexibao_office(areas: None) -> User:
    return cast.office("hexibao", cast.HEXIBAO, name="刘干事")


@pytest.fixture
def unit(areas: None) -> Organisation:
    return cast.make_organisation()


@pytest.fixture
def liaison(unit: Organisation) -> User:
    return cast.make_user("unit", Role.UNIT_LIAISON, organisation=unit, name="周联络")


@pytest.fixture
def cadre_user(areas: None) -> User:
    return cast.make_user("cadre", Role.CADRE, name="赵军")


@pytest.fixture
def cadre(unit: Organisation, cadre_user: User) -> Cadre:
    return cast.make_cadre("赵军", unit, user=cadre_user, phone="19900000205")


@pytest.fixture
def other_cadre(areas: None) -> Cadre:
    """A cadre of another unit, with an account of its own."""
    user = cast.make_user("other_cadre", Role.CADRE, name="马兰")
    return cast.make_cadre("马兰", cast.make_organisation("金川区残联"), user=user)


@pytest.fixture
def admin(areas: None) -> User:
    return cast.make_user("admin", Role.ADMIN, name="管理员")


@pytest.fixture
def leader(areas: None) -> User:
    return cast.make_user(
        "leader", Role.LEADER, area=Area.objects.get(pk="620300000000"), name="领导"
    )


@pytest.fixture
def auditor(areas: None) -> User:
    return cast.make_user("auditor", Role.AUDITOR, name="审计")


@pytest.fixture
def civil(areas: None) -> User:
    """A department's officer, who sees only what is referred."""
    return cast.make_user(
        "civil",
        Role.DEPARTMENT,
        area=Area.objects.get(pk="620321000000"),
        organisation=cast.make_organisation("永昌县民政局", kind="department"),
        name="民政经办",
    )


@pytest.fixture
def child(areas: None) -> Recipient:
    """李小伟, in Hexibao town of Yongchang."""
    return cast.make_recipient("李小伟", category=Category.CHILD, phone="19900000031")


@pytest.fixture
def stranger_child(areas: None) -> Recipient:
    """Someone in the other county, whom Yongchang must not see."""
    return cast.make_recipient("陈静", area=cast.SHUANGWAN, category=Category.CHILD)


@pytest.fixture
def pairing(child: Recipient, cadre: Cadre) -> Pairing:
    return cast.make_pairing(child, cadre)

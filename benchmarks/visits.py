"""Visits sent to gunicorn as phones send them, beside bare INSERTs of the same row."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from benchmarks.children import in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import BASE_DIR, FEW, Stage

CADRES, AT_ONCE = 64, 8
A_SECOND, OF_BARE_INSERTS = 150, 0.25
WAIT_SECONDS = 30
TOKEN = "b" * 32
POLICIES = (
    *("subsistence", "disability", "pension", "education"),
    *("medical", "housing", "employment"),
)


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Let cadres send visits, many at once; then write as many rows bare."""
    cadres = in_a_child(stage, FEW, "benchmarks.visits:cadres").result
    before = in_a_child(stage, FEW, "benchmarks.visits:number").result
    with _Served(stage) as served:
        served.send(cadres, size.told // 10)
        ours = served.send(cadres, size.told)
    after = in_a_child(stage, FEW, "benchmarks.visits:number").result
    sent = size.told // 10 + size.told
    if after - before != sent:
        raise RuntimeError(f"{sent} visits were sent, {after - before} are there.")
    bare = in_a_child(stage, FEW, "benchmarks.visits:bare_inserts", size.told).result
    yield Figure(
        id="visit_post",
        words="走访提交(核对、七项政策、留痕),与只插入一行相比",
        size=size.told,
        unit="次/秒",
        ours=size.told / ours,
        baseline=size.told / bare,
        target=OF_BARE_INSERTS,
    )
    yield Figure(
        id="visit_post_rate",
        words="走访提交,每秒",
        size=size.told,
        unit="次/秒",
        ours=size.told / ours,
        baseline=None,
        target=A_SECOND,
    )


def cadres() -> list[dict[str, str]]:
    """Give cadres an account and a session; return the session and whom they visit."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from cadres.enums import Role
    from cadres.models import User
    from recipients.enums import PairingStatus
    from recipients.models import Pairing

    sessions = import_module(settings.SESSION_ENGINE)
    active = Pairing.objects.filter(status=PairingStatus.ACTIVE, cadre__user=None)
    made: list[dict[str, str]] = []
    for pairing in active.order_by("cadre_id", "id").distinct("cadre_id")[:CADRES]:
        cadre = pairing.cadre
        user = User.objects.create(
            username=f"bench{len(made)}",
            name=cadre.name,
            role=Role.CADRE,
            organisation=cadre.organisation,
            password="!",
        )
        cadre.user = user
        cadre.save(update_fields=["user"])
        session = sessions.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made.append(
            {
                "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
                f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
                "address": f"/visits/new/{pairing.recipient_id}/",
            }
        )
    return made


def number() -> int:
    from visits.models import HomeVisit

    return HomeVisit.objects.count()


def bare_inserts(rows: int) -> float:
    """Return the seconds of so many INSERTs of a visit, each a transaction."""
    return _insert_at_once(bare_insert(), rows)


def bare_insert() -> Callable[[Any], None]:
    """Return what inserts one more visit like the first, and nothing else.

    A step of the schema may be taken back: columns that are not there are left out.
    """
    from django.db import connection

    from visits.models import HomeVisit

    ours = {field.column for field in HomeVisit._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM visits_homevisit LIMIT 1")
        names = [column.name for column in cursor.description]
        row = zip(names, cursor.fetchone() or (), strict=True)
    visit = {name: value for name, value in row if name in ours}
    columns = list(visit)
    listed = ", ".join(f'"{name}"' for name in columns)
    visit["sheet_id"] = None
    named = ", ".join(f"%({name})s" for name in columns)
    statement = f"INSERT INTO visits_homevisit ({listed}) VALUES ({named})"

    def insert(cursor: Any) -> None:
        keys = {name: uuid.uuid4() for name in ("id", "client_id", "together")}
        cursor.execute(statement, {**visit, **keys})

    return insert


def _insert_at_once(insert: Callable[[Any], None], rows: int) -> float:
    import psycopg2
    from django.db import connection

    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    links = [psycopg2.connect(**parameters) for _ in range(AT_ONCE)]

    def work(link: Any) -> None:
        link.autocommit = True
        with link.cursor() as cursor:
            for _ in range(rows // AT_ONCE):
                insert(cursor)

    began = time.perf_counter()
    _all_at_once(work, links)
    seconds = time.perf_counter() - began
    for link in links:
        link.close()
    return seconds


class _Served:
    """The product under gunicorn, as it is run, for as long as the block lasts."""

    def __init__(self, stage: Stage) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "jinchang_care.wsgi"],
            cwd=BASE_DIR,
            env={**stage.environment(FEW), "PORT": str(self.port)},
            start_new_session=True,
        )

    def __enter__(self) -> "_Served":
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise RuntimeError("gunicorn did not answer.")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.server.pid, signal.SIGTERM)
        self.server.wait()

    def send(self, cadres: Sequence[dict[str, str]], visits: int) -> float:
        """Return the seconds until so many visits are accepted."""
        shares = [cadres[place::AT_ONCE] for place in range(AT_ONCE)]
        counts = [
            visits // AT_ONCE + (place < visits % AT_ONCE) for place in range(AT_ONCE)
        ]
        began = time.perf_counter()
        _all_at_once(self._send, list(zip(shares, counts, strict=True)))
        return time.perf_counter() - began

    def _send(self, task: tuple[Sequence[dict[str, str]], int]) -> None:
        cadres, visits = task
        link = http.client.HTTPConnection("127.0.0.1", self.port)
        for nth in range(visits):
            cadre = cadres[nth % len(cadres)]
            headers = {
                "Cookie": cadre["cookie"],
                "Content-Type": "application/x-www-form-urlencoded",
            }
            link.request("POST", cadre["address"], _told(), headers)
            answer = link.getresponse()
            answer.read()
            if answer.status != 302:
                raise RuntimeError(f"A visit was answered with {answer.status}.")
        link.close()


def _told() -> str:
    """Return the form of a visit of today, told once."""
    return urlencode(
        {
            "csrfmiddlewaretoken": TOKEN,
            "client_id": str(uuid.uuid4()),
            "way": "HOME",
            "when": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600)),
            "words": "身体平稳,帮着收拾了院子,问了问药够不够。",
            "need_urgency": "normal",
            "need_kind": "other",
            "count_deed": "1",
            **{f"policy_{policy}": "enjoyed" for policy in POLICIES},
        }
    )


def _all_at_once(work: Callable[[Any], None], tasks: Sequence[Any]) -> None:
    with ThreadPoolExecutor(len(tasks)) as pool:
        list(pool.map(work, tasks))

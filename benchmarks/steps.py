"""Steps of the schema taken on full tables, with people who read and write meanwhile.

Every step that was not made before the first release is taken back and taken again;
and a sample of each kind of change is made on the largest tables. The figure is how
long the slowest of those who write had to wait.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.children import in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import MANY, Stage

DATABASE = "bench_steps"
# AV-16: nobody who writes waits for longer than a step waits for its lock.
AT_MOST_MS = 2_000
LARGE = ("visits_homevisit", "policies_policysheet", "audit_event")
PAUSE, AT_ONCE, PIECE = 0.005, 4, 5_000
# What a step may do to a full table; each leaves the next its column or constraint.
KINDS = {
    "加一列": 'ALTER TABLE "{}" ADD COLUMN bench_a integer',
    "加一列,带默认值": 'ALTER TABLE "{}" ADD COLUMN bench_b integer NOT NULL DEFAULT 0',
    "另建索引(CONCURRENTLY)": (
        'CREATE INDEX CONCURRENTLY "bench_i_{0}" ON "{0}" (bench_b, id)'
    ),
    "加约束,暂不核对": (
        'ALTER TABLE "{}" ADD CONSTRAINT bench_c CHECK (bench_b >= 0) NOT VALID'
    ),
    "核对约束": 'ALTER TABLE "{}" VALIDATE CONSTRAINT bench_c',
    "去一列": 'ALTER TABLE "{}" DROP COLUMN bench_a',
}
# What no step may do any more, to know why.
HEAVY = {
    "直接建索引": 'CREATE INDEX "bench_j_{0}" ON "{0}" (id, bench_b)',
    "当场核对约束": 'ALTER TABLE "{}" ADD CONSTRAINT bench_d CHECK (bench_b >= 0)',
    "改列的类型": 'ALTER TABLE "{}" ALTER COLUMN bench_b TYPE bigint',
}
# The trail is only ever added to.
FILLED = ("visits_homevisit", "policies_policysheet")
FILL_ALL = 'UPDATE "{}" SET bench_b = 1'
FILL_PIECE = (
    'WITH piece AS (SELECT id FROM "{0}" WHERE bench_b < 2 LIMIT {1})'
    ' UPDATE "{0}" SET bench_b = 2 FROM piece WHERE "{0}".id = piece.id'
)


@dataclass
class Waited:
    """How long a step took, and how long the slowest waited beside it."""

    words: str
    rows: int
    seconds: float
    writer: float
    reader: float
    refused: bool = False
    heavy: bool = False


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Take the steps on a copy of the large population, in a child."""
    stage.copy(DATABASE, MANY)
    told = in_a_child(stage, DATABASE, "benchmarks.steps:take", size.visits).result
    for one in (Waited(**waited) for waited in told["waited"]):
        yield Figure(
            id=f"step_{one.words}",
            words=f"{one.words}({one.seconds:.1f} 秒),旁边写入的人最多等",
            size=one.rows,
            unit="毫秒",
            ours=max(one.writer, one.reader) * 1000,
            baseline=None,
            target=None if one.heavy else AT_MOST_MS,
            at_least=False,
        )
    yield Figure(
        id="steps_left_out",
        words=f"没有重做的变更:{'、'.join(told['left_out']) or '无'}",
        size=len(told["left_out"]),
        unit="个",
        ours=len(told["left_out"]),
        baseline=None,
        target=None,
    )


def take(rows: int) -> dict[str, Any]:
    """Take every step and every kind of change; tell how long others waited."""
    _fill_sheets()
    _fill_trail(rows)
    waited, left_out = _steps()
    for table in LARGE:
        waited += _kinds(table)
    return {"waited": [asdict(one) for one in waited], "left_out": left_out}


def _steps() -> tuple[list[Waited], list[str]]:
    """Take back and take again, the last first, what no office had at the start."""
    from django.db import DatabaseError, connection
    from django.db.migrations.loader import MigrationLoader

    from tests.house.steps import BEFORE_ANY_RELEASE, made_by

    loader, waited, left_out = MigrationLoader(connection), [], []
    for key in reversed(_ours(loader)):
        if key in BEFORE_ANY_RELEASE:
            continue
        name = ".".join(key)
        if any(_number(table) for table in made_by(*key)):
            # It makes the tables themselves: nobody has rows there yet.
            left_out.append(name)
            continue
        step = loader.disk_migrations[key]
        state = loader.project_state(key, at_end=False)
        try:
            with connection.schema_editor(atomic=step.atomic) as editor:
                step.unapply(state.clone(), editor)
        except DatabaseError:
            left_out.append(name)
            continue
        waited.append(_watched(name, _number(LARGE[0]), _taking(step, state)))
    return waited, left_out


def _ours(loader: Any) -> list[tuple[str, str]]:
    from pathlib import Path

    from django.apps import apps
    from django.conf import settings

    ours = {
        app.label
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR
    }
    graph = loader.graph
    # Each before those that want it.
    plan = [key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf)]
    return [key for key in dict.fromkeys(plan) if key[0] in ours]


def _taking(step: Any, state: Any) -> Callable[[], None]:
    from django.db import connection

    def apply() -> None:
        with connection.schema_editor(atomic=step.atomic) as editor:
            step.apply(state.clone(), editor)

    return apply


def _kinds(table: str) -> list[Waited]:
    """Make each kind of change to the table, those that hold it up last."""
    from django.db import connection

    rows = _number(table)

    def said(statement: str) -> Callable[[], None]:
        def execute() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement.format(table))

        return execute

    found = [
        _watched(f"{words} {table}", rows, said(statement))
        for words, statement in KINDS.items()
    ]
    if table in FILLED:
        words = f"分批填写 {table}"
        found.append(_watched(words, rows, lambda: _fill_in_pieces(table)))
    heavy = HEAVY | ({"一次填写": FILL_ALL} if table in FILLED else {})
    for words, statement in heavy.items():
        one = _watched(f"(不许){words} {table}", rows, said(statement))
        one.heavy = True
        found.append(one)
    return found


def _fill_in_pieces(table: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        done = PIECE
        while done:
            cursor.execute(FILL_PIECE.format(table, PIECE))
            done = cursor.rowcount


def _watched(words: str, rows: int, work: Callable[[], None]) -> Waited:
    """Do the work with the limits of an upgrade, and weigh the others' waits."""
    from django.db import OperationalError, connection

    refused = False
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    with _people() as waits:
        time.sleep(0.2)
        begun = time.perf_counter()
        try:
            work()
        except OperationalError:
            # It gives way, and is begun again at an upgrade.
            refused = True
        seconds = time.perf_counter() - begun
        time.sleep(0.1)
    return Waited(words, rows, seconds, waits["write"], waits["read"], refused)


@contextmanager
def _people() -> Iterator[dict[str, float]]:
    """Have people insert visits, write to and read each large table, in the block."""
    from benchmarks.visits import bare_insert

    waits, over = {"write": 0.0, "read": 0.0}, threading.Event()
    insert = bare_insert()

    def write(cursor: Any) -> None:
        insert(cursor)
        for table in LARGE:
            # It takes the lock of a writer, and leaves the row as it is.
            cursor.execute(f'UPDATE "{table}" SET id = id WHERE false')

    def read(cursor: Any) -> None:
        for table in LARGE:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 1')

    people = [
        threading.Thread(target=_go_on, args=[*pair, waits, over])
        for pair in (("write", write), ("read", read)) * (AT_ONCE // 2)
    ]
    for one in people:
        one.start()
    try:
        yield waits
    finally:
        over.set()
        for one in people:
            one.join()


def _go_on(
    kind: str,
    deed: Callable[[Any], None],
    waits: dict[str, float],
    over: threading.Event,
) -> None:
    """Do the deed again and again; one that fails is told by a wait without end."""
    import psycopg2
    from django.db import connection

    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    link = psycopg2.connect(**parameters)
    link.autocommit = True
    with link.cursor() as cursor:
        while not over.wait(PAUSE):
            begun = time.perf_counter()
            try:
                deed(cursor)
            except psycopg2.Error:
                waits[kind] = float("inf")
                raise
            waits[kind] = max(waits[kind], time.perf_counter() - begun)
    link.close()


def _fill_sheets() -> None:
    """Have a sheet for each visit, which no seed makes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO policies_policysheet (id, recipient_id, checked_on, latest)"
            " SELECT gen_random_uuid(), recipient_id, day, false"
            " FROM visits_homevisit"
        )


def _fill_trail(rows: int) -> None:
    """Have as many events as visits, each like one that is there."""
    from django.db import connection

    from audit.models import Event

    names = [field.column for field in Event._meta.concrete_fields][1:]
    listed = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_event ({listed}) SELECT {listed} FROM"
            " (SELECT * FROM audit_event ORDER BY id LIMIT 1) one,"
            " generate_series(1, %s)",
            [max(0, rows - Event.objects.count())],
        )
        cursor.execute("ANALYZE")


def _number(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])

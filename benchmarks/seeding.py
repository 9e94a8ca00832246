"""Invented visits by the seed command, beside Django's bulk_create of such visits."""

import time
from collections.abc import Iterator

from benchmarks.children import in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import Stage

DATABASE = "bench_seeding"
BASELINE_ROWS = 20_000
A_SECOND = 20_000


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Populate an empty system; then copy some of its visits by bulk_create."""
    stage.renew(DATABASE)
    people, visits = size.many // 10, size.visits // 5
    ours = in_a_child(stage, DATABASE, "benchmarks.seeding:seed", people, visits)
    baseline = in_a_child(
        stage, DATABASE, "benchmarks.seeding:by_bulk_create", BASELINE_ROWS
    ).result
    rate = ours.result["visits"] / ours.result["seconds"]
    yield Figure(
        id="seed",
        words="批量生成(含人、结对、走访、事项,重建索引)",
        size=ours.result["visits"],
        unit="走访/秒",
        ours=rate,
        baseline=baseline["rows"] / baseline["seconds"],
        target=None,
        peak_mb=ours.peak_mb,
    )
    yield Figure(
        id="seed_rate",
        words="批量生成,每秒走访",
        size=ours.result["visits"],
        unit="走访/秒",
        ours=rate,
        baseline=None,
        target=A_SECOND,
    )


def seed(people: int, visits: int) -> dict[str, float]:
    """Populate as the command does; return how many visits in how many seconds."""
    import io

    from django.core.management import call_command

    from visits.models import HomeVisit

    began = time.perf_counter()
    call_command(
        "seed",
        recipients=people,
        cadres=max(1, people // 2),
        visits=visits,
        stdout=io.StringIO(),
    )
    seconds = time.perf_counter() - began
    return {"visits": HomeVisit.objects.count(), "seconds": seconds}


def by_bulk_create(rows: int) -> dict[str, float]:
    """Write visits like those there by bulk_create, the rows being made beforehand.

    Making and sealing them is what ours does besides.
    """
    import uuid

    from django.db import transaction

    from visits.models import HomeVisit

    visits = list(HomeVisit.objects.order_by("id")[:rows])
    for visit in visits:
        visit.words = str(visit.words)
        visit.pk, visit.client_id, visit.together = (uuid.uuid4() for _ in range(3))
        visit.sheet_id = None
    began = time.perf_counter()
    with transaction.atomic():
        HomeVisit.objects.bulk_create(visits, batch_size=1_000)
    seconds = time.perf_counter() - began
    return {"rows": len(visits), "seconds": seconds}

"""A roster from file to people on file, beside django-import-export's bulk mode."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.children import Weighed, in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import Stage

DATABASE = "bench_imports"
BASELINE = "benchmarks.import_export_baseline:"
WAYS = {
    "by_command": "花名册导入(命令:读、核对、入库)",
    "by_page": "花名册导入(页面:读、核对、存、再核对、入库)",
}
AT_LEAST = 10
# Judging row by row costs the same for each: a part of the rows tells the rate.
JUDGED_PART = 10


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Import one file by each way, each time into an empty system."""
    rows = size.imported
    bare = _side(stage, f"{BASELINE}import_file", rows)
    ours = {way: _side(stage, f"benchmarks.imports:{way}", rows) for way in WAYS}
    for way, words in WAYS.items():
        yield _figure(f"import_{way}", words, rows, ours[way], bare, rows)
    part = rows // JUDGED_PART
    judged = _side(stage, f"{BASELINE}import_judged", part)
    words = f"花名册导入(命令),基线也核对每行({part:,}行实测)"
    yield _figure("import_judged", words, rows, ours["by_command"], judged, part)


def _side(stage: Stage, side: str, rows: int) -> Weighed:
    path = stage.data_dir / "roster.xlsx"
    stage.renew(DATABASE)
    in_a_child(stage, DATABASE, "benchmarks.imports:write", str(path), rows)
    weighed = in_a_child(stage, DATABASE, side, str(path))
    path.unlink()
    if weighed.result != rows:
        raise RuntimeError(f"{side}: {weighed.result} people on file, not {rows}.")
    return weighed


def _figure(
    name: str, words: str, rows: int, ours: Weighed, baseline: Weighed, part: int
) -> Figure:
    return Figure(
        id=name,
        words=words,
        size=rows,
        unit="行/秒",
        ours=rows / ours.seconds,
        baseline=part / baseline.seconds,
        target=AT_LEAST,
        peak_mb=ours.peak_mb,
        baseline_mb=baseline.peak_mb,
    )


def write(path: str, rows: int) -> None:
    from django.utils import timezone

    from benchmarks.people import write_roster

    write_roster(Path(path), rows, today=timezone.localdate())


def by_command(path: str) -> int:
    """Import as the command does, in one go; return how many people there are."""
    from benchmarks.accounts import city_office
    from intake.enums import BatchKind
    from intake.operations import bring_in
    from recipients.models import Recipient

    bring_in(kind=BatchKind.RECIPIENTS, path=Path(path), by=city_office())
    return Recipient.objects.count()


def by_page(path: str) -> int:
    """Import as the page and its worker do: judge for a preview, then confirm."""
    from benchmarks.accounts import city_office
    from intake.enums import BatchKind
    from intake.operations import check, confirm, receive
    from recipients.models import Recipient

    by = city_office()
    with Path(path).open("rb") as file:
        batch = receive(
            kind=BatchKind.RECIPIENTS, file_name="花名册.xlsx", chunks=file, by=by
        )
    if batch.is_at_work:
        batch = check(batch=batch, by=by)
    confirm(batch=batch, by=by)
    return Recipient.objects.count()

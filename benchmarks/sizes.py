"""How much is measured: enough to try the benchmarks, or what the claims are about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Rows of files, and the populations that pages are measured with."""

    words: str
    imported: int
    exported: tuple[int, int]
    few: int
    many: int
    visits: int
    told: int
    rounds: int


SIZES = {
    "tiny": Size("极小,只看能不能跑", 200, (200, 400), 200, 600, 600, 16, 2),
    "small": Size("小,约一分钟", 4_000, (4_000, 8_000), 1_000, 10_000, 40_000, 200, 8),
    "full": Size(
        "全,约十分钟", 20_000, (20_000, 100_000), 2_000, 200_000, 1_000_000, 2_000, 30
    ),
}

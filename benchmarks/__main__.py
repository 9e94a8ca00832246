"""Measures the claims one after the other, prints them and keeps them in a file."""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.claims import CLAIMS
from benchmarks.figures import Figure, table, write
from benchmarks.sizes import SIZES
from benchmarks.stage import BASE_DIR, stage
from jinchang_care.local import ServicesError


def main() -> int:
    chosen = _arguments()
    size = SIZES[chosen.size]
    figures: list[Figure] = []
    with stage(chosen.data_dir.resolve(), size) as made:
        for name in chosen.only or CLAIMS:
            claim = CLAIMS[name]
            print(f"… {claim.words}", file=sys.stderr, flush=True)
            for database in claim.databases:
                made.prepare(database)
            figures += claim.measure(size, made)
            # Kept as it goes: a claim that breaks takes none of the others along.
            write(chosen.out, figures, size=chosen.size)
    print(table(figures))
    return 0 if all(figure.met is not False for figure in figures) else 1


def _arguments() -> argparse.Namespace:
    sizes = ";".join(f"{name} {size.words}" for name, size in SIZES.items())
    names = "、".join(f"{claim.name}({claim.words})" for claim in CLAIMS.values())
    folder = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var") / "bench"
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="各项性能与其基线同场比较;在自己的库里测,测完删除。",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=list(CLAIMS),
        metavar="NAME",
        help=f"只测一项,可写多次:{names}",
    )
    parser.add_argument(
        "--size", choices=list(SIZES), default="full", help=f"规模:{sizes}"
    )
    parser.add_argument(
        "--data-dir", type=Path, default=folder, help="测速用的数据目录"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=BASE_DIR / "var" / "bench.json",
        help="结果写到哪个文件",
    )
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServicesError as error:
        print(error, file=sys.stderr)
        sys.exit(1)

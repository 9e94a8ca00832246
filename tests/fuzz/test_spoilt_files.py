"""IN-04: a spoilt roster is read or refused in Chinese, and takes little to either."""

import random
import re
import resource
import time
from collections import Counter
from pathlib import Path

import pytest

from common.refusals import Refused
from intake.enums import BatchKind
from intake.reading import read_file
from tests.fuzz.conftest import so_many
from tests.fuzz.spoiling import WAYS

FILES = 2_000
SECONDS = 30
CHILD_MB = 500
CHINESE = re.compile(r"[一-鿿]")
KINDS = {
    "01": BatchKind.RECIPIENTS,
    "02": BatchKind.RECIPIENTS,
    "03": BatchKind.RECIPIENTS,
    "04a": BatchKind.RECIPIENTS,
    "04b": BatchKind.RECIPIENTS,
    "06": BatchKind.CADRES,
    "07": BatchKind.PAIRINGS,
    "08": BatchKind.VISITS,
}


@pytest.mark.parametrize("beginning", KINDS)
def test_a_spoilt_file_is_read_or_refused(
    areas: None,
    beginning: str,
    rosters_folder: Path,
    tmp_path: Path,
    chance: random.Random,
):
    (sent,) = rosters_folder.glob(f"{beginning}_*")
    largest_before = _most_of_any_child()
    good, outcomes, wrong = sent.read_bytes(), Counter[str](), []
    for _ in range(so_many(FILES, len(KINDS))):
        way = chance.choice(WAYS)
        spoilt = tmp_path / "spoilt"
        spoilt.write_bytes(way(good, chance))
        begun = time.monotonic()
        try:
            read = read_file(spoilt, sent.name, KINDS[beginning])
            outcomes["read"] += sum(1 for _ in read.drafts) > 0
        except Refused as refusal:
            outcomes["refused"] += 1
            if not CHINESE.search(str(refusal)):
                wrong.append(f"{way.__name__}: {refusal}")
        except Exception as fault:
            wrong.append(f"{way.__name__}: {fault!r}")
        if time.monotonic() - begun > SECONDS:
            wrong.append(f"{way.__name__}: {time.monotonic() - begun:.0f} s")

    assert wrong == []
    assert outcomes.total() > 0
    # The most that any child took until now; a browser of another test may be more.
    assert _most_of_any_child() <= max(largest_before, CHILD_MB * 1024)


def _most_of_any_child() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

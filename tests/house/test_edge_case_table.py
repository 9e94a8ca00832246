"""The table of edge cases names tests that exist, and says how each case stands."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]*)\| ([^|]*)\|$", re.MULTILINE)
CASES = (ROOT / "docs/edge_cases.md").read_text()
TESTS = "".join(
    path.read_text() for path in ROOT.glob("tests/recipients/test_edge_cases_*.py")
)


def test_each_case_has_a_test_or_says_why_not():
    rows = ROW.findall(CASES)

    assert [int(number) for number, _, _ in rows] == list(range(1, 43))
    assert [row[0] for row in rows if not (row[1].strip() or row[2].strip())] == []


def test_the_tests_of_the_table_are_there():
    named = set(re.findall(r"test_cases?_\w+", CASES))

    assert {name for name in named if f"def {name}(" not in TESTS} == set()

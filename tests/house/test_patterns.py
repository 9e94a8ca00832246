"""IN-13: no pattern of ours can be made to work for long by a text made for it."""

import gc
import re
import sys
import time

import pytest

PUMPED = 50_000
SECONDS = 0.1
SEEDS = ("a", "1", " ", "王", "0", "-", "(", "肢体", "1 ", "a1", "..", "\t", "年月")


def own_patterns() -> list[re.Pattern[str]]:
    """Return the patterns that the product's own modules hold."""
    import intake.layouts.reading  # noqa: F401  (late import of the product's own)
    import jinchang_care.urls  # noqa: F401

    own = ("common", "cadres", "intake", "recipients", "rosters", "visits", "reports")
    found: dict[str, re.Pattern[str]] = {}
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in own:
            for held in gc.get_referents(vars(module)):
                if isinstance(held, re.Pattern) and isinstance(held.pattern, str):
                    found[held.pattern] = held
    return list(found.values())


def test_there_are_patterns_to_try():
    assert len(own_patterns()) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_no_pattern_takes_long_over_a_pumped_text(seed: str):
    text = seed * (PUMPED // len(seed)) + "\x00!"
    slow = []

    for pattern in own_patterns():
        for way in (pattern.search, pattern.fullmatch):
            begun = time.process_time()
            way(text)
            if time.process_time() - begun > SECONDS:
                slow.append(pattern.pattern)

    assert slow == []

"""Whatever the source can record, the trail's page can say in Chinese."""

import re

from audit.details import CHANGES, LABELS, PAGES, SILENT
from audit.sentences import SENTENCES
from tests.house.addresses import addresses
from tests.house.recorded import recorded

CHINESE = re.compile(r"[一-鿿]")


def test_every_kind_recorded_anywhere_has_a_sentence():
    found = recorded()

    assert found.unclear == []
    assert len(found.kinds) > 60
    assert sorted(found.kinds - set(SENTENCES)) == []
    for pattern in found.patterns:
        assert any(re.fullmatch(pattern, kind) for kind in SENTENCES), pattern
    assert all(CHINESE.search(words) for words in SENTENCES.values())


def test_every_sentence_is_of_a_kind_that_is_recorded():
    found = recorded()
    told = found.kinds | {"access.refused"}
    left = set(SENTENCES) - told

    assert not [
        kind
        for kind in left
        if not any(re.fullmatch(pattern, kind) for pattern in found.patterns)
    ]


def test_every_detail_has_a_chinese_name():
    assert sorted(recorded().details - set(LABELS) - SILENT - CHANGES) == []


def test_every_page_that_can_be_refused_or_printed_has_a_chinese_name():
    rooms = {found.name.partition(":")[0] for found in addresses() if ":" in found.name}

    assert rooms - set(PAGES) == set()

"""Charts: nothing leaves its frame, and the words beside them say the same."""

import re
from datetime import date

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from cadres.operations.areas import TOWNSHIPS as AREAS
from common import charts
from common.townships import TOWNSHIPS

counts = st.integers(min_value=0, max_value=10_000_000)
months = st.lists(st.tuples(st.just("6月"), counts, counts, st.just("")), max_size=12)


def shown(words: str, **context) -> str:
    return Template(words).render(Context(context))


@given(rows=months)
def test_bars_stay_within_the_drawing(rows):
    for narrow in (False, True):
        drawing = charts.bars(rows, narrow=narrow)

        assert len(drawing.shapes) == 2 * len(rows)
        for box in drawing.shapes:
            assert 0 <= box.x <= box.x + box.width <= drawing.width
            assert 0 <= box.y <= box.y + box.height <= drawing.height


@given(
    values=st.lists(
        st.floats(min_value=-1e6, max_value=1e6, allow_nan=False),
        min_size=1,
        max_size=20,
    )
)
def test_a_line_stays_within_the_drawing(values):
    points = [(date(2026, 1, n + 1), value) for n, value in enumerate(values)]

    drawing = charts.trend(points)

    for mark in drawing.shapes:
        assert 0 <= mark.x <= drawing.width
        assert 0 <= mark.y <= drawing.height


@given(highest=st.floats(min_value=0, max_value=1e9))
def test_the_scale_reaches_the_highest_and_wastes_little(highest):
    top = charts.ceiling(highest)

    assert top >= highest
    assert top <= max(4.0, highest * 1.7)


@pytest.mark.parametrize(
    ("value", "band"), [(None, 0), (100, 1), (90, 1), (89.9, 2), (70, 3), (0, 4)]
)
def test_bands_begin_at_their_own_number(value, band):
    assert charts.band_of(value) == band


def test_the_map_shows_every_township_once_and_inside():
    values = {place.code: 91.0 for place in TOWNSHIPS}

    for narrow in (False, True):
        drawing = charts.sketch_map(values, {}, narrow=narrow)

        places = [spot.place for spot in drawing.shapes]
        assert sorted(places) == sorted(place.name for place in TOWNSHIPS)
        for spot in drawing.shapes:
            assert 14 <= spot.x <= drawing.width - 14
            assert 14 <= spot.y <= drawing.height - 14


def test_no_two_circles_of_the_map_touch():
    for narrow, apart in ((False, 34), (True, 27)):
        spots = charts.sketch_map({}, {}, narrow=narrow).shapes
        for first in spots:
            for second in spots:
                if first is not second:
                    gap = ((first.x - second.x) ** 2 + (first.y - second.y) ** 2) ** 0.5
                    assert gap >= apart, (narrow, first.place, second.place)


def test_the_map_says_in_its_table_what_a_share_is_made_of():
    sketch = shown(
        '{% sketch_map values "走访" "%" links told %}',
        values={"620321101000": 34},
        links={},
        told={"620321101000": "58 / 166 户"},
    )

    assert "58 / 166 户" in sketch


def test_the_map_knows_the_same_townships_as_the_registry():
    drawn = {(place.code, place.name) for place in TOWNSHIPS}

    assert drawn == {(code, name) for code, name, _ in AREAS}


def test_every_chart_has_a_title_words_and_a_table():
    bars = shown("{% month_bars rows %}", rows=[("6月", 812, 774)])
    linked = shown("{% month_bars rows %}", rows=[("6月", 812, 774, "/visits/?m=6")])
    line = shown('{% trend points "评分" "分" %}', points=[(date(2026, 1, 1), 24)])
    sketch = shown("{% sketch_map values %}", values={"620321101000": 72})

    for html in (bars, line, sketch):
        assert "<title" in html
        assert "<desc" in html
        assert "查看数据表" in html
        assert "<caption" in html
        assert "chart-narrow" in html
        assert "style=" not in html
    assert "774" in bars
    # Twice in the drawings, and once in the table.
    assert linked.count('href="/visits/?m=6"') == 3
    assert "href" not in bars
    assert "24分" in line
    assert "示意图,不作为行政界线依据" in sketch
    assert re.search(r"河西堡镇</th><td class=\"num\">72%", sketch)
    assert "没有数据" in sketch


def test_no_measurement_draws_nothing():
    assert "<svg" not in shown('{% trend points "评分" %}', points=[])

"""AZ-07: no group of one to four can be worked out from what a leader is shown."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from recipients.enums import Category
from reports import leaders
from reports.small_groups import Column, protect
from tests import cast

columns = st.lists(st.integers(0, 14), min_size=1, max_size=4)


def possible(column: Column, most: int = 40) -> list[set[int]]:
    """Return every value each hidden cell may have, as somebody adding up finds it.

    Such a one knows that hidden cells are not nothing, and what the sum leaves.
    """
    hidden = [at for at, cell in enumerate(column.cells) if cell is None]
    if column.total is None:
        return [set(range(1, most)) for _ in hidden]
    rest = column.total - sum(cell or 0 for cell in column.cells)
    found: list[set[int]] = [set() for _ in hidden]
    for cells in itertools.product(range(1, rest + 1), repeat=len(hidden)):
        if sum(cells) == rest:
            for values, cell in zip(found, cells, strict=True):
                values.add(cell)
    return found


@settings(deadline=None, max_examples=60)
@given(columns)
def test_no_small_group_is_shown_nor_can_be_solved_for(figures):
    column = protect(figures)

    shown = [cell for cell in column.cells if cell is not None]
    assert not any(0 < cell < 5 for cell in shown)
    assert column.total is None or not 0 < column.total < 5
    assert all(len(values) > 1 for values in possible(column))


@settings(deadline=None, max_examples=60)
@given(columns)
def test_what_is_shown_is_true_and_nothing_is_hidden_without_need(figures):
    column = protect(figures)

    assert all(
        cell in (None, figure)
        for cell, figure in zip(column.cells, figures, strict=True)
    )
    if not any(0 < figure < 5 for figure in figures):
        assert column.cells == figures
        assert column.total == sum(figures)


@pytest.mark.parametrize(
    ("figures", "cells", "total"),
    [
        ([3, 9, 7], [None, 9, None], 19),
        ([1, 1, 9], [None, None, None], 11),
        ([1, 2, 9], [None, None, 9], 12),
        ([3, 0, 0], [None, 0, 0], None),
        ([1, 1], [None, None], None),
        ([30, 0], [30, 0], 30),
    ],
)
def test_a_second_cell_or_the_total_goes_with_it(figures, cells, total):
    assert protect(figures) == Column(cells, total)


@pytest.mark.django_db
def test_the_leaders_page_gives_no_small_group_away(client: Client, leader):
    for area, category, number in (
        (cast.HEXIBAO, Category.CHILD, 3),
        (cast.HEXIBAO, Category.DISABLED, 6),
        (cast.SHUANGWAN, Category.DISABLED, 8),
        (cast.HEXIBAO, Category.DESTITUTE, 2),
        (cast.SHUANGWAN, Category.DESTITUTE, 9),
    ):
        for _ in range(number):
            cast.make_recipient("王大山", area=area, category=category)
    client.force_login(leader)

    answer = client.get(reverse("reports:home"))

    places = answer.context["places"]
    for column in range(len(Category)):
        cells = [row.figures[column] for row in places]
        assert not any(0 < (cell or 0) < 5 for cell in cells)
    assert answer.context["people_words"] == "—"
    assert "儿童\N{NO-BREAK SPACE}—" in answer.context["people_note"]
    assert "重残\N{NO-BREAK SPACE}14" in answer.context["people_note"]
    by_sum = leaders.hidden([leaders.PlaceRow("甲", [2]), leaders.PlaceRow("乙", [9])])
    assert by_sum == [11]

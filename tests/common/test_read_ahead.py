"""Rows drawn ahead arrive whole, in order, and no thread outlives who listens."""

import threading
from itertools import count

import pytest

from common.read_ahead import CHUNK, read_ahead

MANY = 10 * CHUNK + 7


@pytest.mark.parametrize("number", [0, 1, CHUNK, CHUNK + 1, MANY])
def test_every_row_arrives_once_and_in_order(number):
    assert list(read_ahead(iter(range(number)))) == list(range(number))


def test_what_goes_wrong_in_drawing_is_told_to_who_listens():
    def rows():
        yield from range(MANY)
        raise RuntimeError("断了")

    with pytest.raises(RuntimeError, match="断了"):
        list(read_ahead(rows()))


def test_no_more_is_drawn_than_may_wait_and_none_after_the_listener_left():
    before = threading.active_count()
    drawn = count()
    ahead = read_ahead(iter(lambda: next(drawn), None))

    next(ahead)
    ahead.close()

    assert threading.active_count() == before
    assert next(drawn) <= 6 * CHUNK

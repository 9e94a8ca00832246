"""How a pairing stands, in the one word that every page shows."""

from datetime import date

import pytest

from recipients.models import Pairing
from recipients.screens import due_state

# A Wednesday: the week ends on the 29th.
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("due", "visit", "contact", "words"),
    [
        (date(2026, 11, 24), None, None, "超期 1 天"),
        (date(2026, 11, 25), date(2026, 11, 2), date(2026, 11, 2), "今天到期"),
        (date(2026, 11, 29), None, None, "本周到期"),
        (date(2026, 12, 20), date(2026, 11, 2), date(2026, 11, 2), "本月已走访"),
        (date(2026, 12, 20), date(2026, 9, 2), date(2026, 11, 9), "本月已联系"),
        # Seen two months ago and within the standard: nothing is said of a visit.
        (date(2026, 12, 20), date(2026, 9, 25), date(2026, 9, 25), "未到期"),
        (date(2026, 12, 1), date(2025, 11, 25), date(2025, 11, 25), "未到期"),
        (None, None, None, "未定"),
    ],
)
def test_a_pairing_stands_in_one_word(due, visit, contact, words):
    pairing = Pairing(next_due_on=due, last_visit_on=visit, last_contact_on=contact)

    assert due_state(pairing, TODAY).words == words

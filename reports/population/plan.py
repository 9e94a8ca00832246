"""How large an invented city is, and from which seed it grows."""

from dataclasses import dataclass
from datetime import date

# The real city's size as the press gives it (product.md section 10).
CHILDREN, DISABLED, DESTITUTE = 170, 1_440, 836
PERSONS = CHILDREN + DISABLED + DESTITUTE
HOUSEHOLDS = 2_206
CADRES = 2_206
DAYS_BACK = 548
DEMO_SEED = 20_261


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be invented.

    ``visits`` is an exact number of contacts, or None: as many as eighteen months
    bring. ``stories`` adds what only a demonstration needs: accounts, policy sheets,
    needs, pairings that wait or have ended, and two cadres whom one can sign in as.
    """

    seed: int
    today: date
    persons: int = PERSONS
    cadres: int = CADRES
    visits: int | None = None
    stories: bool = True

    def visits_up_to(self, person: int) -> int:
        """Return how many contacts the people up to the ``person``-th have."""
        return (self.visits or 0) * (person + 1) // self.persons


def demo_plan(today: date) -> Plan:
    return Plan(seed=DEMO_SEED, today=today)

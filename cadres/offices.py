"""Which care office hears what happens in an area: the nearest that has an account."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from cadres.enums import Role
from cadres.models import User

LEVELS = (12, 9, 6, 4)
CODE_LENGTH = 12


def offices(on: date) -> dict[str, list[User]]:
    """Return {area code: accounts of its care office} in force on the day."""
    accounts = User.objects.filter(
        Q(role_until=None) | Q(role_until__gte=on),
        role=Role.CARE_OFFICE,
        is_active=True,
    ).order_by("username")
    found: dict[str, list[User]] = defaultdict(list)
    for account in accounts:
        found[account.area_id or ""].append(account)
    return dict(found)


def for_nearest(
    figures: Mapping[str, int], found: Mapping[str, list[User]], digits: int = 12
) -> list[tuple[User, int]]:
    """Return each account with the sum of the figures that are its to hear.

    ``figures`` are by area code. An area's figure goes to its own office or, where
    that has no account, to the next above; ``digits`` 6 begins at the county, 4 at
    the city.
    """
    sums: Counter[str] = Counter()
    for area, figure in figures.items():
        above = [area[:n].ljust(CODE_LENGTH, "0") for n in LEVELS if n <= digits]
        nearest = next((code for code in above if code in found), None)
        if nearest is not None:
            sums[nearest] += figure
    return [(user, sums[code]) for code in sorted(sums) for user in found[code]]


def for_all_above(
    figures: Mapping[str, int], found: Mapping[str, list[User]]
) -> list[tuple[User, int]]:
    """Return every account with the sum over its whole area, nought included."""
    return [
        (user, sum(n for area, n in figures.items() if area.startswith(_prefix(code))))
        for code, users in sorted(found.items())
        for user in users
    ]


def _prefix(code: str) -> str:
    for digits in (4, 6, 9):
        if not code[digits:].strip("0"):
            return code[:digits]
    return code

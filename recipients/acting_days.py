"""When an acting carer holds (代管), in words that every table can ask with."""

from datetime import date

from django.db.models import Q


def covers(day: date, at: str = "") -> Q:
    """Return what makes an agreed acting cover the day; ``at`` leads to its rows.

    Both ends are days of it; the day it was ended on is not.
    """
    return Q(
        Q(**{f"{at}ended_on": None}) | Q(**{f"{at}ended_on__gt": day}),
        **{
            f"{at}agreed_at__isnull": False,
            f"{at}from_on__lte": day,
            f"{at}until_on__gte": day,
        },
    )


def in_force(day: date, at: str = "") -> Q:
    """Return what lets somebody act on the day: covered, and still at the post."""
    return covers(day, at) & Q(**{f"{at}cadre__active": True})

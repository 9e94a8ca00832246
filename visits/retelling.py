"""What was taken back comes back into a form, to be put right and sent anew."""

from typing import Any
from uuid import UUID

from cadres.models import User
from visits.enums import Outcome
from visits.models import HomeVisit, HomeVisitQuerySet

KEPT = ("way", "words", "companions", "occasion")


def told_again(user: User, key: str) -> dict[str, Any] | None:
    """Return what a visit said that the account has taken back, if it has."""
    visit = _find(user, key)
    return {**_kept(visit), "outcome": visit.outcome} if visit else None


def round_again(user: User, key: str) -> dict[str, Any] | None:
    """Return what was told of the people of a round that has been taken back."""
    visit = _find(user, key)
    if visit is None:
        return None
    told = list(_taken_back(user).told_with(visit))
    met = [row.words for row in told if row.outcome == Outcome.MET]
    # What one alone was told with stands below what was said of all.
    of_all = min(met, key=len, default="")
    kept = {**_kept(visit), "words": of_all}
    kept["people"] = [str(row.pairing_id) for row in told]
    for row in told:
        kept[f"outcome_{row.pairing_id}"] = row.outcome
        kept[f"words_{row.pairing_id}"] = (
            row.words.removeprefix(of_all).strip()
            if row.outcome == Outcome.MET
            else row.words
        )
    return kept


def _taken_back(user: User) -> HomeVisitQuerySet:
    own = HomeVisit.objects.filter(entered_by=user)
    return own.exclude(taken_back_at=None)


def _kept(visit: HomeVisit) -> dict[str, Any]:
    kept: dict[str, Any] = {name: getattr(visit, name) for name in KEPT}
    return {**kept, "when": visit.day.isoformat()}


def _find(user: User, key: str) -> HomeVisit | None:
    try:
        pk = UUID(key)
    except ValueError:
        return None
    return _taken_back(user).filter(pk=pk).first()

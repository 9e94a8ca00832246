"""Looks for every visit that was acknowledged: once, whole, and as it was told."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.journal import read

POLICIES, AT_ONCE = 7, 500


@dataclass(frozen=True)
class Tally:
    """What became of the visits that were sent."""

    asked: int
    kept: int
    stored: int
    lost: int
    doubled: int
    half: int
    changed: int
    foreign: int

    @property
    def clean(self) -> bool:
        return not (
            self.lost or self.doubled or self.half or self.changed or self.foreign
        )


def check(folder: Path) -> Tally:
    """Compare the phones' journals with the database."""
    asked: dict[str, str] = {}
    kept: set[str] = set()
    for line in read(folder):
        if line["what"] == "asked":
            asked[line["id"]] = line["words"]
        elif line["what"] == "kept":
            kept.add(line["id"])
    stored = {str(visit.client_id): visit for visit in _visits()}
    words = Counter(visit.words for visit in stored.values())
    return Tally(
        asked=len(asked),
        kept=len(kept),
        stored=len(stored),
        lost=len(kept - stored.keys()),
        doubled=sum(count - 1 for count in words.values()),
        half=_half(list(stored.values())) + _orphans(),
        changed=sum(stored[key].words != asked[key] for key in stored if key in asked),
        foreign=len(stored.keys() - asked.keys()),
    )


def lost_of(folder: Path) -> int:
    """Count visits that were acknowledged and are not there, whatever else is."""
    from visits.models import HomeVisit

    kept = {line["id"] for line in read(folder) if line["what"] == "kept"}
    return len(kept) - HomeVisit.objects.filter(client_id__in=kept).count()


def _visits() -> Iterable[Any]:
    from visits.models import HomeVisit

    fields = ("id", "client_id", "words", "sheet_id")
    return HomeVisit.objects.only(*fields).iterator(chunk_size=AT_ONCE)


def _half(visits: list[Any]) -> int:
    """Count visits without their sheet of seven, their deed or their one event."""
    from django.db.models import Count

    from audit.models import Event
    from policies.models import PolicyCheck
    from visits.models import Deed

    checks = dict(PolicyCheck.objects.values_list("sheet").annotate(Count("id")))
    deeds = dict(Deed.objects.values_list("visit").annotate(Count("id")))
    events = dict(
        Event.objects.filter(kind="visit.logged")
        .order_by()
        .values_list("subject_id")
        .annotate(Count("id"))
    )
    return sum(
        (checks.get(v.sheet_id), deeds.get(v.pk), events.get(str(v.pk)))
        != (POLICIES, 1, 1)
        for v in visits
    )


def _orphans() -> int:
    """Count sheets and events of visits that are not there."""
    from audit.models import Event
    from policies.models import PolicySheet
    from visits.models import HomeVisit

    sheets = HomeVisit.objects.exclude(sheet=None).values("sheet")
    told = Event.objects.filter(kind="visit.logged").count()
    return (
        PolicySheet.objects.exclude(pk__in=sheets).count()
        + told
        - HomeVisit.objects.count()
    )

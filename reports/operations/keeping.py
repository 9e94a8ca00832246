"""Keeping the figures of large areas, so that nobody waits while they are counted."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cadres.models import Area
from reports import area_figures
from reports.models import KeptFigures


def keep_figures(*, now: datetime) -> int:
    """Count and keep the figures of every large area; return of how many.

    Derived from rows that are themselves on the trail: it leaves no event.
    """
    above = Area.objects.filter(level__in=("city", "county"))
    large = [area for area in above if area_figures.takes_long(area)]
    for area in large:
        _keep(area, timezone.localdate(now))
    return len(large)


@transaction.atomic
def _keep(area: Area, day: date) -> None:
    figures = area_figures.count(area, day)
    KeptFigures.objects.update_or_create(
        area=area,
        defaults={
            "day": day,
            "counted_at": timezone.now(),
            "figures": figures.as_json(),
        },
    )

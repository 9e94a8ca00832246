"""Gives out the numbers of files: YC-HXB-0147, township by township."""

from django.db.models import F

from cadres.models import Area


def take_numbers(area: Area, count: int) -> list[str]:
    """Return the next ``count`` numbers of the township; each is given out once.

    It holds the township's row until the transaction ends, so that two who number
    at once do so one after the other.
    """
    held = (
        Area.objects.select_for_update(of=("self",))
        .select_related("parent")
        .get(pk=area.pk)
    )
    first = held.files_numbered + 1
    Area.objects.filter(pk=held.pk).update(files_numbered=F("files_numbered") + count)
    county = held.parent.initials if held.parent else ""
    front = f"{county}-{held.initials}"
    return [f"{front}-{number:04d}" for number in range(first, first + count)]

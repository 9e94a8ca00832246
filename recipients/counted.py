"""From which day a change of place or category counts; see ``CountedPeriod``."""

from datetime import date

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from common.refusals import Refused
from recipients.models import CountedPeriod, Recipient


def count_from(on: date) -> None:
    """Let the changes of this transaction count from this day on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jinchang.counted_until', %s, true)", [on.isoformat()]
        )


def check_order(person: Recipient, on: date) -> None:
    """Refuse a change that would count before the one on file already."""
    last = CountedPeriod.objects.filter(recipient=person).aggregate(
        last=Max("until_on")
    )["last"]
    if last is not None and on < last:
        raise Refused(f"这个人在{last:%Y年%-m月%-d日}已有变更,新的变更不能早于那一天。")
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。")
    if on < person.registered_on:
        raise Refused(f"日期不能早于建档的{person.registered_on:%Y年%-m月%-d日}。")

"""What the clock tells cadres: 逢6 days, the day's digest, families that are due.

Each runs in one transaction, one at a time, and writes a row only where none is:
run twice, at once or late, it leaves what one run leaves. Rows go from table to
table, so that a city of any size costs no memory here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from audit import trail
from cadres.models import Area
from common.workdays import is_workday
from visits import sixes
from visits.calendar import WEEKDAYS
from visits.refusing import called_up

DUE_WITHIN = timedelta(days=7)
SIX_WORDS = "逢6上街:请上门看看,对照到期事项和上次记的情况"
DUE_WORDS = "到了约定的走访时间,请安排联系"

RAISE_SIX = """
    INSERT INTO visits_reminder (pairing_id, cause, period, words, raised_at)
    SELECT p.id, 'six', %(nominal)s, %(about)s, %(now)s
    FROM recipients_pairing p JOIN recipients_recipient r ON r.id = p.recipient_id
    WHERE p.status = 'active' AND p.kind = 'cadre' AND r.status = 'on_file'
      AND p.started_on <= %(day)s AND r.area_id = ANY(%(areas)s)
      AND (p.next_due_on IS NULL OR p.next_due_on < %(until)s)
      AND (p.last_contact_on IS NULL OR p.last_contact_on < %(day)s)
      AND r.id <> ALL(%(called_up)s::uuid[])
    ON CONFLICT (pairing_id, cause, period) DO NOTHING
"""
# Whoever acts for the carer on the day is told in the carer's stead (代管).
IN_CARE_ON = """
    LEFT JOIN (
        SELECT a.pairing_id, a.cadre_id FROM recipients_actingcarer a
        JOIN cadres_cadre act ON act.id = a.cadre_id AND act.active
        WHERE a.agreed_at IS NOT NULL AND %(day)s BETWEEN a.from_on AND a.until_on
          AND (a.ended_on IS NULL OR a.ended_on > %(day)s)
    ) acting ON acting.pairing_id = p.id
    JOIN cadres_cadre c ON c.id = coalesce(acting.cadre_id, p.cadre_id)
"""
TELL_SIX = """
    INSERT INTO jobs_notice (to_id, kind, period, words, url, created_at)
    SELECT u.id, %(kind)s, %(period)s,
           replace(%(words)s, '{n}', count(DISTINCT r.household_id)::text),
           %(url)s, %(now)s
    FROM visits_reminder m
    JOIN recipients_pairing p ON p.id = m.pairing_id AND p.status = 'active'
    JOIN recipients_recipient r ON r.id = p.recipient_id
    {in_care}
    JOIN cadres_user u ON u.id = c.user_id AND u.is_active
    WHERE m.cause = 'six' AND m.period = %(nominal)s
      AND m.done_at IS NULL AND m.moot_at IS NULL AND r.area_id = ANY(%(areas)s)
    GROUP BY u.id
    ON CONFLICT (to_id, kind, period) DO NOTHING
"""
# Whoever logs a visit holds its reminders: those are left for the next run.
LET_GO_OF_SIXES = """
    UPDATE visits_reminder SET moot_at = %(now)s WHERE id IN (
        SELECT m.id FROM visits_reminder m
        JOIN recipients_pairing p ON p.id = m.pairing_id
        JOIN recipients_recipient r ON r.id = p.recipient_id
        WHERE m.cause = 'six' AND m.period < %(nominal)s
          AND m.done_at IS NULL AND m.moot_at IS NULL AND r.area_id = ANY(%(areas)s)
        FOR UPDATE OF m SKIP LOCKED)
"""
MARK_SENT = """
    UPDATE visits_reminder SET sent_at = %(now)s WHERE id IN (
        SELECT m.id FROM visits_reminder m
        JOIN recipients_pairing p ON p.id = m.pairing_id
        {in_care}
        WHERE c.user_id IS NOT NULL AND m.cause = %(cause)s AND m.period <= %(upto)s
          AND m.sent_at IS NULL AND m.done_at IS NULL AND m.moot_at IS NULL
        FOR UPDATE OF m SKIP LOCKED)
"""
RAISE_DUE = """
    INSERT INTO visits_reminder (pairing_id, cause, period, words, raised_at)
    SELECT p.id, 'due', p.next_due_on, %(about)s, %(now)s
    FROM recipients_pairing p JOIN recipients_recipient r ON r.id = p.recipient_id
    WHERE p.status = 'active' AND p.next_due_on <= %(until)s
      AND r.status = 'on_file'
      AND NOT EXISTS (
          SELECT 1 FROM visits_reminder m
          WHERE m.pairing_id = p.id AND m.cause = 'due'
            AND m.period = p.next_due_on AND m.moot_at IS NULL)
    ON CONFLICT (pairing_id, cause, period)
    DO UPDATE SET moot_at = NULL, raised_at = excluded.raised_at
        WHERE visits_reminder.moot_at IS NOT NULL
"""
LET_GO_OF_DUES = """
    UPDATE visits_reminder SET moot_at = %(now)s WHERE id IN (
        SELECT m.id FROM visits_reminder m
        JOIN recipients_pairing p ON p.id = m.pairing_id
        JOIN recipients_recipient r ON r.id = p.recipient_id
        WHERE m.done_at IS NULL AND m.moot_at IS NULL
          AND (p.status <> 'active' OR r.status <> 'on_file'
               OR m.cause = 'due' AND m.period IS DISTINCT FROM p.next_due_on)
        FOR UPDATE OF m SKIP LOCKED)
"""
DIGEST = """
    INSERT INTO jobs_notice (to_id, kind, period, words, url, created_at)
    SELECT t.user_id, 'visit.digest', %(period)s,
           '今天的走访提醒:' || concat_ws(',',
               CASE WHEN t.soon > 0 THEN '7天内到期' || t.soon || '户' END,
               CASE WHEN t.late > 0 THEN '超期' || t.late || '户' END,
               CASE WHEN t.needs > 0 THEN '有' || t.needs || '件需求在办' END) || '。',
           %(url)s, %(now)s
    FROM (
        SELECT u.id AS user_id,
            count(DISTINCT r.household_id) FILTER (
                WHERE p.next_due_on BETWEEN %(day)s AND %(until)s) AS soon,
            count(DISTINCT r.household_id) FILTER (
                WHERE p.next_due_on < %(day)s) AS late,
            count(DISTINCT n.id) AS needs
        FROM recipients_pairing p
        JOIN recipients_recipient r ON r.id = p.recipient_id
            AND r.status = 'on_file'
        {in_care}
        JOIN cadres_user u ON u.id = c.user_id AND u.is_active
        LEFT JOIN casework_need n ON n.recipient_id = r.id
            AND n.status NOT IN ('confirmed', 'declined') AND NOT n.reported
        WHERE p.status = 'active'
          AND (p.next_due_on <= %(until)s OR n.id IS NOT NULL)
        GROUP BY u.id
    ) t
    WHERE t.soon + t.late + t.needs > 0
    ON CONFLICT (to_id, kind, period) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Eve:
    """When a 逢6 day is spoken of: so many days before, in these words."""

    days: int
    kind: str
    words: str


EVES = (
    Eve(0, "six.today", "今天"),
    Eve(1, "six.tomorrow", "明天"),
)


@transaction.atomic
def remind_of_sixes(*, now: datetime) -> int:
    """Ask cadres to see, on a 逢6 day, the families that are due before the next one.

    It is said on the day before and on the morning. Returns the reminders and notices
    written.
    """
    city = take_turn()
    today = timezone.localdate(now)
    reminders = notices = 0
    for eve in EVES:
        day = today + timedelta(days=eve.days)
        for nominal, areas in sixes.places_by_nominal(day).items():
            values = {
                **_about_six(eve, day),
                "now": now,
                "day": day,
                "nominal": nominal,
                "period": f"{nominal}/{day}",
                "until": sixes.next_nominal(nominal),
                "areas": areas,
                # Who refuses visits is not to be seen on the street either.
                "called_up": list(called_up()),
            }
            _do(LET_GO_OF_SIXES, values)
            reminders += _do(RAISE_SIX, values)
            notices += _do(TELL_SIX, values)
    _mark_sent("six", upto=today + timedelta(days=31), now=now)
    record("reminders.six", city, reminders=reminders, notices=notices)
    return reminders + notices


@transaction.atomic
def send_digests(*, now: datetime) -> int:
    """Tell each cadre once on a working day what waits; nothing to who has nothing."""
    city = take_turn()
    today = timezone.localdate(now)
    if not is_workday(today, sixes.overrides()):
        return 0
    values = {
        "period": today.isoformat(),
        "day": today,
        "until": today + DUE_WITHIN,
        "url": reverse("visits:todo"),
        "now": now,
    }
    notices = _do(DIGEST, values)
    _mark_sent("due", upto=today + DUE_WITHIN, now=now)
    record("reminders.digest", city, notices=notices)
    return notices


def raise_dues(*, today: date, now: datetime) -> int:
    """Raise a reminder for each family due within a week; let go of what is past.

    Must run inside a transaction that has taken its turn.
    """
    _do(LET_GO_OF_DUES, {"now": now})
    values = {"about": DUE_WORDS, "until": today + DUE_WITHIN, "now": now}
    return _do(RAISE_DUE, values)


def take_turn() -> Area:
    """Wait for the run before, if one is at work; return the city it is about."""
    return Area.objects.select_for_update(no_key=True).order_by("code")[0]


def record(kind: str, city: Area, **figures: Any) -> None:
    """Leave one event for the whole run; a run that found nothing leaves none."""
    if any(figures.values()):
        trail.record(kind, subject=city, by=None, **figures)


def _about_six(eve: Eve, day: date) -> dict[str, str]:
    when = f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"
    return {
        "kind": eve.kind,
        "about": SIX_WORDS,
        "words": f"{eve.words}({when})逢6上街:请走访 {{n}} 户,打开待办看先去哪一户。",
        "url": reverse("visits:todo"),
    }


def _mark_sent(cause: str, *, upto: date, now: datetime) -> None:
    today = timezone.localdate(now)
    _do(MARK_SENT, {"cause": cause, "upto": upto, "day": today, "now": now})


def _do(statement: str, values: dict[str, Any]) -> int:
    """Run one statement; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{in_care}", IN_CARE_ON), values)
        return int(cursor.rowcount)

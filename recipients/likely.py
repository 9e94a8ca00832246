"""Which files may be of one person: a score and its reasons, found set by set.

Every candidate comes out of an index: the same sound and birth date, the same phone,
or the same sound in one township. What is sealed (ids, addresses) is compared
afterwards, of the candidates only.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from cadres.models.area import CODE_LENGTH
from recipients.models import Recipient

LEAST = 70
BLOCK = 2_000
ROOT_DIGITS = 4
SCORES = {
    "姓名相同": 40,
    "姓名同音": 30,
    "出生日期相同": 30,
    "出生日期相近": 15,
    "电话相同": 20,
    "同乡镇": 10,
    "同村社": 5,
    "一方无证号": 10,
    "证号只差一位": 30,
    "住址相同": 15,
    "性别不同": -30,
}
CANDIDATES = """
    WITH pair AS (
        SELECT a.id AS a, b.id AS b FROM recipients_recipient a
        JOIN recipients_recipient b
            ON b.birth_on = a.birth_on AND b.pinyin = a.pinyin AND {other}
        WHERE a.pinyin <> '' {mine}
        UNION
        SELECT a.id, b.id FROM recipients_recipient a
        JOIN recipients_recipient b
            ON b.phone_index = a.phone_index AND {other}
            AND (b.pinyin = a.pinyin OR b.birth_on = a.birth_on
                AND (a.resident_id_index IS NULL OR b.resident_id_index IS NULL))
        WHERE a.phone_index IS NOT NULL {mine}
        UNION
        SELECT a.id, b.id FROM recipients_recipient a
        JOIN recipients_recipient b
            ON b.pinyin = a.pinyin AND b.area_id = a.area_id AND {other}
            AND (a.birth_on IS NULL OR b.birth_on IS NULL OR {near})
        WHERE a.pinyin <> '' {mine}
    )
    SELECT a.id, b.id, a.area_id, b.area_id, array_remove(ARRAY[
        CASE WHEN a.name = b.name THEN '姓名相同'
             WHEN a.pinyin = b.pinyin THEN '姓名同音' END,
        CASE WHEN a.birth_on = b.birth_on THEN '出生日期相同'
             WHEN {near} THEN '出生日期相近' END,
        CASE WHEN a.phone_index = b.phone_index THEN '电话相同' END,
        CASE WHEN a.area_id = b.area_id THEN '同乡镇' END,
        CASE WHEN a.area_id = b.area_id AND a.village = b.village
              AND a.village <> '' THEN '同村社' END,
        CASE WHEN (a.resident_id_index IS NULL) <> (b.resident_id_index IS NULL)
             THEN '一方无证号' END,
        CASE WHEN a.sex <> b.sex AND a.sex <> '0' AND b.sex <> '0'
             THEN '性别不同' END], NULL),
        a.resident_id, b.resident_id, a.address, b.address
    FROM pair
    JOIN recipients_recipient a ON a.id = least(pair.a, pair.b)
    JOIN recipients_recipient b ON b.id = greatest(pair.a, pair.b)
    WHERE a.pinyin = b.pinyin OR a.birth_on = b.birth_on
"""
# Two of year, month and day agree: a slip of the pen.
NEAR = """(
    (extract(year FROM a.birth_on) = extract(year FROM b.birth_on))::int
    + (extract(month FROM a.birth_on) = extract(month FROM b.birth_on))::int
    + (extract(day FROM a.birth_on) = extract(day FROM b.birth_on))::int = 2)"""
_ID: Any = Recipient._meta.get_field("resident_id")
_ADDRESS: Any = Recipient._meta.get_field("address")

# (first key, second key, area of both, score, reasons)
Found = tuple[UUID, UUID, str, int, list[str]]


def find(people: Sequence[UUID] | None = None) -> Iterator[Found]:
    """Yield the pairs that score enough: all of them, or those of these people."""
    mine = "AND a.id = ANY(%(keys)s)" if people is not None else ""
    other = "b.id <> a.id" if people is not None else "a.id < b.id"
    statement = CANDIDATES.format(mine=mine, other=other, near=NEAR)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"keys": list(people or ())})
        while rows := cursor.fetchmany(BLOCK):
            for row in rows:
                if (found := _judged(row)) is not None:
                    yield found


def holder_of(first: str, second: str) -> str:
    """Return the code of the smallest area that holds both townships."""
    for digits in (9, 6, ROOT_DIGITS):
        if first[:digits] == second[:digits]:
            return first[:digits].ljust(CODE_LENGTH, "0")
    return first[:2].ljust(CODE_LENGTH, "0")


def _judged(row: tuple[Any, ...]) -> Found | None:
    first, second, area, other_area, reasons, *sealed = row
    score = sum(SCORES[reason] for reason in reasons)
    best = score + SCORES["证号只差一位"] + SCORES["住址相同"]
    if best < LEAST:
        return None
    reasons = [*reasons, *_opened(first, second, *sealed)]
    score = sum(SCORES[reason] for reason in reasons)
    if score < LEAST:
        return None
    return first, second, holder_of(area, other_area), min(score, 100), reasons


def _opened(
    first: UUID, second: UUID, ida: Any, idb: Any, home: Any, home_b: Any
) -> Iterator[str]:
    number, other = _ID.opened(ida, pk=first), _ID.opened(idb, pk=second)
    if number and other and _one_slip(number, other):
        yield "证号只差一位"
    lives, lives_b = (
        _ADDRESS.opened(home, pk=first),
        _ADDRESS.opened(home_b, pk=second),
    )
    if lives and lives == lives_b:
        yield "住址相同"


def _one_slip(number: str, other: str) -> bool:
    """Say whether the ids differ in one digit besides the check digit.

    Ids that follow one another are twins', or neighbours' on the day of the count.
    """
    if len(number) != len(other):
        return False
    slips = [at for at in range(17) if number[at] != other[at]]
    return len(slips) == 1 and not 14 <= slips[0] <= 16

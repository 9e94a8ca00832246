"""AZ-02: a second oracle, in plain SQL, agrees with ``visible_to``."""

import datetime

from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cadres.enums import Role
from cadres.models import Area, User
from cadres.operations.areas import TOWNSHIPS, load_areas
from casework.models import Need
from recipients.enums import PairingKind, PairingStatus
from recipients.models import ActingCarer, Pairing, Recipient
from tests import cast
from visits.models import HomeVisit

AREAS = [code for code, *_ in TOWNSHIPS][::3]
OFFICE_AREAS = ["620300000000", "620302000000", "620321000000", *AREAS[:3]]

# By area: the digits that count are those before the trailing zeros of a level.
RECIPIENTS_BY_AREA = """
    SELECT id FROM recipients_recipient WHERE left(area_id, %(digits)s) = %(prefix)s
"""
RECIPIENTS_BY_CADRE = """
    SELECT p.recipient_id FROM recipients_pairing p JOIN cadres_cadre c
    ON c.id = p.cadre_id WHERE p.status = 'active' AND c.{column} = %(key)s
    UNION
    SELECT p.recipient_id FROM recipients_actingcarer a
    JOIN recipients_pairing p ON p.id = a.pairing_id AND p.status = 'active'
    JOIN cadres_cadre c ON c.id = a.cadre_id AND c.active
    WHERE c.{column} = %(key)s AND a.agreed_at IS NOT NULL
      AND a.from_on <= %(today)s AND a.until_on >= %(today)s
      AND (a.ended_on IS NULL OR a.ended_on > %(today)s)
"""
PAIRINGS_BY_CADRE = RECIPIENTS_BY_CADRE.replace("p.recipient_id", "p.id")
DIGITS = {"city": 4, "county": 6, "township": 9}

pairings = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 3),
        st.sampled_from(PairingKind.values),
        st.sampled_from([PairingStatus.ACTIVE, PairingStatus.PAUSED]),
    ),
    max_size=8,
    unique_by=lambda made: (made[0], made[2]),
)
# Of the pairing of this number: who acts, from and to how many days from today,
# whether it was agreed, and how many days from today it was ended, if it was.
actings = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 3),
        st.integers(-3, 2),
        st.integers(0, 4),
        st.booleans(),
        st.sampled_from([None, None, -1, 0]),
    ),
    max_size=4,
    unique_by=lambda made: made[0],
)
worlds = st.tuples(
    st.lists(st.sampled_from(AREAS), min_size=6, max_size=6),
    pairings,
    st.sampled_from(OFFICE_AREAS),
    st.integers(0, 3),
    actings,
)


class ReachTest(TestCase):
    """Random worlds; both oracles must name the same rows to every role."""

    @given(worlds)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_both_oracles_agree(self, made):
        homes, pairs, area, who, acts = made
        load_areas()
        units = [cast.make_organisation(f"单位{number}") for number in range(2)]
        accounts = [cast.make_user(f"c{number}", Role.CADRE) for number in range(4)]
        cadres = [
            cast.make_cadre(f"干部{number}", units[number % 2], user=accounts[number])
            for number in range(4)
        ]
        people = [cast.make_recipient("某人", area=home) for home in homes]
        standing = [
            cast.make_pairing(people[person], cadres[cadre], kind=kind, status=status)
            for person, cadre, kind, status in pairs
        ]
        for number, acting, first, days, agreed, ended in acts:
            if number < len(standing) and cadres[acting] != standing[number].cadre:
                _act(standing[number], cadres[acting], first, days, agreed, ended)
        for role in Role:
            _agree(_account(role, area, units[who % 2], accounts[who]))


def _agree(user: User) -> None:
    """See that the account reaches what plain SQL says, and nothing else of theirs."""
    expected = _by_sql(user)

    found = Recipient.objects.visible_to(user).values_list("pk", flat=True)
    assert set(found) == expected, user.role
    assert _people(Pairing, user) <= expected or user.role == Role.UNIT_LIAISON
    if user.role == Role.CADRE:
        seen = Pairing.objects.visible_to(user).values_list("pk", flat=True)
        assert set(seen) == _ask(PAIRINGS_BY_CADRE, "user_id", user.pk)
    assert _people(Need, user) <= expected
    assert _people(HomeVisit, user) <= expected


def _act(pairing, cadre, first, days, agreed, ended) -> None:
    day, office = timezone.localdate(), cadre.user

    def after(number: int) -> datetime.date:
        return day + datetime.timedelta(days=number)

    ActingCarer.objects.create(
        pairing=pairing,
        carer=pairing.cadre,
        cadre=cadre,
        from_on=after(first),
        until_on=after(first + days),
        proposed_by=office,
        proposed_on=day,
        agreed_by=office if agreed else None,
        agreed_at=timezone.now() if agreed else None,
        ended_on=None if ended is None else after(ended),
        ended_by=None if ended is None else office,
    )


def _account(role: Role, area: str, unit, cadre_account: User) -> User:
    if role == Role.CADRE:
        return cadre_account
    return cast.make_user(
        f"asked {role}", role, area=Area.objects.get(pk=area), organisation=unit
    )


def _by_sql(user: User) -> set:
    if user.role == Role.ADMIN:
        query, values = "SELECT id FROM recipients_recipient", {}
    elif user.role == Role.CARE_OFFICE:
        digits = DIGITS[user.area.level]
        query = RECIPIENTS_BY_AREA
        values = {"digits": digits, "prefix": user.area_id[:digits]}
    elif user.role == Role.CADRE:
        return _ask(RECIPIENTS_BY_CADRE, "user_id", user.pk)
    elif user.role == Role.UNIT_LIAISON:
        return _ask(RECIPIENTS_BY_CADRE, "organisation_id", user.organisation_id)
    else:
        return set()
    return _rows(query, values)


def _ask(query: str, column: str, key) -> set:
    values = {"key": key, "today": timezone.localdate()}
    return _rows(query.format(column=column), values)


def _rows(query: str, values: dict) -> set:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {row[0] for row in cursor.fetchall()}


def _people(model, user: User) -> set:
    return set(model.objects.visible_to(user).values_list("recipient", flat=True))

"""Questions about people: who is meant by the words in the search box."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from audit.models import Event, EventQuerySet
from cadres.models import User
from common.days import years_before
from common.encryption import blind_index
from common.search_text import Kind, SearchQuery
from recipients.enums import Category
from recipients.models import (
    DisabilityPeriod,
    FileMerge,
    FormerMark,
    Guardian,
    LikelyPair,
    Pairing,
    Recipient,
    RecipientQuerySet,
)
from recipients.models.recipient import ADULT_AGE

SHARED_PHONE_LIMIT = 200
ONE_LOOK = timedelta(hours=1)
# How far ahead an office is told of a birthday to 18 and of a certificate's end.
SOON = timedelta(days=60)


def search(people: RecipientQuerySet, query: SearchQuery) -> RecipientQuerySet:
    """Return the people who are meant; nobody for what is refused."""
    match query.kind:
        case Kind.NOTHING:
            return people
        case Kind.RESIDENT_ID:
            index = blind_index(query.text)
            return people.filter(Q(resident_id_index=index) | former(query.text))
        case Kind.PHONE:
            return people.filter(_phone(query.text))
        case Kind.CODE:
            return people.filter(Q(code__startswith=query.text) | former(query.text))
        case Kind.PINYIN:
            # Either way it begins with this letter: the list's own index is in that
            # order and can leap from township to township.
            return people.filter(
                Q(initials__startswith=query.text) | Q(pinyin__startswith=query.text),
                pinyin__startswith=query.text[0],
            )
        case Kind.NAME:
            return people.filter(
                Q(grams__contains=list(query.grams)) | former(query.text)
            )
        case _:
            return people.none()


def meant(query: SearchQuery, user: User) -> RecipientQuerySet | None:
    """Return the people within reach whom a list's search box means.

    None when nothing was typed: then the list is not narrowed at all.
    """
    if query.kind == Kind.NOTHING:
        return None
    return search(Recipient.objects.visible_to(user), query)


def former(text: str) -> Q:
    """Return who went by exactly this code, name or id before."""
    marks = FormerMark.objects.filter(index=blind_index(text))
    keys = [pk for (pk,) in marks.values_list("recipient")[:SHARED_PHONE_LIMIT]]
    return Q(pk__in=keys)


def merged_into(key: UUID) -> UUID | None:
    """Return the file into which this one went, step by step to the last."""
    found = None
    while step := FileMerge.objects.merged().filter(gone_key=found or key).first():
        found = step.kept_key
    return found


def with_other_files(people: RecipientQuerySet, user: User) -> RecipientQuerySet:
    """Add ``doubts``, how many other files may be of the same person, within reach,
    and ``gone_keys``, the files that were merged into this one."""
    either = Q(first_key=OuterRef("pk")) | Q(second_key=OuterRef("pk"))
    pairs = LikelyPair.objects.visible_to(user).undecided().filter(either).order_by()
    doubts = pairs.values(one=Value(1)).annotate(number=Count("*")).values("number")
    gone = FileMerge.objects.merged().filter(kept_key=OuterRef("pk")).order_by()
    return people.annotate(
        doubts=Coalesce(Subquery(doubts), 0),
        gone_keys=ArraySubquery(gone.values("gone_key")),
    )


def with_regraded(people: RecipientQuerySet) -> RecipientQuerySet:
    """Add ``regraded``: whether a file has held another grade of disability before."""
    past = DisabilityPeriod.objects.filter(recipient=OuterRef("pk"))
    return people.annotate(regraded=Exists(past))


def filed_elsewhere(query: SearchQuery) -> Recipient | None:
    """Return the person with exactly this id or code, whoever may see them.

    For the offer of an urgent look, which tells the code and nothing else.
    """
    match query.kind:
        case Kind.RESIDENT_ID:
            found = Recipient.objects.filter(resident_id_index=blind_index(query.text))
        case Kind.CODE:
            found = Recipient.objects.filter(code=query.text)
        case _:
            return None
    return found.only("pk", "code").first()


def behind_glass(pk: UUID) -> Recipient:
    """Return the person of whom somebody asks an urgent look; 404 for nobody."""
    return get_object_or_404(Recipient, pk=pk)


def coming_of_age(people: RecipientQuerySet, today: date) -> RecipientQuerySet:
    """Return the children who turn 18 within 60 days."""
    return people.filter(
        category=Category.CHILD,
        birth_on__gt=years_before(today, ADULT_AGE),
        birth_on__lte=years_before(today + SOON, ADULT_AGE),
    )


def certificates_ending(people: RecipientQuerySet, today: date) -> RecipientQuerySet:
    """Return the people whose disability certificate ends within 60 days."""
    return people.filter(
        certificate_until__gte=today, certificate_until__lte=today + SOON
    )


def with_carers(people: RecipientQuerySet, user: User) -> RecipientQuerySet:
    """Add ``carers``: the active pairings by cadres that the account may see."""
    now = Pairing.objects.visible_to(user).active().by_cadres()
    return people.prefetch_related(
        Prefetch(
            "pairings", now.select_related("cadre__organisation"), to_attr="carers"
        )
    )


def events_about(
    person: Recipient, gone: Sequence[UUID] | None = None
) -> EventQuerySet:
    """Return what happened to this person's file, the latest first.

    What happened to a file that was merged into it belongs to it as well; ``gone``
    are those files, where they are known already.
    """
    if gone is None:
        merged = FileMerge.objects.merged().filter(kept_key=person.pk)
        gone = [key for (key,) in merged.values_list("gone_key")]
    return Event.objects.filter(
        subject_type=person._meta.label_lower,
        subject_id__in=[str(person.pk), *map(str, gone)],
    )


def looked_lately(person: Recipient, user: User) -> bool:
    """Say whether the account opened the person's page within the hour."""
    since = timezone.now() - ONE_LOOK
    seen = Event.objects.about(person).filter(
        kind="person.seen", by=str(user.pk), at__gte=since
    )
    return seen.exists()


def events_about_pairing(pairing: Pairing) -> EventQuerySet:
    """Return what happened to the pairing, to its successor, and who acted in it."""
    successor = getattr(pairing, "successor", None)
    found = Event.objects.about_any([pairing, *([successor] if successor else [])])
    acting = list(pairing.acting.all())
    return found | Event.objects.about_any(acting) if acting else found


def named_with_code(code: str, name: str) -> Recipient | None:
    """Return the person on file with both this code and this name.

    For units, which propose for people outside their reach: both must be known.
    """
    people = Recipient.objects.on_file()
    return people.filter(code=code.strip().upper(), name=name.strip()).first()


def _phone(number: str) -> Q:
    """Return who has the number, or has a guardian with it.

    Guardians are asked first, so that the rest is two looks into indexes.
    """
    index = blind_index(number)
    wards = Guardian.objects.filter(phone_index=index).values_list("recipient")
    keys = [pk for (pk,) in wards[:SHARED_PHONE_LIMIT]]
    return Q(phone_index=index) | Q(pk__in=keys)

"""Questions about people: who is meant by the words in the search box."""

from django.db.models import Prefetch, Q

from audit.models import Event, EventQuerySet
from cadres.models import User
from common.encryption import blind_index
from common.search_text import Kind, SearchQuery
from recipients.models import Guardian, Pairing, Recipient, RecipientQuerySet

SHARED_PHONE_LIMIT = 200


def search(people: RecipientQuerySet, query: SearchQuery) -> RecipientQuerySet:
    """Return the people who are meant; nobody for what is refused."""
    match query.kind:
        case Kind.NOTHING:
            return people
        case Kind.RESIDENT_ID:
            return people.filter(resident_id_index=blind_index(query.text))
        case Kind.PHONE:
            return people.filter(_phone(query.text))
        case Kind.CODE:
            return people.filter(code__startswith=query.text)
        case Kind.PINYIN:
            # Either way it begins with this letter: the list's own index is in that
            # order and can leap from township to township.
            return people.filter(
                Q(initials__startswith=query.text) | Q(pinyin__startswith=query.text),
                pinyin__startswith=query.text[0],
            )
        case Kind.NAME:
            return people.filter(grams__contains=list(query.grams))
        case _:
            return people.none()


def with_carers(people: RecipientQuerySet, user: User) -> RecipientQuerySet:
    """Add ``carers``: the active pairings by cadres that the account may see."""
    now = Pairing.objects.visible_to(user).active().by_cadres()
    return people.prefetch_related(
        Prefetch(
            "pairings", now.select_related("cadre__organisation"), to_attr="carers"
        )
    )


def events_about(person: Recipient) -> EventQuerySet:
    """Return what happened to this person's file, the latest first."""
    return Event.objects.about(person)


def _phone(number: str) -> Q:
    """Return who has the number, or has a guardian with it.

    Guardians are asked first, so that the rest is two looks into indexes.
    """
    index = blind_index(number)
    wards = Guardian.objects.filter(phone_index=index).values_list("recipient")
    keys = [pk for (pk,) in wards[:SHARED_PHONE_LIMIT]]
    return Q(phone_index=index) | Q(pk__in=keys)

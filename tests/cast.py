"""The people of the tests, made from a few plain choices; all are invented."""

import datetime
from typing import Any

from cadres.enums import Role
from cadres.models import Area, Cadre, Organisation, User
from common.encryption import blind_index
from common.pinyin import pinyin_of
from common.resident_id import check_digit
from common.search_text import grams
from recipients.enums import Category, PairingStatus
from recipients.models import Household, Pairing, Recipient

HEXIBAO = "620321101000"
SHUANGWAN = "620302101000"
TODAY = datetime.date(2026, 11, 23)
_counter = {"person": 0}


def resident_id(birth: str = "19650312", *, area: str = "620321") -> str:
    """Return a valid invented id; the sequence 9xx marks it as such."""
    _counter["person"] += 1
    number = _counter["person"]
    year = 1940 + number // 90 % 60
    first17 = f"{area}{year}{birth[4:]}9{number % 90 + 10}"
    return first17 + check_digit(first17)


def make_user(username: str, role: Role, **facts: Any) -> User:
    """Return an account that can sign in with the password ``jinchang-demo``."""
    user = User(username=username, name=facts.pop("name", username), role=role, **facts)
    user.set_password("jinchang-demo")
    user.save()
    return user


def make_organisation(name: str = "永昌县教育局", **facts: Any) -> Organisation:
    full, initials = pinyin_of(name)
    return Organisation.objects.create(
        name=name, pinyin=full, initials=initials, grams=grams(name), **facts
    )


def make_cadre(name: str, organisation: Organisation, **facts: Any) -> Cadre:
    full, initials = pinyin_of(name)
    phone = facts.pop("phone", "")
    return Cadre.objects.create(
        name=name,
        organisation=organisation,
        pinyin=full,
        initials=initials,
        grams=grams(name),
        phone=phone,
        phone_index=blind_index(phone) if phone else None,
        **facts,
    )


def make_recipient(
    name: str = "李小伟", area: str = HEXIBAO, **facts: Any
) -> Recipient:
    full, initials = pinyin_of(name)
    number = facts.pop("resident_id", "") or resident_id()
    phone = facts.pop("phone", "")
    _counter["person"] += 1
    values: dict[str, Any] = {
        "code": f"T-{_counter['person']:06d}",
        "category": Category.DISABLED,
        "registered_on": datetime.date(2025, 1, 1),
        "birth_on": datetime.date(
            int(number[6:10]), int(number[10:12]), int(number[12:14])
        ),
        "sex": "1",
        "village": "鸳鸯池村",
        **facts,
    }
    if "household" not in values:
        values["household"] = Household.objects.create(area_id=area)
    return Recipient.objects.create(
        name=name,
        pinyin=full,
        initials=initials,
        grams=grams(name),
        resident_id=number,
        resident_id_index=blind_index(number),
        area_id=area,
        phone=phone,
        phone_index=blind_index(phone) if phone else None,
        **values,
    )


def make_pairing(recipient: Recipient, cadre: Cadre, **facts: Any) -> Pairing:
    values: dict[str, Any] = {
        "status": PairingStatus.ACTIVE,
        "proposed_on": datetime.date(2025, 2, 1),
        "started_on": datetime.date(2025, 2, 1),
        "next_due_on": TODAY,
        **facts,
    }
    return Pairing.objects.create(recipient=recipient, cadre=cadre, **values)


def office(username: str, area: str, **facts: Any) -> User:
    """Return a care office account for the area with this code."""
    return make_user(
        username, Role.CARE_OFFICE, area=Area.objects.get(pk=area), **facts
    )

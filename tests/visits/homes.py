"""A home in which a cadre cares for several residents, for the tests."""

import uuid
from typing import Any

from cadres.models import Cadre, Organisation
from recipients.enums import Category
from recipients.models import Household, Pairing
from tests import cast
from tests.visits.telling import DAY, note
from visits.operations.rounds import Stop

NAMES = "王大山 李桂英 张守田 赵玉兰 陈福 刘秀珍 马建国 杨春花 周长海 吴凤"


def residents(cadre: Cadre, many: int = 10, **facts: Any) -> list[Pairing]:
    """Return the pairings of the cadre with so many residents of one home."""
    home = cast.make_organisation("永昌县敬老院", kind="home")
    return [resident(cadre, home, NAMES.split()[n], **facts) for n in range(many)]


def resident(
    cadre: Cadre, home: Organisation | None, name: str, **facts: Any
) -> Pairing:
    """Return a pairing with one who lives in the home, a household alone."""
    household = Household.objects.create(area_id=cast.HEXIBAO, size=1, institution=home)
    person = cast.make_recipient(name, household=household, category=Category.DESTITUTE)
    return cast.make_pairing(person, cadre, **facts)


def stops(pairings: list[Pairing], **changes: Any) -> list[Stop]:
    told = {"way": "CENTRE", "findings": None, **changes}
    return [Stop(pairing, note(**told)) for pairing in pairings]


def posted_round(pairings: list[Pairing], **changes: Any) -> dict[str, Any]:
    """Return the form as a phone would send it."""
    return {
        "client_id": str(uuid.uuid4()),
        "people": [str(pairing.pk) for pairing in pairings],
        "way": "CENTRE",
        "when": DAY.isoformat(),
        "words": "身体平稳",
        **changes,
    }

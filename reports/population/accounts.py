"""The accounts of a demonstration, beside those of its cadres."""

from django.contrib.auth.hashers import make_password

from cadres.enums import Role
from cadres.models import Organisation, User
from common.invented_places import CITY, JINCHUAN, YONGCHANG
from reports.population.care import Offices
from reports.population.places import CADRES_UNIT

PASSWORD = "jinchang-demo"
HEXIBAO = "620321101000"
CADRE_NAME, MOTHER_NAME = "赵军", "马秀兰"
# Username: name, role, area, organisation.
ACCOUNTS: dict[str, tuple[str, Role, str | None, str | None]] = {
    "city": ("张志远", Role.CARE_OFFICE, CITY, None),
    "yongchang": ("王丽萍", Role.CARE_OFFICE, YONGCHANG, None),
    "jinchuan": ("赵国栋", Role.CARE_OFFICE, JINCHUAN, None),
    "hexibao": ("刘晓东", Role.CARE_OFFICE, HEXIBAO, None),
    "unit": ("周文静", Role.UNIT_LIAISON, None, CADRES_UNIT),
    "civil": ("陈建华", Role.DEPARTMENT, CITY, "金昌市民政局"),
    "dpf": ("孙淑梅", Role.DEPARTMENT, CITY, "金昌市残疾人联合会"),
    "leader": ("杨永平", Role.LEADER, CITY, None),
    "admin": ("郭睿", Role.ADMIN, None, None),
    "auditor": ("何玉琴", Role.AUDITOR, None, None),
}


def hashed_password() -> str:
    """Return the hash that all accounts of a demonstration share.

    One hash takes a tenth of a second, two thousand would take minutes; the password
    is printed at every start, so nothing is lost.
    """
    return make_password(PASSWORD)


def write_accounts(password: str) -> Offices:
    """Write the accounts; return those that propose and review pairings."""
    organisations = dict(Organisation.objects.values_list("name", "pk"))
    written = {
        username: User(
            username=username,
            name=name,
            role=role,
            area_id=area,
            organisation_id=organisations[organisation] if organisation else None,
            password=password,
            demo=True,
        )
        for username, (name, role, area, organisation) in ACCOUNTS.items()
    }
    User.objects.bulk_create(written.values())
    return Offices(
        written["unit"],
        {JINCHUAN: written["jinchuan"], YONGCHANG: written["yongchang"]},
    )

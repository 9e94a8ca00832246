"""What a department may know of a person: one table from the matter to the fields.

Whatever stands in no line of it never reaches a department (个人信息保护法第6条:
no more than the purpose needs). Numbers a person is called by come with acceptance.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from casework.enums import NeedKind, ReferralStatus
from casework.models import Referral
from common.masks import mask_id, mask_text
from recipients.models import Guardian, Recipient
from recipients.screens import disability_words

ALWAYS = ("name", "place")
FIELDS_OF: dict[str, tuple[str, ...]] = {
    NeedKind.LIVING: ("age", "category", "dibao", "household", "phone"),
    NeedKind.MEDICAL: ("age", "disability", "health", "phone"),
    NeedKind.EDUCATION: ("sex", "age", "disability", "guardian", "guardian_phone"),
    NeedKind.HOUSING: ("address", "household", "dibao", "phone"),
    NeedKind.EMPLOYMENT: ("sex", "age", "disability", "phone"),
    NeedKind.BARRIER_FREE: ("disability", "address", "phone"),
    NeedKind.LEGAL: ("age", "guardian", "guardian_phone", "phone"),
    NeedKind.CARE: ("age", "category", "health", "guardian", "guardian_phone"),
    NeedKind.REGISTRATION: ("sex", "birth", "id", "guardian", "guardian_phone"),
    NeedKind.OTHER: ("age",),
}
# What one is reached by; shown once the department has taken the matter on.
AFTER_ACCEPTANCE = ("phone", "guardian_phone", "address")
WAITS = "受理后显示"


@dataclass(frozen=True)
class Known:
    """One thing a department may know: its label and its words."""

    label: str
    words: str


@dataclass(frozen=True)
class _Field:
    label: str
    read: Callable[[Recipient, Guardian | None], str]


FIELDS: dict[str, _Field] = {
    "name": _Field("姓名", lambda person, guardian: person.name),
    "place": _Field(
        "所在", lambda person, guardian: f"{person.area.full_name}{person.village}"
    ),
    "sex": _Field("性别", lambda person, guardian: person.get_sex_display()),
    "age": _Field("年龄", lambda person, guardian: _age(person)),
    "birth": _Field(
        "出生年月",
        lambda person, guardian: (
            f"{person.birth_on:%Y年%m月}" if person.birth_on else ""
        ),
    ),
    "id": _Field("身份证号", lambda person, guardian: _id(person)),
    "category": _Field(
        "对象类别", lambda person, guardian: str(person.get_category_display())
    ),
    "disability": _Field("残疾", lambda person, guardian: disability_words(person)),
    "health": _Field("健康状况", lambda person, guardian: str(person.health)),
    "dibao": _Field("享受低保", lambda person, guardian: _yes_no(person.dibao)),
    "household": _Field(
        "家庭人口",
        lambda person, guardian: (
            f"{person.household.size} 人" if person.household.size else ""
        ),
    ),
    "address": _Field("家庭住址", lambda person, guardian: str(person.address)),
    "phone": _Field("联系电话", lambda person, guardian: str(person.phone)),
    "guardian": _Field(
        "监护人",
        lambda person, guardian: (
            f"{guardian.name}({guardian.relation or '监护人'})" if guardian else ""
        ),
    ),
    "guardian_phone": _Field(
        "监护人电话", lambda person, guardian: str(guardian.phone) if guardian else ""
    ),
}


def known_of(referral: Referral) -> list[Known]:
    """Return what the department may know of the person, for this matter."""
    person = referral.need.recipient
    guardian = person.guardians.filter(first=True).first()
    accepted = referral.status == ReferralStatus.ACCEPTED
    known = []
    for name in (*ALWAYS, *FIELDS_OF[referral.need.kind]):
        words = FIELDS[name].read(person, guardian)
        if words and name in AFTER_ACCEPTANCE and not accepted:
            words = WAITS if referral.status == ReferralStatus.SENT else ""
        if words:
            known.append(Known(FIELDS[name].label, words))
    return known


def need_words(referral: Referral) -> str:
    """Return what is to be solved, without any number that stands in it."""
    return mask_text(referral.need.words)


def _age(person: Recipient) -> str:
    age = person.age_on(timezone.localdate())
    return "" if age is None else f"{age} 岁"


def _id(person: Recipient) -> str:
    return mask_id(person.resident_id, strict=person.is_young(timezone.localdate()))


def _yes_no(value: bool | None) -> str:  # noqa: FBT001
    return {True: "是", False: "否", None: ""}[value]

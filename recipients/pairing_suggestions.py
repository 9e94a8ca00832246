"""Who fits a recipient as cadre, in which order, and why, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cadres.enums import AreaLevel, CadreKind, Sex
from cadres.models import Area, Cadre
from cadres.models.area import DIGITS
from recipients.enums import Category, PairingKind
from recipients.models import CadreRelative, Guardian, Pairing, Recipient

TOWNSHIP, COUNTY, ELSEWHERE, UNKNOWN = range(4)
NEAR = ("同一乡镇街道", "同一县区", "单位在其他地方", "")
RING_SIZE = 12
KINDS = {
    PairingKind.CADRE: CadreKind.CADRE,
    PairingKind.MOTHER: CadreKind.MOTHER,
    PairingKind.DOCTOR: CadreKind.DOCTOR,
}
# What a person of a category is most often in want of.
WANTED = {
    Category.CHILD: ("教育", "心理"),
    Category.DISABLED: ("医疗", "康复", "残疾人服务"),
    Category.DESTITUTE: ("就业", "医疗", "法律"),
}


@dataclass(frozen=True)
class Reason:
    """One line of 为什么是这位: the words, what it is about, whether it speaks for."""

    words: str
    about: str
    good: bool = True


@dataclass(frozen=True)
class Family:
    """What of a household bears on the choice of its cadre."""

    recipient: Recipient
    members: list[Recipient]
    carers: frozenset[Any]
    phones: frozenset[bytes]
    ids: frozenset[bytes]
    # Who has declared to be related to one of them.
    kin: frozenset[Any] = frozenset()

    @property
    def others(self) -> list[Recipient]:
        """The other people on file in the household."""
        return [one for one in self.members if one.pk != self.recipient.pk]


@dataclass(frozen=True)
class Fit:
    """How well a cadre fits a family."""

    cadre: Cadre
    load: int
    near: int
    cares_already: bool
    related: bool
    skills: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def load_after(self) -> int:
        return self.load if self.cares_already else self.load + 1

    @property
    def over(self) -> bool:
        """Say whether the pairing would need the county's words."""
        return not self.cares_already and self.load >= self.cadre.capacity

    @property
    def near_words(self) -> str:
        return NEAR[self.near]

    @property
    def order(self) -> tuple[Any, ...]:
        """The best comes first; equals stand by unit and name, so it is the same."""
        return (
            self.related,
            not self.cares_already,
            self.over,
            self.near,
            len(self.notices),
            self.load,
            -len(self.skills),
            self.cadre.organisation.pinyin,
            self.cadre.pinyin,
            str(self.cadre.pk),
        )

    @property
    def reasons(self) -> list[Reason]:
        """Say why, or why not, in words."""
        cadre, unit = self.cadre, self.cadre.organisation
        where = f"{unit},{self.near_words}".rstrip(",")
        said = [Reason(where, "距离", self.near != ELSEWHERE)]
        if self.cares_already:
            said.append(Reason("已结对同一家庭的其他对象,一次走访都能看到", "家庭"))
        said.append(Reason(self._load_words(), "负荷", not self.over))
        if self.skills:
            said.append(Reason(f"擅长{'、'.join(self.skills)},正是所需", "专长"))
        said.append(
            Reason("与本人、监护人或同住家人同号或是亲属,须回避", "回避", good=False)
            if self.related
            else Reason(
                "与本人、监护人、同住家人的证件和电话都不相同,没有申报亲属", "回避"
            )
        )
        if not cadre.active:
            said.append(Reason("已离岗", "在岗", good=False))
        return [*said, *(Reason(words, "提示", good=False) for words in self.notices)]

    @property
    def summary(self) -> str:
        """Say it in one line, without what goes without saying."""
        told = [one for one in self.reasons if one.about != "回避" or not one.good]
        return ";".join(one.words for one in told)

    def _load_words(self) -> str:
        after, most = self.load_after, self.cadre.capacity
        if self.over:
            return f"再结一户后 {after} 户,超过上限 {most} 户,须说明理由"
        same = "户数不变," if self.cares_already else "再结一户后 "
        return f"{same}{after} 户,上限 {most} 户"

    def behind(self, first: "Fit") -> str:
        """Say in what this one differs from the first choice, for the worse or not."""
        said = []
        if self.near != first.near:
            said.append(f"{'较远' if self.near > first.near else '较近'}")
        if self.over:
            said.append("已到上限,须说明")
        elif self.load != first.load:
            more = self.load - first.load
            said.append(f"{'多' if more > 0 else '少'} {abs(more)} 户")
        if first.cares_already and not self.cares_already:
            said.append("不在这家结对")
        if len(self.skills) < len(first.skills):
            said.append("专长不如")
        return ",".join(said) or "条件相当"


def family_of(recipient: Recipient) -> Family:
    """Return the household with its numbers' indexes; three queries."""
    members = list(
        Recipient.objects.filter(household=recipient.household_id)
        .not_left()
        .select_related("area")
        .order_by("birth_on", "id")
    )
    guards = Guardian.objects.filter(recipient__household=recipient.household_id)
    guard_phones = guards.exclude(phone_index=None).values_list("phone_index")
    ids = _keys(one.resident_id_index for one in members)
    known = _known_cadres(recipient.household_id, ids)
    phones = [one.phone_index for one in members] + [key for (key,) in guard_phones]
    return Family(
        recipient=recipient,
        members=members,
        carers=frozenset(cadre for cadre, is_kin in known if not is_kin),
        phones=_keys(phones),
        ids=ids,
        kin=frozenset(cadre for cadre, is_kin in known if is_kin),
    )


def _known_cadres(household: Any, ids: frozenset[bytes]) -> list[tuple[Any, bool]]:
    """Return who cares for the household, and who has declared to be its relative."""
    carers = Pairing.objects.active().filter(recipient__household=household)
    kin = CadreRelative.objects.standing().filter(resident_id_index__in=ids)
    both = [
        found.order_by().annotate(is_kin=Value(said)).values_list("cadre_id", "is_kin")
        for found, said in ((carers, False), (kin, True))
    ]
    return list(both[0].union(both[1], all=True))


def _keys(found: Iterable[Any]) -> frozenset[bytes]:
    return frozenset(bytes(key) for key in found if key)


def with_load(cadres: QuerySet[Cadre]) -> QuerySet[Any]:
    """Annotate the number of households each cadre now cares for."""
    households = (
        Pairing.objects.active()
        .filter(cadre=OuterRef("pk"))
        .order_by()
        .values("cadre")
        .annotate(n=Count("recipient__household", distinct=True))
    )
    return cadres.annotate(load=Coalesce(Subquery(households.values("n")), Value(0)))


def fits(
    family: Family, *, kind: str, also: Sequence[Any] = (), limit: int = 3
) -> list[Fit]:
    """Return those who fit best, best first, and those named in ``also`` besides.

    Looks at a few of each ring (township, county, elsewhere) and at who cares for
    the household already, so that it costs the same among any number of cadres.
    """
    keys = {*_nearby(family, kind), *family.carers, *also}
    rows = with_load(Cadre.objects.filter(pk__in=keys)).select_related("organisation")
    found = [fit(family, cadre) for cadre in rows]
    wanted = KINDS[PairingKind(kind)]
    named = [one for one in found if one.cadre.pk in also]
    free = [
        one
        for one in found
        if one.cadre.pk not in also
        and one.cadre.active
        and not one.related
        and one.cadre.kind == wanted
    ]
    return [*named, *sorted(free, key=lambda one: one.order)[:limit]]


def fit(family: Family, cadre: Any) -> Fit:
    """Judge one cadre, who was read ``with_load``."""
    recipient = family.recipient
    wanted = WANTED[Category(recipient.category)]
    return Fit(
        cadre=cadre,
        load=cadre.load,
        near=_near(recipient.area_id, cadre.organisation.area_id or ""),
        cares_already=cadre.pk in family.carers,
        related=bool(
            _keys([cadre.phone_index]) & family.phones
            or _keys([cadre.resident_id_index]) & family.ids
            or cadre.pk in family.kin
        ),
        skills=[skill for skill in cadre.skills if skill in wanted],
        notices=_notices(recipient, cadre),
    )


def _near(home: str, unit: str) -> int:
    for ring, level in ((TOWNSHIP, AreaLevel.TOWNSHIP), (COUNTY, AreaLevel.COUNTY)):
        digits = DIGITS[level]
        if unit[:digits] == home[:digits]:
            return ring
    return ELSEWHERE


def _notices(recipient: Recipient, cadre: Cadre) -> list[str]:
    """Say what the office should look at; a notice refuses nothing."""
    said = []
    if recipient.name[:1] == cadre.name[:1]:
        said.append("与对象同姓,请核对是否亲属")
    girl = recipient.sex == Sex.FEMALE and recipient.is_minor(timezone.localdate())
    if girl and cadre.sex == Sex.MALE:
        said.append("对象是女童,建议女干部结对或有女同志同行")
    return said


def _nearby(family: Family, kind: str) -> set[Any]:
    """Return the first free cadres of each ring, in one query."""
    cadres = Cadre.objects.active().filter(kind=KINDS[PairingKind(kind)])
    free = [
        with_load(ring).filter(load__lt=F("capacity")).values("pk")[:RING_SIZE]
        for ring in _rings(cadres, family.recipient.area)
    ]
    first, *others = free
    return {row["pk"] for row in first.union(*others, all=True)}


def _rings(cadres: QuerySet[Cadre], home: Area) -> list[QuerySet[Cadre]]:
    ordered = cadres.order_by("organisation_id", "pinyin", "id")
    township = _range(home.code[: DIGITS[AreaLevel.TOWNSHIP]])
    county = _range(home.code[: DIGITS[AreaLevel.COUNTY]])
    return [
        ordered.filter(**township),
        ordered.filter(**county).exclude(**township),
        ordered.exclude(**county),
    ]


def _range(prefix: str) -> dict[str, str]:
    return {
        "organisation__area_id__gte": prefix,
        "organisation__area_id__lt": str(int(prefix) + 1),
    }


def family_less(cadre: Any) -> Fit:
    """Judge a cadre, read ``with_load``, by load alone, where no family is known."""
    return Fit(
        cadre=cadre, load=cadre.load, near=UNKNOWN, cares_already=False, related=False
    )

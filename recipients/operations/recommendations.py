"""Recommending somebody found: raised by anyone, checked, included or not."""

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import Area, User
from cadres.offices import for_nearest, offices
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs.operations import notify
from recipients.enums import RecipientStatus, RecommendationStatus
from recipients.models import Recipient, Recommendation
from recipients.operations.people import opened
from recipients.pairing_rules import decides, lock_people
from recipients.person_facts import PersonFacts
from recipients.reach import is_within

COUNTY_DIGITS = 6
register(
    {
        "recommendation.raised": "推荐了一人纳入",
        "recommendation.checked": "核实了推荐的人",
        "recommendation.declined": "对推荐的人不予纳入",
        "recommendation.returned": "退回了推荐,请重新核实",
        "recommendation.included": "按推荐建立了档案",
        "recommendation.tied": "推荐的人已有档案,作了关联",
    }
)


@permits(Permission.SIGNED_IN)
@transaction.atomic
def recommend(
    *,
    name: str,
    area: Area,
    place: str,
    words: str,
    category: str = "",
    phone: str = "",
    resident_id: str = "",
    by: User,
) -> Recommendation:
    """Name somebody found; the nearest office with an account is told to check."""
    if not (name.strip() and place.strip() and words.strip()):
        raise Refused("请写明是谁、在哪里、什么情况。")
    found = Recommendation.objects.create(
        name=name.strip(),
        area=area,
        place=place.strip(),
        words=words.strip(),
        category=category,
        phone=phone,
        resident_id=resident_id,
        raised_by=by,
    )
    trail.record("recommendation.raised", subject=found, by=by)
    _tell_offices(found, "有一人被推荐纳入,请核实。")
    return found


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def check_recommendation(
    *, recommendation: Recommendation, words: str, by: User
) -> Recommendation:
    """Say what was found on the spot and put it before the county."""
    found = _checked(recommendation, RecommendationStatus.CHECKED, "核实", words, by)
    trail.record("recommendation.checked", subject=found, by=by)
    _tell_offices(found, "有一人推荐纳入已核实,请审批。", digits=COUNTY_DIGITS)
    return found


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def decline_recommendation(
    *, recommendation: Recommendation, words: str, by: User
) -> Recommendation:
    """Close it with the reason; numbers of who is not included are not kept."""
    found = _checked(
        recommendation, RecommendationStatus.DECLINED, "不予纳入", words, by
    )
    found.phone = found.resident_id = ""
    found.save(update_fields=["phone", "resident_id"])
    trail.record("recommendation.declined", subject=found, by=by)
    _tell(found, found.raised_by, "您推荐的一人经核实未纳入。")
    return found


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def return_recommendation(
    *, recommendation: Recommendation, words: str, by: User
) -> Recommendation:
    """Send it back to be checked again, with what is missing."""
    found = _to_decide(recommendation, by)
    found.move_to(RecommendationStatus.RAISED)
    _add_line(found, "退回", words)
    found.save(update_fields=["status", "answer"])
    trail.record("recommendation.returned", subject=found, by=by)
    if found.checked_by is not None:
        _tell(found, found.checked_by, "一件推荐纳入被退回,请重新核实。")
    return found


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def include_recommendation(
    *, recommendation: Recommendation, facts: PersonFacts, by: User
) -> Recommendation:
    """Open the file of who was recommended.

    Raises Refused to whoever recommended or checked, and as ``register_person`` does.
    """
    found = _to_decide(recommendation, by)
    person = opened(facts, whose=by)
    return _include(found, person, "recommendation.included", by)


@permits(Permission.EDIT_RECIPIENTS)
@transaction.atomic
def tie_recommendation(
    *, recommendation: Recommendation, recipient: Recipient, by: User
) -> Recommendation:
    """Say that who was recommended is on file already.

    Raises Refused beyond the account's reach and for a file that is closed.
    """
    lock_people([recipient.pk], [])
    recipient.refresh_from_db()
    found = _to_decide(recommendation, by)
    if not is_within(recipient.area_id, by):
        raise Refused("这份档案不在管辖范围。")
    if recipient.status == RecipientStatus.LEFT:
        raise Refused("这份档案已退出;请先恢复在册,再作关联。")
    return _include(found, recipient, "recommendation.tied", by)


def check_may_include(recommendation: Recommendation, user: User) -> None:
    """Refuse who may not decide on this recommendation as it stands."""
    if not (decides(user) and is_within(recommendation.area_id, user)):
        raise Refused("由所在地的县区关爱办(或市关爱办)审批。")
    if recommendation.status != RecommendationStatus.CHECKED:
        now = recommendation.get_status_display()
        raise Refused(f"这件推荐现在是“{now}”,核实以后才能审批。")
    if any(
        map(user.is_same_person, (recommendation.raised_by, recommendation.checked_by))
    ):
        raise Refused("不能审批自己(或同名账号)推荐或核实的,请由另一位同事审批。")


def _include(
    found: Recommendation, person: Recipient, kind: str, by: User
) -> Recommendation:
    found.move_to(RecommendationStatus.INCLUDED)
    found.recipient, found.included_by = person, by
    found.included_at = timezone.now()
    found.save(update_fields=["status", "recipient", "included_by", "included_at"])
    trail.record(kind, subject=person, by=by)
    _tell(found, found.raised_by, "您推荐的一人已纳入。谢谢!")
    return found


def _checked(
    recommendation: Recommendation,
    status: RecommendationStatus,
    label: str,
    words: str,
    by: User,
) -> Recommendation:
    found = _locked(recommendation)
    if by.role != Role.CARE_OFFICE or not is_within(found.area_id, by):
        raise Refused("由所在地的关爱办核实。")
    found.move_to(status)
    _add_line(found, label, words)
    found.checked_by, found.checked_at = by, timezone.now()
    found.save(update_fields=["status", "answer", "checked_by", "checked_at"])
    return found


def _to_decide(recommendation: Recommendation, by: User) -> Recommendation:
    found = _locked(recommendation)
    check_may_include(found, by)
    return found


def _locked(recommendation: Recommendation) -> Recommendation:
    rows = Recommendation.objects.select_related("area", "raised_by", "checked_by")
    return rows.select_for_update(of=("self",)).get(pk=recommendation.pk)


def _add_line(found: Recommendation, label: str, words: str) -> None:
    if not words.strip():
        raise Refused("请写明情况。")
    line = f"{timezone.localdate():%m-%d} {label}:{words.strip()}"
    found.answer = f"{found.answer}\n{line}".strip()


def _tell_offices(found: Recommendation, words: str, digits: int = 12) -> None:
    known = offices(timezone.localdate())
    for office, _ in for_nearest({found.area_id: 1}, known, digits):
        _tell(found, office, words)


def _tell(found: Recommendation, to: User, words: str) -> None:
    """Ring; checked again after a return, it rings again."""
    at = int(found.checked_at.timestamp()) if found.checked_at else ""
    notify(
        to=to,
        kind="recommendation",
        period=f"{found.pk}:{found.status}:{at}",
        words=words,
        url=f"/recipients/recommendations/{found.pk}/",
    )

"""Breaking the glass: an urgent look outside one's reach, told and reviewed."""

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.sentences import register
from cadres.enums import Role
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from jobs.operations import notify
from recipients.enums import GlassVerdict
from recipients.models import GlassLook, Recipient
from recipients.models.glass import OPEN_FOR

SHORTEST_REASON = 6
register(
    {
        "glass.broken": "紧急查看了辖区外的一名对象",
        "glass.reviewed": "复核了一次紧急查看",
    }
)


@permits(Permission.BREAK_GLASS)
@transaction.atomic
def break_glass(*, recipient: Recipient, reason: str, by: User) -> GlassLook:
    """Let the account see one person outside its reach for two hours.

    The person's office and the auditor are told. Raises Refused without a reason,
    or while another urgent look of the account is open.
    """
    # Two tabs may ask at once: the account's row is what they queue for.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(f"请写明紧急理由(至少 {SHORTEST_REASON} 个字)。")
    if Recipient.objects.visible_to(by).filter(pk=recipient.pk).exists():
        raise Refused("这名对象就在您的管辖范围内,不用申请紧急查看。")
    now = timezone.now()
    if GlassLook.objects.open_to(by, now).exists():
        raise Refused("您还有一次紧急查看没有到期,一次只能查看一人。")
    look = GlassLook.objects.create(
        recipient=recipient,
        user=by,
        reason=reason.strip(),
        opened_at=now,
        until=now + OPEN_FOR,
    )
    trail.record(
        "glass.broken",
        subject=recipient,
        by=by,
        reason=reason.strip()[:200],
        until=timezone.localtime(look.until).isoformat(),
    )
    _tell(look)
    return look


@permits(Permission.REVIEW_GLASS)
@transaction.atomic
def review_glass(
    *, look: GlassLook, verdict: GlassVerdict, words: str, by: User
) -> GlassLook:
    """Say whether the urgent look was right, and why.

    Raises Refused for one's own look, for a township's office, and the second time.
    """
    look = (
        GlassLook.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .get(pk=look.pk)
    )
    if by.is_same_person(look.user):
        raise Refused("不能复核自己(或同名账号)的紧急查看。")
    if by.role != Role.AUDITOR and not (by.area and by.area.level != "township"):
        raise Refused("请由县区以上关爱办或审计复核。")
    if look.verdict != GlassVerdict.WAITING:
        raise Refused("这次紧急查看已经复核过了。")
    if verdict not in (GlassVerdict.RIGHT, GlassVerdict.WRONG):
        raise Refused("请选择合理或不合理。")
    if not words.strip():
        raise Refused("请写明复核意见。")
    look.verdict, look.review_words = verdict, words.strip()
    look.reviewed_by, look.reviewed_at = by, timezone.now()
    look.save(update_fields=["verdict", "review_words", "reviewed_by", "reviewed_at"])
    trail.record("glass.reviewed", subject=look.recipient, by=by, verdict=verdict)
    return look


def _tell(look: GlassLook) -> None:
    """Ring with every office above the person and with the auditors; name nobody."""
    area = look.recipient.area_id
    offices = User.objects.filter(
        role=Role.CARE_OFFICE, is_active=True, area__isnull=False
    ).select_related("area")
    owners = [one for one in offices if one.area and area.startswith(one.area.prefix)]
    auditors = User.objects.filter(role=Role.AUDITOR, is_active=True)
    for one in [*owners, *auditors]:
        if one.pk != look.user_id:
            notify(
                to=one,
                kind="glass.broken",
                period=str(look.pk),
                words=f"有账号紧急查看了对象 {look.recipient.code},请事后复核。",
                url="/glass/",
            )

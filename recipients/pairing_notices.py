"""What is said in the bell about a pairing; the words name nobody."""

from cadres.models import User
from jobs.operations import notify
from recipients.models import Pairing

TO_CADRE = {
    "approved": "有一位关爱对象与您结对,请尽快联系。",
    "undone": "刚才通过的一件结对已撤销,请等候通知。",
    "paused": "您的一件结对已暂停,恢复前不用走访。",
    "resumed": "您的一件结对已恢复,请尽快联系。",
    "ended": "您的一件结对已结束,感谢您的付出。",
    "end_undone": "刚才结束的一件结对已恢复,请继续联系。",
    "handed_over": "您的一件结对已交接给其他干部,感谢您的付出。",
}
TO_PROPOSER = {
    "approved": "您提出的结对已通过。",
    "undone": "您提出的结对刚才通过后又撤销,请等候审核。",
    "returned": "您提出的结对被退回,请看原因后重新提出。",
}
STARTING = {"approved", "resumed", "end_undone"}


def tell(pairing: Pairing, what: str, *, by: User) -> None:
    """Ring the bell of the cadre and of who proposed, in the deed's transaction."""
    # A bell rings once for a kind and period; the version tells one change apart.
    period = f"{pairing.pk}:{pairing.version}"
    told = {by.pk}
    carer, proposer = pairing.cadre.user, pairing.proposed_by
    if carer is not None and carer.pk not in told and what in TO_CADRE:
        told.add(carer.pk)
        url = f"/recipients/{pairing.recipient_id}/" if what in STARTING else ""
        notify(
            to=carer,
            kind=f"pairing.{what}",
            period=period,
            words=TO_CADRE[what],
            url=url,
        )
    if proposer is not None and proposer.pk not in told and what in TO_PROPOSER:
        notify(
            to=proposer,
            kind=f"pairing.{what}",
            period=period,
            words=TO_PROPOSER[what],
            url=f"/pairings/{pairing.pk}/",
        )

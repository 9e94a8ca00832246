"""What the visit form shows besides its fields: chips, phrases, the seven rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.forms import BoundField

from policies.enums import CheckState, Policy
from policies.models import PolicyCheck
from policies.queries import policies_in_order
from recipients.models import Pairing
from recipients.screens import due_state
from visits.enums import Outcome, Way
from visits.forms import VisitForm
from visits.models import Deed
from visits.phrases import phrases_for
from visits.telling_forms import COUNTED, GIVEN, OTHER_DAY, TellingForm

LEADING = (Way.HOME, Way.PHONE, Way.VIDEO, Way.ERRAND)
ICONS = {
    Way.HOME: "house-door-fill",
    Way.PHONE: "telephone-fill",
    Way.VIDEO: "camera-video-fill",
    Way.ERRAND: "person-walking",
    Way.HOSPITAL: "hospital-fill",
    Way.CENTRE: "building-fill",
    Way.OFFICE: "chat-dots-fill",
}
# The words of a check, the third cut short for a phone, and a segment's class.
STATES = (
    (CheckState.ENJOYED, "已享受", ""),
    (CheckState.UNCLAIMED, "应享未享", "no"),
    (CheckState.NOT_ELIGIBLE, "不符合", "na"),
    (CheckState.UNSURE, "待核实", "ask"),
)


@dataclass(frozen=True)
class WayChip:
    """A way of visiting, or how it went, to tap."""

    value: str
    words: str
    icon: str


OUTCOME_ICONS = {
    Outcome.MET: "people-fill",
    Outcome.NOT_MET: "door-open",
    Outcome.REFUSED: "x-circle",
}


@dataclass(frozen=True)
class DayChip:
    """A day to tap."""

    value: str
    words: str
    day: date


@dataclass(frozen=True)
class PolicyRow:
    """One of the seven: the field, its words, and what stood there last time."""

    policy: Policy
    state: BoundField
    words: BoundField
    before: PolicyCheck | None

    @property
    def wants_words(self) -> bool:
        """Say whether words are asked for: 应享未享, or some are there."""
        return self.state.value() == CheckState.UNCLAIMED or bool(self.words.value())


@dataclass(frozen=True)
class GiftRow:
    """One kind of gift: how much it was worth, and what it was."""

    words: str
    amount: BoundField
    what: BoundField


def form_context(
    form: VisitForm,
    *,
    pairings: Sequence[Pairing],
    checks: dict[str, PolicyCheck],
    refuses: bool,
    today: date,
) -> dict[str, Any]:
    """Return what the template of the form wants; who ``refuses`` is called up."""
    first = pairings[0]
    recipient = first.recipient
    return {
        "form": form,
        "pairing": first,
        "recipient": recipient,
        "age": recipient.age_on(today),
        "due": due_state(first, today),
        "leading_ways": [way_chip(way) for way in LEADING],
        "other_ways": [way_chip(way) for way in Way if way not in LEADING],
        "way_is_other": str(form["way"].value()) not in LEADING,
        "outcomes": [outcome_chip(outcome) for outcome in Outcome],
        "called_up": refuses,
        "days": day_chips(today),
        "other_day": OTHER_DAY,
        "today": today,
        "phrases": phrases_for(recipient.category),
        "states": STATES,
        "policies": _rows(form, recipient_policies(first), checks),
        **deeds_context(form),
    }


def deeds_context(form: TellingForm) -> dict[str, Any]:
    """Return what the part about deeds wants."""
    counts, gifts = [form[f"count_{kind}"] for kind in COUNTED], gift_fields(form)
    told = [*counts, *(field for gift in gifts for field in (gift.amount, gift.what))]
    return {
        "counts": counts,
        "gifts": gifts,
        "deeds_told": any(field.value() for field in told),
    }


def gift_fields(form: TellingForm, whose: str = "") -> list[GiftRow]:
    """Return the fields of each kind of gift: to all, or to one alone."""
    return [
        GiftRow(
            words=str(kind.label),
            amount=form[f"{kind}_amount{whose}"],
            what=form[f"{kind}_words{whose}"],
        )
        for kind in GIVEN
    ]


def recipient_policies(pairing: Pairing) -> list[Policy]:
    """Return the seven in the order that suits the person."""
    return policies_in_order(pairing.recipient)


def deed_words(deed: Deed) -> str:
    """Say 资助资金 200.00 元(学费) or 帮办实事 2 件."""
    much = f"{deed.amount:,.2f} 元" if deed.amount else f"{deed.quantity} 件"
    return f"{deed.get_kind_display()} {much}{f'({deed.words})' if deed.words else ''}"


def _rows(
    form: VisitForm, order: list[Policy], checks: dict[str, PolicyCheck]
) -> list[PolicyRow]:
    return [
        PolicyRow(
            policy=policy,
            state=form[f"policy_{policy}"],
            words=form[f"policy_{policy}_words"],
            before=checks.get(policy),
        )
        for policy in order
    ]


def way_chip(way: Way) -> WayChip:
    """Return the way as a chip."""
    return WayChip(str(way), str(way.label), ICONS[way])


def outcome_chip(outcome: Outcome) -> WayChip:
    """Return how it went as a chip."""
    return WayChip(str(outcome), str(outcome.label), OUTCOME_ICONS[outcome])


def day_chips(today: date) -> list[DayChip]:
    """Return today and yesterday."""
    yesterday = today - timedelta(days=1)
    return [
        DayChip(today.isoformat(), "今天", today),
        DayChip(yesterday.isoformat(), "昨天", yesterday),
    ]

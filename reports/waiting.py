"""What waits in people's lives and files, for an office's workbench."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cadres.models import User
from common.keyset import capped_counts
from recipients.models import (
    FileMerge,
    LifeTask,
    LikelyPair,
    Pairing,
    Recommendation,
    Transfer,
)
from recipients.pairing_queues import acting_asked, to_hand_over
from recipients.pairing_rules import decides


@dataclass(frozen=True)
class Task:
    """One thing that waits: how many, and where they are."""

    icon: str
    words: str
    count: int
    url: str


def lives(user: User) -> list[Task]:
    """Return what waits in people's lives and files until somebody has decided."""
    board = reverse("recipients:pairing_board")
    doubts = reverse("recipients:duplicate_list")
    merges = FileMerge.objects.visible_to(user)
    named = reverse("recipients:recommendation_list")
    recommended = Recommendation.objects.within_office_of(user)
    to_include = recommended.checked()
    waiting: list[tuple[str, str, Any, str]] = [
        (
            "calendar-event",
            "人生事项待办",
            LifeTask.objects.visible_to(user).waiting(timezone.localdate()),
            reverse("recipients:task_list"),
        ),
        (
            "arrow-left-right",
            "结对需交接",
            to_hand_over(Pairing.objects.visible_to(user)),
            f"{board}?queue=handover",
        ),
        (
            "person-plus",
            "代管待审核",
            acting_asked(Pairing.objects.visible_to(user)),
            f"{board}?queue=acting",
        ),
        (
            "geo-alt-fill",
            "跨县区转接待接收",
            Transfer.objects.visible_to(user).proposed(),
            reverse("recipients:transfer_list"),
        ),
        (
            "intersect",
            "疑似重复档案",
            LikelyPair.objects.visible_to(user).undecided(),
            doubts,
        ),
        (
            "check2-all",
            "档案合并待审核",
            merges.proposed(),
            f"{doubts}?list=proposed",
        ),
        (
            "person-plus",
            "推荐纳入待核实",
            recommended.raised(),
            f"{named}?list=raised",
        ),
        (
            "check2-circle",
            "推荐纳入待审批",
            to_include if decides(user) else to_include.none(),
            f"{named}?list=checked",
        ),
    ]
    counts = capped_counts({words: rows for _, words, rows, _ in waiting})
    return [
        Task(icon, words, counts[words], url)
        for icon, words, _, url in waiting
        if counts[words]
    ]

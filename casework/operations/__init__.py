"""What can be done to needs, and to their referral."""

from casework.operations.deaths import settle_needs_of_the_dead
from casework.operations.needs import (
    DAYS_TO_SOLVE,
    accept_need,
    begin_need,
    confirm_need,
    decline_need,
    raise_need,
    reopen_need,
    report_harm,
    say_whose,
    solve_need,
    write_need,
)
from casework.operations.referrals import (
    accept_referral,
    answer_referral,
    close_referral,
    return_referral,
    see_referral,
    send_referral,
)

__all__ = [
    "DAYS_TO_SOLVE",
    "accept_need",
    "accept_referral",
    "answer_referral",
    "begin_need",
    "close_referral",
    "confirm_need",
    "decline_need",
    "raise_need",
    "reopen_need",
    "report_harm",
    "return_referral",
    "say_whose",
    "see_referral",
    "send_referral",
    "settle_needs_of_the_dead",
    "solve_need",
    "write_need",
]

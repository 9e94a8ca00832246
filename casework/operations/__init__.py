"""What can be done to needs, and to their referral."""

from casework.operations.needs import (
    DAYS_TO_SOLVE,
    accept_need,
    begin_need,
    close_needs_of_the_dead,
    confirm_need,
    decline_need,
    raise_need,
    reopen_need,
    solve_need,
    write_need,
)

__all__ = [
    "DAYS_TO_SOLVE",
    "accept_need",
    "begin_need",
    "close_needs_of_the_dead",
    "confirm_need",
    "decline_need",
    "raise_need",
    "reopen_need",
    "solve_need",
    "write_need",
]

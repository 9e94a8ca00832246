"""What can be done with a file that came in."""

from intake.operations.at_once import Brought, bring_in
from intake.operations.confirming import ask_to_confirm, confirm
from intake.operations.correcting import correct_row
from intake.operations.receiving import check, fail, receive
from intake.operations.undoing import InTheWay, undo_batch

__all__ = [
    "Brought",
    "InTheWay",
    "ask_to_confirm",
    "bring_in",
    "check",
    "confirm",
    "correct_row",
    "fail",
    "receive",
    "undo_batch",
]

"""The whole state machine: a table of lawful moves."""

from typing import ClassVar

from common.refusals import Refused


class StateMachine:
    """Gives a model with a ``status`` field its lawful moves."""

    MOVES: ClassVar[dict[str, frozenset[str]]]
    status: str

    def move_to(self, target: str) -> None:
        """Take the new state in memory; saving is the operation's business."""
        if target not in self.MOVES.get(self.status, frozenset()):
            raise Refused(f"“{self}”现在不能这样变更,请刷新后再看。")
        self.status = target

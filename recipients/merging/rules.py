"""What a model says of its rows when two files of one person become one.

A model with a key to a person declares ``ON_MERGE = {field: rule}``. One that does not
fails the build and stops every merge: nothing of a person may be left behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Moves:
    """The rows go over to the file that is kept.

    Where only one such row may stand, the first in the order of ``first`` does; on the
    others ``gives_way`` is set (a value, or a function that makes it). Without it they
    are put away with the other file, and come back with it; so are those that break
    one of the constraints named in ``put_away``.
    """

    first: tuple[str, ...] = ("pk",)
    gives_way: Mapping[str, Any] = field(default_factory=dict)
    put_away: frozenset[str] = frozenset()

    def made_way(self) -> dict[str, Any]:
        return {
            name: value() if callable(value) else value
            for name, value in self.gives_way.items()
        }


@dataclass(frozen=True)
class StaysBehind:
    """The rows are put away with the file that goes, and come back with it."""


Rule = Moves | StaysBehind

"""Departments' lists, their rows, and what differs from the registry."""

from rosters.models.difference import Difference, DifferenceQuerySet
from rosters.models.roster import Roster, RosterQuerySet, RosterRow

__all__ = ["Difference", "DifferenceQuerySet", "Roster", "RosterQuerySet", "RosterRow"]

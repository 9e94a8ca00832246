"""What rosters of people and of pairings mean for the registry."""

from intake.registry import register
from recipients.imports.pairings import PairingImporter
from recipients.imports.people import PeopleImporter

register(PeopleImporter())
register(PairingImporter())

"""What a ledger of past visits means for the registry."""

from intake.registry import register
from visits.imports.ledgers import VisitImporter

register(VisitImporter())

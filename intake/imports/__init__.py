"""What a roster of units and cadres means for the registry."""

from intake.imports.cadres import CadreImporter
from intake.registry import register

register(CadreImporter())

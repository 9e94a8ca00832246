"""Areas, organisations, accounts and cadres."""

from cadres.models.area import Area, AreaQuerySet
from cadres.models.cadre import Cadre, CadreQuerySet
from cadres.models.organisation import Organisation, OrganisationQuerySet
from cadres.models.user import User

__all__ = [
    "Area",
    "AreaQuerySet",
    "Cadre",
    "CadreQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "User",
]

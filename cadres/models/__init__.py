"""Areas, organisations, accounts and cadres."""

from cadres.models.address_tally import AddressTally
from cadres.models.area import Area, AreaQuerySet
from cadres.models.assistant import CadreAssistant, CadreAssistantQuerySet
from cadres.models.cadre import Cadre, CadreLeave, CadreQuerySet
from cadres.models.organisation import Organisation, OrganisationQuerySet
from cadres.models.second_factor import BackupCode, SecondFactor
from cadres.models.session import Session, SessionQuerySet
from cadres.models.user import User

__all__ = [
    "AddressTally",
    "Area",
    "AreaQuerySet",
    "BackupCode",
    "Cadre",
    "CadreAssistant",
    "CadreAssistantQuerySet",
    "CadreLeave",
    "CadreQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "SecondFactor",
    "Session",
    "SessionQuerySet",
    "User",
]

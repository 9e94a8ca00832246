"""Whose an organisation and its cadres are to keep."""

from cadres.enums import Role
from cadres.models import Organisation, User


def keeps(user: User, organisation: Organisation) -> bool:
    """Say whether the account may write about this organisation and its cadres.

    A unit of the city sends cadres into both counties, so an office keeps whatever
    lies above or below its own area; only the neighbour's units are not its own.
    """
    match user.role:
        case Role.ADMIN:
            return True
        case Role.UNIT_LIAISON:
            return user.organisation_id == organisation.pk
        case Role.CARE_OFFICE if user.area and organisation.area:
            own, theirs = user.area.prefix, organisation.area.prefix
            return own.startswith(theirs) or theirs.startswith(own)
        case Role.CARE_OFFICE:
            return True
        case _:
            return False

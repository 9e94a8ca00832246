"""What happens to needs when something happens to people, in the same transaction."""

from casework.operations.deaths import settle_needs_of, unsettle_needs_of
from recipients.operations import standing

standing.after_death.append(
    standing.AfterDeath("needs", settle_needs_of, unsettle_needs_of)
)

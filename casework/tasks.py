"""What happens to needs when something happens to people, in the same transaction."""

from casework.operations.needs import close_needs_of, reopen_needs_of
from recipients.operations import standing

standing.after_death.append(
    standing.AfterDeath("needs", close_needs_of, reopen_needs_of)
)

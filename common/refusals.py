"""What an operation says when it will not do as asked."""


class Refused(Exception):
    """A deed that the rules do not allow; its text is a sentence for a person."""


class Crowded(Exception):
    """Too many ask for the same thing at this moment; nobody is at fault."""


class Stale(Refused):
    """Someone else has changed the thing since the form was opened."""

    def __init__(self, words: str, changes: list[tuple[str, str, str]]) -> None:
        """Carry what changed: (field in Chinese, the form's value, today's value)."""
        super().__init__(words)
        self.changes = changes

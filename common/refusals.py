"""What an operation says when it will not do as asked."""


class Refused(Exception):
    """A deed that the rules do not allow; its text is a sentence for a person."""


class Crowded(Exception):
    """Too many ask for the same thing at this moment; nobody is at fault."""

    def __init__(self, what: str, *, seconds: int) -> None:
        """Say what is crowded, and after how many seconds to come again."""
        super().__init__(f"{what},请等 {seconds} 秒再试一次。")
        self.seconds = seconds


class Stale(Refused):
    """Someone else has changed the thing since the form was opened."""

    def __init__(self, words: str, changes: list[tuple[str, str, str]]) -> None:
        """Carry what changed: (field in Chinese, the form's value, today's value)."""
        super().__init__(words)
        self.changes = changes

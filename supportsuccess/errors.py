"""Refused: an action said no, for a reason the user may read."""


class Refused(Exception):
    """The domain does not allow it; the message is shown to the user as it is."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

class OperationRepeated(Exception):
    """The same person already did this operation; the edge answers with its result."""

    def __init__(self) -> None:
        super().__init__("This was already done once.")


class OperationInProgress(Exception):
    """The first attempt of this operation has not ended yet."""

    def __init__(self) -> None:
        super().__init__("This is still being done. Try again in a few seconds.")


class OperationConflict(Exception):
    """The operation id was used before, with other content."""

    def __init__(self) -> None:
        super().__init__("This operation id was already used with other content.")

"""All that the plumbing knows about people: who acts, and what they may."""

from typing import Any, Protocol


class Actor(Protocol):
    """Who does something: a person, or `audit.System`. Printed, it is the label in the record."""

    @property
    def pk(self) -> Any: ...


class Viewer(Protocol):
    """Who looks at something."""

    @property
    def pk(self) -> Any: ...

    def has_perm(self, perm: str, /) -> bool: ...

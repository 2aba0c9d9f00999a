"""Handlers by name: what the runner calls with the ids of a promise."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from supportsuccess.discovery import import_modules
from supportsuccess.errors import Refused

Function = TypeVar("Function", bound=Callable[..., None])


class Registry:
    """Functions by name, filled by the decorators in the apps' `tasks` and `jobs` modules."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.functions: dict[str, Callable[..., None]] = {}

    def register(self, name: str) -> Callable[[Function], Function]:
        """Decorate the one function of this name."""

        def keep(function: Function) -> Function:
            if name in self.functions:
                raise ValueError(f"There are two functions for the {self.kind} {name!r}.")
            self.functions[name] = function
            return function

        return keep

    def get(self, name: str) -> Callable[..., None]:
        """The function of this name. Raises Refused, since trying again would not help."""
        load()
        if name not in self.functions:
            raise Refused(f"Nothing is registered for the {self.kind} {name!r}.")
        return self.functions[name]

    def names(self) -> frozenset[str]:
        load()
        return frozenset(self.functions)


handlers = Registry("handler")
steps = Registry("job")
endings = Registry("ending of the job")


def handler(name: str) -> Callable[[Function], Function]:
    """Register what delivers promises of this name. It may run twice, and late.

    It takes the ids as keyword arguments and runs in the transaction that writes the receipt: what
    it does to the database happens once, what it sends may be repeated after a crash.
    """
    return handlers.register(name)


@cache
def load() -> None:
    """Import every app's `tasks` and `jobs`, where handlers, steps and schedules are registered."""
    import_modules("tasks", "jobs")

"""What a job's page shows beyond its progress, said by whoever knows that kind of job."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from supportsuccess.discovery import import_modules
from supportsuccess.outbox.models import Job


class Details(NamedTuple):
    """A template of its own and what it needs."""

    template: str
    context: dict[str, Any]


type Describe = Callable[[Job, Any, datetime], Details]
_described: dict[str, Describe] = {}


def describes(*kinds: str) -> Callable[[Describe], Describe]:
    """Register what describes jobs of these kinds: asked with the job, the person, the moment."""

    def keep(describe: Describe) -> Describe:
        _described.update(dict.fromkeys(kinds, describe))
        return describe

    return keep


def details_of(job: Job, *, user: Any, now: datetime) -> Details | None:
    """What is known of a job beyond its numbers; None for one of a plain kind."""
    _load()
    describe = _described.get(job.kind)
    return describe(job, user, now) if describe else None


@cache
def _load() -> None:
    import_modules("details")

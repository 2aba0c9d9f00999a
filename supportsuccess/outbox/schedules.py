"""Work that comes round: each period is taken once, however many beats there are.

    @schedules.daily("nightly_health", hour_utc=2)
    def promise_nightly_health(*, due_at: datetime) -> None:
        outbox.promise(...)

The function runs in the transaction that takes the period, so it only promises or starts a job.
What is due in someone's own time zone, it computes from rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection, transaction

from supportsuccess.outbox import registry

Promise = Callable[..., None]
TAKE = """
    INSERT INTO outbox_tick (schedule, period) VALUES (%s, %s)
    ON CONFLICT (schedule, period) DO NOTHING
"""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Schedule:
    """A name, when its periods begin, and what promises the work of one."""

    name: str
    every: timedelta
    begins: datetime
    promise: Promise

    def due_at(self, at: datetime) -> datetime:
        """When the period that `at` lies in began."""
        return at - (at - self.begins) % self.every


registered: dict[str, Schedule] = {}


def daily(name: str, *, hour_utc: int) -> Callable[[Promise], Promise]:
    """Once a day, from this hour on; late rather than never."""
    return _register(name, timedelta(days=1), EPOCH + timedelta(hours=hour_utc))


def every(name: str, *, seconds: int) -> Callable[[Promise], Promise]:
    """Once in each stretch of so many seconds."""
    return _register(name, timedelta(seconds=seconds), EPOCH)


def promise_due(*, at: datetime) -> list[str]:
    """Take what periods have begun and nobody took; says whose."""
    registry.load()
    return [schedule.name for schedule in registered.values() if _take_and_promise(schedule, at)]


def names() -> frozenset[str]:
    registry.load()
    return frozenset(registered)


def _register(name: str, length: timedelta, begins: datetime) -> Callable[[Promise], Promise]:
    def keep(function: Promise) -> Promise:
        if name in registered:
            raise ValueError(f"There are two schedules {name!r}.")
        registered[name] = Schedule(name, length, begins, function)
        return function

    return keep


def _take_and_promise(schedule: Schedule, at: datetime) -> bool:
    try:
        with transaction.atomic():
            due_at = schedule.due_at(at)
            is_taken = _take(schedule.name, due_at)
            if is_taken:
                schedule.promise(due_at=due_at)
    except Exception:
        # The others are due all the same; this one is tried again at the next tick.
        log.exception("schedule_failed", schedule=schedule.name)
        return False
    return is_taken


def _take(name: str, due_at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [name, due_at.isoformat()])
        return bool(cursor.rowcount)

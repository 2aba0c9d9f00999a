"""Health: every customer at night, whoever changed within a minute, and past days on demand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import CustomerChange
from accounts.queries.organisation import our_organisation
from insights.actions import backtests, health
from insights.jobs import renewals
from insights.models import BacktestRun
from insights.queries.customer_ranges import customer_ranges
from supportsuccess import audit, outbox
from supportsuccess.lists.cells import day_text
from supportsuccess.outbox import jobs, schedules
from supportsuccess.outbox.models import Delivery, Job

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RECOMPUTE = "recompute_health"
BACKTEST = "backtest_health"
NIGHT = audit.System("nightly health")
# Several marks of one customer are one; what is left is taken by the next drain, at once.
DRAINED_MARKS = 5000
SCORED_AT_ONCE = 1000
DRAIN = """
    DELETE FROM accounts_customerchange WHERE id IN (
        SELECT id FROM accounts_customerchange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING customer_id"""


@schedules.every("nightly_health", seconds=600)
def promise_nightly_health(*, due_at: datetime) -> None:
    """The day that has ended where the company is, once; late rather than never."""
    day = our_organisation().ended_day(due_at).isoformat()
    outbox.promise("start_nightly_health", key=f"nightly_health {day}", queue=outbox.LONG, day=day)


@outbox.handler("start_nightly_health")
def start_nightly_health(*, day: str) -> None:
    start_recompute(date.fromisoformat(day), by=NIGHT)


@schedules.every("customer_changes", seconds=20)
def promise_customer_changes(*, due_at: datetime) -> None:
    if CustomerChange.objects.exists():
        key = f"drain_customer_changes {due_at:%Y-%m-%d %H:%M:%S}"
        outbox.promise("drain_customer_changes", key=key, queue=outbox.LONG)


@outbox.handler("drain_customer_changes")
def drain_customer_changes() -> None:
    """Score whoever changed, and place their renewals in the queue again."""
    with connection.cursor() as cursor:
        cursor.execute(DRAIN, [DRAINED_MARKS])
        marks = [customer_id for (customer_id,) in cursor.fetchall()]
    at = _database_now()
    day = our_organisation().ended_day(at)  # compared with what the night compared with
    for ids in _in_parts(sorted(set(marks))):
        health.score_changed(ids, day=day, at=at)
        renewals.refresh_queue(ids, at=at)
    if len(marks) == DRAINED_MARKS:
        outbox.promise("drain_customer_changes", queue=outbox.LONG)


def start_recompute(day: date, *, by: audit.System, queue: str = outbox.LONG) -> Job:
    """Score every customer for the daily history of `day`, a range of customers at a step."""
    ranges = customer_ranges()
    return jobs.start(
        RECOMPUTE,
        title=f"Health of all customers, {day_text(day)}",
        by=by,
        steps=[{"day": day.isoformat(), "low": low, "high": high} for low, high in ranges],
        queue=queue,
        total=len(ranges),
    )


@jobs.step(RECOMPUTE)
def recompute_range(job: Job, *, day: str, low: int, high: int) -> None:
    """One range of customers in one transaction; after the last one the queue is made anew."""
    at = _database_now()
    scored = health.score_day(low, high, day=date.fromisoformat(day), at=at)
    job.add_to_result(customers=scored)
    job.advance(1)
    if _is_last_step(job):
        outbox.promise("refresh_queue_after_health", queue=outbox.LONG)


@outbox.handler("refresh_queue_after_health")
def refresh_queue_after_health() -> None:
    renewals.refresh_whole_queue(at=_database_now())


@transaction.atomic
def start_backtest(
    *,
    as_of: datetime,
    known_at: datetime,
    by: audit.System,
    ranges: Sequence[tuple[int, int]] | None = None,
    queue: str = outbox.LONG,
) -> tuple[BacktestRun, Job]:
    """Score customers as of a past moment into a run of its own. Raises Refused without a card."""
    run = backtests.start_backtest(as_of=as_of, known_at=known_at, at=timezone.now())
    chosen = customer_ranges() if ranges is None else ranges
    job = jobs.start(
        BACKTEST,
        title=f"Health as of {day_text(as_of)}",
        by=by,
        steps=[{"run_id": run.pk, "low": low, "high": high} for low, high in chosen],
        queue=queue,
        total=len(chosen),
    )
    return run, job


@jobs.step(BACKTEST)
def backtest_range(job: Job, *, run_id: int, low: int, high: int) -> None:
    run = BacktestRun.objects.get(pk=run_id)
    job.add_to_result(customers=health.score_past(run, low, high))
    job.advance(1)
    if _is_last_step(job):
        backtests.finish_backtest(run, at=timezone.now())


def _is_last_step(job: Job) -> bool:
    """Whether only this step is left: of two that end at once the later one sees the other done."""
    Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    return Delivery.objects.pending().filter(job=job).count() == 1


def _database_now() -> datetime:
    """The clock that stamps what is stored; facts of this moment are not in its future."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), SCORED_AT_ONCE):
        yield ids[start : start + SCORED_AT_ONCE]

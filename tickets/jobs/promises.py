from __future__ import annotations

from datetime import datetime, timedelta

from supportsuccess import outbox
from supportsuccess.outbox import schedules
from tickets.actions.promise_moves import break_if_past, last_day_to_break, remind_if_open
from tickets.models import Promise

# an owner hears of it on the working day before, or over a weekend
REMIND_BEFORE = timedelta(days=3)


@schedules.every("break_promises", seconds=3600)
def promise_broken_ones(*, due_at: datetime) -> None:
    for promise in Promise.objects.open().due_before(last_day_to_break(due_at)):
        outbox.promise("break_promise", promise_id=promise.pk, at=due_at.isoformat())


@outbox.handler("break_promise")
def break_one(*, promise_id: int, at: str) -> None:
    break_if_past(Promise.objects.get(pk=promise_id), at=datetime.fromisoformat(at))


@schedules.daily("remind_of_promises", hour_utc=6)
def promise_reminders(*, due_at: datetime) -> None:
    soon = due_at.date() + REMIND_BEFORE
    for promise in Promise.objects.open().due_from(due_at.date()).due_before(soon):
        outbox.promise("remind_of_promise", promise_id=promise.pk, at=due_at.isoformat())


@outbox.handler("remind_of_promise")
def remind_of_one(*, promise_id: int, at: str) -> None:
    remind_if_open(Promise.objects.get(pk=promise_id), at=datetime.fromisoformat(at))

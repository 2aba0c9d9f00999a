"""How a promise ends or moves: kept, renegotiated before it is due, broken, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.actions.customers import mark_changed
from accounts.actions.notifications import notify
from accounts.models import User
from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.lists.cells import day_text
from tickets.models import Promise, PromiseEvent, PromiseEventKind, PromiseState

if TYPE_CHECKING:
    from datetime import date, datetime

    type Actor = User | audit.System

CLOCK = audit.System("promise clock")
# a day has ended everywhere on earth so long after it ended in UTC
ENDED_EVERYWHERE = timedelta(hours=12)


class ChangedMeanwhile(Refused):
    """The promise is no longer as it was seen: somebody else was faster."""


@transaction.atomic
def keep_promise(
    promise: Promise, *, version: int, by: User, at: datetime, note: str = ""
) -> Promise:
    """We did what was promised. Raises ChangedMeanwhile naming who was faster."""
    with audit.group("keep_promise", promise, by=by):
        promise = _lock(promise, version=version, by=by)
        _record(promise, PromiseEventKind.KEPT, by=by, at=at, note=note, state=PromiseState.KEPT)
    return promise


@transaction.atomic
def renegotiate_promise(
    promise: Promise, *, version: int, due_on: date, note: str, by: User, at: datetime
) -> Promise:
    """Agree on another day with the customer while the promised one has not gone by.

    Raises ChangedMeanwhile, and Refused past the day, for the same day or one gone by, and without
    a reason.
    """
    with audit.group("renegotiate_promise", promise, by=by):
        _refuse_without(note, "Say why the customer agreed to another day.")
        promise = _lock(promise, version=version, by=by)
        _refuse_day(promise, due_on, at=at)
        kind = PromiseEventKind.RENEGOTIATED
        _record(promise, kind, by=by, at=at, note=note, due_on=due_on)
    return promise


@transaction.atomic
def break_promise(promise: Promise, *, version: int, note: str, by: User, at: datetime) -> Promise:
    """We did not do it. Raises ChangedMeanwhile, and Refused without a word on what happened."""
    with audit.group("break_promise", promise, by=by):
        _refuse_without(note, "Say what came in between.")
        promise = _lock(promise, version=version, by=by)
        state = PromiseState.BROKEN
        _record(promise, PromiseEventKind.BROKEN, by=by, at=at, note=note, state=state)
        _tell_broken(promise, by=by, at=at)
    return promise


@transaction.atomic
def withdraw_promise(
    promise: Promise, *, version: int, note: str, by: User, at: datetime
) -> Promise:
    """The customer no longer needs it. Raises ChangedMeanwhile, and Refused without a reason."""
    with audit.group("withdraw_promise", promise, by=by):
        _refuse_without(note, "Say why it is not needed any more.")
        promise = _lock(promise, version=version, by=by)
        state = PromiseState.WITHDRAWN
        _record(promise, PromiseEventKind.WITHDRAWN, by=by, at=at, note=note, state=state)
    return promise


@transaction.atomic
def break_if_past(promise: Promise, *, at: datetime) -> bool:
    """Note a promise as broken once its day has ended everywhere; whether it was."""
    with audit.group("break_promise", promise, by=CLOCK):
        promise = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
        if promise.state != PromiseState.OPEN or promise.due_on >= last_day_to_break(at):
            return False
        note, state = "Its day went by.", PromiseState.BROKEN
        _record(promise, PromiseEventKind.BROKEN, by=CLOCK, at=at, note=note, state=state)
        _tell_broken(promise, by=CLOCK, at=at)
    return True


@transaction.atomic
def remind_if_open(promise: Promise, *, at: datetime) -> bool:
    """Tell the owner that an open promise is nearly due, once for each day; whether they were."""
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
    if promise.state != PromiseState.OPEN:
        return False
    told = notify(
        [promise.owner],
        kind="promise_nearly_due",
        title=f"Due {day_text(promise.due_on)}: {promise.text} ({promise.customer.name})",
        path=promise.get_absolute_url(),
        key=f"promise:{promise.pk}:due:{promise.due_on}",
        at=at,
    )
    return bool(told)


def last_day_to_break(at: datetime) -> date:
    """What was due before this day is past, in whatever time zone it was promised."""
    return (at - ENDED_EVERYWHERE).date()


def _lock(promise: Promise, *, version: int, by: User) -> Promise:
    locked = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
    if locked.state != PromiseState.OPEN or locked.version != version:
        raise ChangedMeanwhile(_who_was_faster(locked, by=by))
    return locked


def _who_was_faster(promise: Promise, *, by: User) -> str:
    """Who moved the promise last: "Kept by Ines Duarte."."""
    last = promise.events.select_related("by").order_by("-pk").first()
    if last is None:
        return "This promise has changed since you opened it."
    who = "" if last.by is None else " by you" if last.by == by else f" by {last.by.name}"
    return f"{last.get_kind_display()}{who} already."


def _refuse_without(note: str, message: str) -> None:
    if not note.strip():
        raise Refused(message, field="note")


def _refuse_day(promise: Promise, due_on: date, *, at: datetime) -> None:
    if promise.due_on < last_day_to_break(at):
        raise Refused("Its day has gone by: it is kept or broken now.", field="due_on")
    if due_on == promise.due_on:
        raise Refused("That is the day it is promised for.", field="due_on")
    if due_on < at.date():
        raise Refused("Promise it for today or a later day.", field="due_on")


def _record(
    promise: Promise,
    kind: PromiseEventKind,
    *,
    by: Actor,
    at: datetime,
    note: str,
    **changes: Any,
) -> None:
    """Write the move: the columns it changes, its event, and the mark on the customer."""
    changes["version"] = promise.version + 1
    for name, value in changes.items():
        setattr(promise, name, value)
    promise.save(update_fields=changes)
    PromiseEvent.objects.create(
        promise=promise,
        kind=kind,
        by=by if isinstance(by, User) else None,
        due_on=promise.due_on,
        note=note.strip(),
        occurred_at=at,
        recorded_at=at,
    )
    mark_changed([promise.customer_id])


def _tell_broken(promise: Promise, *, by: Actor, at: datetime) -> None:
    """The owner hears of it, unless they said so themselves."""
    if promise.owner == by:
        return
    notify(
        [promise.owner],
        kind="promise_broken",
        title=f"Broken: {promise.text} ({promise.customer.name})",
        path=promise.get_absolute_url(),
        key=f"promise:{promise.pk}:broken",
        at=at,
    )

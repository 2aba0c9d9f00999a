"""The steps of bulk jobs: a hundred rows each, in sets, with an outcome for every row.

A set is all or nothing. Where one of it is refused, its halves are tried, down to the single row
that is: so what can be done costs a statement or two, and what can't says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from supportsuccess.bulk.actions import BULK, UNDO_BULK
from supportsuccess.bulk.models import BulkRow, Outcome
from supportsuccess.errors import Refused
from supportsuccess.lists.bulk import Asked
from supportsuccess.lists.listing import declared_lists
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supportsuccess.bulk.models import BulkRowQuerySet
    from supportsuccess.lists.bulk import BulkAction

    type Act = Callable[[Sequence[BulkRow]], None]

AT_ONCE = 100
GONE = "It is gone, or not yours to see any more."
CHANGED = "Somebody changed it since."


@jobs.step(BULK)
def carry_out(job: Job, *, list_name: str, action_name: str, said: dict[str, Any]) -> None:
    """Do it to the next hundred rows. Raises Refused when its person may no longer do it."""
    action = find_action(list_name, action_name)
    by, now = _person(job, action), timezone.now()
    form = action.form(said, user=by)
    if not form.is_valid():
        raise Refused(form.first_error)

    def act(rows: Sequence[BulkRow]) -> None:
        seen = {row.row_id: row.seen for row in rows}
        changes = action.apply(seen, Asked(by, now, form.cleaned_data))
        for row in rows:
            change = changes.get(row.row_id)
            if change is None:
                row.became(Outcome.REFUSED, reason=GONE)
            else:
                row.became(Outcome.DONE, change=change)

    step = {"list_name": list_name, "action_name": action_name, "said": said}
    _take_turn(job, job.bulk_rows.waiting(), act, refused=Outcome.REFUSED, step=step)


@jobs.step(UNDO_BULK)
def take_back(job: Job, *, undone_id: int) -> None:
    """Take the next hundred rows back. Raises Refused when its person may not do it any more."""
    undone = Job.objects.get(pk=undone_id)
    arguments = undone.arguments[0]
    action = find_action(arguments["list_name"], arguments["action_name"])
    by, now = _person(job, action), timezone.now()

    def act(rows: Sequence[BulkRow]) -> None:
        back = action.undo({row.row_id: row.change for row in rows}, Asked(by, now))
        for row in rows:
            if row.row_id in back:
                row.became(Outcome.UNDONE)
            else:
                row.became(Outcome.KEPT, reason=CHANGED)

    rows = undone.bulk_rows.done()
    _take_turn(job, rows, act, refused=Outcome.KEPT, step={"undone_id": undone_id})


@jobs.ending(BULK)
def end(job: Job) -> None:
    """Say of the rows that were not reached that they were not."""
    reason = f"Cancelled by {job.cancel_requested_by}."
    if job.state != JobState.CANCELLED:
        reason = job.errors[-1] if job.errors else ""
    job.bulk_rows.waiting().update(outcome=Outcome.LEFT, reason=reason)


def find_action(list_name: str, action_name: str) -> BulkAction:
    """What a job or an address names. Raises Refused when there is no such action."""
    listing = declared_lists().get(list_name)
    actions = [*listing.bulk, *(edit.action for edit in listing.edits)] if listing else []
    for action in actions:
        if action.name == action_name:
            return action
    raise Refused(f"Nothing called {action_name!r} can be done to {list_name}.")


def _person(job: Job, action: BulkAction) -> Any:
    """Who started it, while they still may."""
    by = get_user_model().objects.filter(pk=job.by_id, is_active=True).first()
    if by is None or not by.has_perm(action.permission):
        raise Refused(f"{job.by_label} may no longer do this.")
    return by


def _take_turn(
    job: Job, rows: BulkRowQuerySet, act: Act, *, refused: Outcome, step: dict[str, Any]
) -> None:
    turn = list(rows.in_turn()[: AT_ONCE + 1])
    now = sorted(turn[:AT_ONCE], key=lambda row: row.row_id)  # locked in one order by everybody
    _act_on(now, act, refused=refused)
    BulkRow.objects.bulk_update(now, ["outcome", "reason", "before", "after"])
    job.advance(len(now))
    for row in now:
        job.add_to_result(**{row.outcome: 1})
    if len(turn) > AT_ONCE:
        job.then(**step)


def _act_on(rows: Sequence[BulkRow], act: Act, *, refused: Outcome) -> None:
    try:
        with transaction.atomic():
            act(rows)
    except Refused as refusal:
        if len(rows) == 1:
            rows[0].became(refused, reason=refusal.message)
            return
        middle = len(rows) // 2
        _act_on(rows[:middle], act, refused=refused)
        _act_on(rows[middle:], act, refused=refused)

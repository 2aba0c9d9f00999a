"""Rules answer what is due: after an import, and when a person asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from supportsuccess import audit, outbox
from supportsuccess.outbox import jobs
from tickets.actions.label_rules import AFTER_IMPORT, answer_by_rules
from tickets.queries.label_rules import due_tickets

if TYPE_CHECKING:
    from accounts.models import User
    from supportsuccess.outbox.models import Job

ANSWER = "answer_by_rules"
TITLE = "Answer by rules"
RULES = audit.System("rules")
ANSWERED_AT_ONCE = 500


def start_answering(
    *, by: User | audit.System, batch_id: int | None = None, queue: str = outbox.LONG
) -> Job:
    """Have the rules answer all due tickets, or those that a file told of, as a job."""
    return jobs.start(
        ANSWER,
        title=TITLE,
        by=by,
        steps=[{"after": 0, "batch_id": batch_id}],
        queue=queue,
        total=due_tickets(batch_id=batch_id).count(),
    )


@outbox.handler(AFTER_IMPORT)
def answer_after_import(*, batch_id: int) -> None:
    start_answering(by=RULES, batch_id=batch_id)


@jobs.step(ANSWER)
def answer_some(job: Job, *, after: int, batch_id: int | None) -> None:
    """The next due tickets by their ids, then the ones behind them."""
    due = due_tickets(batch_id=batch_id).filter(pk__gt=after).order_by("pk")
    ids = list(due.values_list("pk", flat=True)[:ANSWERED_AT_ONCE])
    answered = answer_by_rules(ids, by=RULES, at=timezone.now())
    job.add_to_result(**answered._asdict())
    job.advance(len(ids))
    if len(ids) == ANSWERED_AT_ONCE:
        job.then(after=ids[-1], batch_id=batch_id)

"""What happens to a job around each of its steps. The delivery's row is locked before the job's."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection

from supportsuccess import audit
from supportsuccess.outbox.models import Delivery, Job
from supportsuccess.outbox.promises import ring_after_commit
from supportsuccess.outbox.registry import endings, steps

FINISH = """
    UPDATE outbox_job SET finished_at = clock_timestamp(), state = CASE
        WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
        WHEN EXISTS (SELECT FROM outbox_delivery d
                     WHERE d.job_id = outbox_job.id AND d.dead_at IS NOT NULL) THEN 'failed'
        ELSE 'done' END
    WHERE id = %s AND state IN ('queued', 'running') AND NOT EXISTS (
        SELECT FROM outbox_delivery d
        WHERE d.job_id = outbox_job.id AND d.done_at IS NULL AND d.dead_at IS NULL)
"""
KEPT_ERRORS = 50


def run(job_id: int, queue: str, arguments: dict[str, Any]) -> None:
    """Run one step in the caller's transaction and note what it says about its job."""
    job = Job.objects.get(pk=job_id)
    if not job.is_open or job.cancel_requested_at is not None:
        return
    function = steps.get(job.kind)
    with _group_of(job):
        function(job, **arguments)
    _note_outcome(job, queue)


def add(job: Job, queue: str, arguments: list[dict[str, Any]]) -> None:
    """Promise more steps of a job."""
    Delivery.objects.bulk_create(
        Delivery(name=job.kind, arguments=step, queue=queue, job=job) for step in arguments
    )
    ring_after_commit(queue)


def note_dead(job_id: int, error: str) -> None:
    """Show the person why a step was given up; the job fails once its other steps have ended."""
    job = _locked(job_id)
    job.errors = [*job.errors, error][:KEPT_ERRORS]
    job.save(update_fields=["errors"])
    finish_if_last(job_id)


def finish_if_last(job_id: int) -> None:
    """End the job when none of its steps is left.

    Of two last steps that end at once the second waits for the job's row and then, in a
    statement of its own, sees the first one's receipt.
    """
    _locked(job_id)
    with connection.cursor() as cursor:
        cursor.execute(FINISH, [job_id])
        has_ended = bool(cursor.rowcount)
    if has_ended:
        _call_ending(Job.objects.get(pk=job_id))


def _call_ending(job: Job) -> None:
    if job.kind in endings.names():
        with _group_of(job):
            endings.get(job.kind)(job)


def _group_of(job: Job) -> AbstractContextManager[None]:
    return audit.rejoin(job.audit_group_id) if job.audit_group_id else nullcontext()


def _note_outcome(job: Job, queue: str) -> None:
    outcome = job.outcome
    locked = _locked(job.pk)
    locked.done += outcome.advanced
    locked.total = outcome.total if outcome.total is not None else locked.total
    added = {name: locked.result.get(name, 0) + more for name, more in outcome.added.items()}
    locked.result = locked.result | added | outcome.result
    locked.errors = [*locked.errors, *outcome.errors][:KEPT_ERRORS]
    locked.save(update_fields=["done", "total", "result", "errors"])
    if outcome.next_steps:
        add(locked, queue, outcome.next_steps)


def _locked(job_id: int) -> Job:
    return Job.objects.select_for_update(no_key=True).get(pk=job_id)

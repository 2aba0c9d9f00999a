"""Jobs: what a person watches. Its steps are promises of at most ten seconds each.

    @jobs.step("import_tickets")
    def import_section(job: Job, *, batch_id: int, offset: int = 0) -> None: ...

A step runs in the transaction that writes its receipt, may run again after a crash, and says
through its job what was done (`advance`), what comes next (`then`), what came out (`set_result`).
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.outbox import job_steps, runner
from supportsuccess.outbox.models import Job
from supportsuccess.outbox.promises import LONG
from supportsuccess.outbox.registry import Function, endings, steps
from supportsuccess.people import Actor

DROP_WAITING = """
    UPDATE outbox_delivery SET done_at = clock_timestamp(), last_error = 'cancelled'
    WHERE id IN (SELECT id FROM outbox_delivery
                 WHERE job_id = %s AND done_at IS NULL AND dead_at IS NULL
                 FOR NO KEY UPDATE SKIP LOCKED)
"""
REQUEST_CANCEL = """
    UPDATE outbox_job SET cancel_requested_at = clock_timestamp(), cancel_requested_by = %s
    WHERE id = %s AND state IN ('queued', 'running')
"""
PAUSE_SECONDS = 0.2
GLANCE_SECONDS = 0.05


def step(kind: str) -> Callable[[Function], Function]:
    """Register what runs the steps of jobs of this kind."""
    return steps.register(kind)


def ending(kind: str) -> Callable[[Function], Function]:
    """Register what is called with a job of this kind in the transaction that ends it.

    However it ended: look at `job.state`. It must not fail, or the job cannot end.
    """
    return endings.register(kind)


@transaction.atomic
def start(
    kind: str,
    *,
    title: str,
    by: Actor,
    steps: Iterable[dict[str, Any]],
    queue: str = LONG,
    total: int | None = None,
    is_listed: bool = True,
) -> Job:
    """Promise the first steps of a job; several run in parallel.

    Started inside an audit group, all its steps change rows as part of that group. In the queue
    `HERE` no worker takes them while `run_here` does.
    """
    arguments = list(steps)
    job = Job.objects.create(
        kind=kind,
        title=title,
        by_id=by.pk,
        by_label=str(by),
        arguments=arguments,
        total=total,
        is_listed=is_listed,
        audit_group_id=audit.open_group(),
    )
    job_steps.add(job, queue, arguments)
    if not arguments:
        job_steps.finish_if_last(job.pk)
        job.refresh_from_db()
    return job


@transaction.atomic
def cancel(job: Job, *, by: Actor) -> None:
    """Stop a job before its next step. Raises Refused when it has already ended."""
    with connection.cursor() as cursor:
        cursor.execute(DROP_WAITING, [job.pk])
        cursor.execute(REQUEST_CANCEL, [str(by), job.pk])
        if not cursor.rowcount:
            raise Refused("This job has already ended.")
    job_steps.finish_if_last(job.pk)


def work_along(job: Job, *, seconds: float) -> Job:
    """Run a job's steps here for so long, beside the workers; what is left then is theirs."""
    deadline = time.monotonic() + seconds
    while job.is_open and time.monotonic() < deadline:
        claimed = runner.claim_due_step(job.pk)
        if claimed is None or not runner.deliver(claimed):
            time.sleep(GLANCE_SECONDS)
        job.refresh_from_db()
    return job


def run_here(job: Job, *, progress: Callable[[Job], None] | None = None) -> Job:
    """Run a job's steps in this process until it has ended; what a killed run left goes on."""
    while True:
        job.refresh_from_db()
        if progress is not None:
            progress(job)
        if not job.is_open:
            return job
        claimed = runner.claim_step(job.pk)
        if claimed is None:
            runner.bury_exhausted()
        if claimed is None or not runner.deliver(claimed):
            time.sleep(PAUSE_SECONDS)

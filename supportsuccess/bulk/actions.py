"""Begin a bulk job, and take one back. The rows themselves are changed by its steps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from supportsuccess import audit
from supportsuccess.bulk.models import BulkRow
from supportsuccess.errors import Refused
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from supportsuccess.bulk.choice import Chosen
    from supportsuccess.lists.bulk import BulkAction
    from supportsuccess.people import Actor

BULK, UNDO_BULK = "bulk", "undo_bulk"
UNDO_WITHIN = timedelta(hours=24)


@transaction.atomic
def start_bulk(
    action: BulkAction,
    rows: Sequence[Chosen],
    *,
    list_name: str,
    said: dict[str, Any],
    by: Actor,
    counted: str,
    is_listed: bool = True,
) -> Job:
    """Do something to many rows of a list, as one group of the record, in steps.

    `counted` says in words how many there are of what.

    Raises Refused when there is no row.
    """
    if not rows:
        raise Refused("None of these rows is there any more. Look at the list again.")
    with audit.group(f"bulk_{action.name}", by=by):
        job = jobs.start(
            BULK,
            title=f"{action.label}: {rows[0].label if len(rows) == 1 else counted}",
            by=by,
            steps=[{"list_name": list_name, "action_name": action.name, "said": said}],
            total=len(rows),
            is_listed=is_listed,
        )
        BulkRow.objects.bulk_create(
            BulkRow(job=job, row_id=row.pk, label=row.label, seen=row.seen) for row in rows
        )
    return job


@transaction.atomic
def undo_bulk(job: Job, *, by: Actor) -> Job:
    """Take back what a bulk job did, row by row, where nobody changed it since.

    Raises Refused while it runs, after a day, and when nothing of it stands any more.
    """
    locked = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    refuse_undo(locked, at=timezone.now())
    with audit.group("undo_bulk", locked, by=by, reason=f"Takes back “{locked.title}”"):
        return jobs.start(
            UNDO_BULK,
            title=f"Undo: {locked.title}",
            by=by,
            steps=[{"undone_id": locked.pk}],
            total=locked.bulk_rows.done().count(),
            is_listed=locked.is_listed,
        )


def refuse_undo(job: Job, *, at: datetime) -> None:
    """Refuse to take back a job that can't be. Raises Refused."""
    if job.kind != BULK:
        raise Refused("This job can't be taken back here.")
    if job.finished_at is None:
        raise Refused("This job is not done yet. Cancel it first.")
    if job.finished_at < at - UNDO_WITHIN:
        raise Refused("This can't be taken back any more: it is over a day ago.")
    if Job.objects.open().filter(kind=UNDO_BULK, arguments=[{"undone_id": job.pk}]).exists():
        raise Refused("It is being taken back already.")
    if not job.bulk_rows.done().exists():
        raise Refused("Nothing of this is left to take back.")

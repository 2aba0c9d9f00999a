"""What came of a bulk job, or of taking one back: both speak of the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportsuccess.bulk.models import Outcome
from supportsuccess.outbox.models import Job

if TYPE_CHECKING:
    from supportsuccess.bulk.models import BulkRowQuerySet

MISSED = (Outcome.REFUSED, Outcome.LEFT, Outcome.KEPT)


def chosen_in(job: Job) -> Job:
    """The job for which the rows were chosen: itself, or for an undo the one it takes back."""
    undone_id = job.arguments[0].get("undone_id")
    return Job.objects.get(pk=undone_id) if undone_id else job


def missed_rows(job: Job) -> BulkRowQuerySet:
    """The rows that it was not possible for, in turn; of an undo those it left as they are."""
    chosen = chosen_in(job)
    outcomes = MISSED if chosen.pk == job.pk else (Outcome.KEPT,)
    return chosen.bulk_rows.filter(outcome__in=outcomes).in_turn()


def numbers(job: Job) -> tuple[int, int]:
    """How many rows a job has done, and how many it could not."""
    done = sum(job.result.get(outcome, 0) for outcome in (Outcome.DONE, Outcome.UNDONE))
    return done, (job.total or 0) - done


def first_reason(job: Job) -> str:
    """Why the first of the rows that were not done was not."""
    row = missed_rows(job).first()
    return f"{row.label}: {row.reason}" if row else " ".join(job.errors[:1])

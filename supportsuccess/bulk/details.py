"""What the page of a bulk job shows: what became of its rows, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from supportsuccess.bulk.actions import BULK, UNDO_BULK, UNDO_WITHIN, refuse_undo
from supportsuccess.bulk.models import Outcome
from supportsuccess.bulk.results import MISSED, chosen_in, missed_rows
from supportsuccess.errors import Refused
from supportsuccess.outbox.details import Details, describes
from supportsuccess.outbox.models import Job

if TYPE_CHECKING:
    from datetime import datetime

SHOWN = 20


class Group(NamedTuple):
    """The rows of one outcome."""

    outcome: Outcome
    number: int
    url: str


@describes(BULK, UNDO_BULK)
def describe(job: Job, _user: Any, now: datetime) -> Details:
    """The rows of the job; of an undo, those of the job that it takes back."""
    chosen = chosen_in(job)
    context = {
        "bulk": chosen,
        "groups": _groups(chosen),
        "missed": missed_rows(job)[:SHOWN],
        "missed_url": _rows_url(chosen, *MISSED),
        "undo_until": _undo_until(job, at=now),
    }
    return Details("bulk/details.html", context)


def _groups(job: Job) -> list[Group]:
    counted = job.bulk_rows.order_by().values_list("outcome").annotate(Count("pk"))
    counts = dict(counted)
    return [
        Group(outcome, counts[outcome], _rows_url(job, outcome))
        for outcome in Outcome
        if outcome in counts
    ]


def _undo_until(job: Job, *, at: datetime) -> datetime | None:
    """Until when it can be taken back; None when it can't."""
    try:
        refuse_undo(job, at=at)
    except Refused:
        return None
    return job.finished_at + UNDO_WITHIN if job.finished_at else None


def _rows_url(job: Job, *outcomes: Outcome) -> str:
    asked = urlencode({"job": job.pk, "outcome": [str(one) for one in outcomes]}, doseq=True)
    return f"{reverse('bulk:rows')}?{asked}"

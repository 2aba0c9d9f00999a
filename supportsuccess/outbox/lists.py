"""The list of jobs."""

from datetime import datetime
from typing import Literal, NamedTuple

from django.utils.safestring import SafeString

from supportsuccess.lists import cells
from supportsuccess.lists.table import Column, Table
from supportsuccess.outbox.models import JobState

TONES: dict[str, Literal["idle", "good", "bad", "info"]] = {
    JobState.RUNNING: "info",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
}


class JobRow(NamedTuple):
    pk: int
    title: str
    state: str
    done: int
    total: int | None
    by_label: str
    created_at: datetime


def state_badge(state: str) -> SafeString:
    """A job's state as pages show it."""
    return cells.badge(JobState(state).label, TONES.get(state, "idle"))


def job_table(*, now: datetime) -> Table[JobRow]:
    """Jobs with how far they are."""
    return Table[JobRow](
        id="jobs",
        caption="Jobs, the latest first",
        label=lambda row: row.title,
        url="outbox:job",
        columns=[
            Column(label="Job", grow="yes", lead="yes", cell=lambda row: row.title),
            Column(label="State", cell=lambda row: state_badge(row.state)),
            Column(label="Done", align="end", card_label="Done", cell=_done),
            Column(label="By", priority=3, cell=lambda row: row.by_label),
            Column(label="When", align="end", cell=lambda row: cells.ago(row.created_at, now=now)),
        ],
    )


def _done(row: JobRow) -> object:
    if row.total:
        return f"{row.done:,} of {row.total:,}"
    return cells.number(row.done)

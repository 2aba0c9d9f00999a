"""The list of jobs."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Literal, NamedTuple

from django.utils.safestring import SafeString

from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, all_done
from supportsuccess.lists.filters import AnyOf, Filters
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Order, Table
from supportsuccess.outbox.models import Job, JobQuerySet, JobState

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


class JobFilters(Filters):
    """Which jobs are asked for."""

    state = AnyOf(label="State", choices=JobState.choices)


class Jobs(Listing[JobRow, JobQuerySet]):
    """What takes longer than a page, the latest first."""

    name, title, url, noun = "jobs", "Jobs", "outbox:jobs", "job"
    row = JobRow
    filters: ClassVar[type[Filters]] = JobFilters

    def everything(self) -> JobQuerySet:
        return Job.objects.visible_to(self.user).listed()

    def table(self) -> Table[JobRow]:
        return replace(JOBS, columns=_columns(now=self.now))

    def nothing(self) -> Empty:
        return all_done("No jobs", text="What takes longer than a page appears here.")


def _columns(*, now: datetime) -> list[Column[JobRow]]:
    return [
        Column(label="Job", grow="yes", lead="yes", cell=lambda row: row.title),
        Column(label="State", cell=lambda row: state_badge(row.state)),
        Column(label="Done", align="end", card_label="Done", cell=_done),
        Column(label="By", priority=3, cell=lambda row: row.by_label),
        Column(label="When", align="end", cell=lambda row: cells.ago(row.created_at, now=now)),
    ]


def _done(row: JobRow) -> object:
    if row.total:
        return cells.own(f"{row.done:,} of {row.total:,}")
    return cells.own(cells.number(row.done))


JOBS = Table[JobRow](
    id="jobs",
    caption="Jobs, the latest first",
    label=lambda row: row.title,
    url="outbox:job",
    orders=[Order(label="Latest", key="number", fields=[])],
    default_sort="-number",
    columns=[],
)

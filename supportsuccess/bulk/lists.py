"""The rows of bulk jobs: what became of each, and why."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.db.models import F
from django.http import QueryDict
from django.utils.html import format_html

from supportsuccess.bulk.models import BulkRow, BulkRowQuerySet, Outcome
from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, all_done
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search, asked_row
from supportsuccess.lists.listing import Listing, declared_lists
from supportsuccess.lists.table import ID_IN_URL, Column, Order, Table, url_pattern
from supportsuccess.outbox.models import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TONES: dict[str, cells.Tone] = {
    Outcome.DONE: "good",
    Outcome.UNDONE: "info",
    Outcome.REFUSED: "bad",
    Outcome.KEPT: "warn",
    Outcome.LEFT: "warn",
}


class ResultRow(NamedTuple):
    pk: int
    row_id: int
    label: str
    outcome: str
    reason: str
    arguments: list[dict[str, Any]]  # of its job


def _jobs(filters: Filters) -> Iterable[tuple[str, str]]:
    """The job that is asked for."""
    return asked_row(filters, "job", among=Job.objects.visible_to(filters.user))


class ResultFilters(Filters):
    """Which rows of which job are asked for."""

    q = Search(label="Row", column="label")
    outcome = AnyOf(label="Outcome", choices=Outcome.choices)
    job = OneOf(label="Job", choices=_jobs, method="of_job")

    def of_job(self, rows: BulkRowQuerySet, _name: str, asked: str) -> BulkRowQuerySet:
        return rows.filter(job=int(asked))


class BulkRows(Listing[ResultRow, BulkRowQuerySet]):
    """What became of each row of the bulk jobs that this person may see."""

    name, title, url, noun = "bulk_rows", "Rows of bulk jobs", "bulk:rows", "row"
    row = ResultRow
    filters: ClassVar[type[Filters]] = ResultFilters
    internal = frozenset({"arguments"})

    def everything(self) -> BulkRowQuerySet:
        return BulkRow.objects.visible_to(self.user)

    def with_columns(self, rows: BulkRowQuerySet) -> BulkRowQuerySet:
        return rows.annotate(arguments=F("job__arguments"))

    def table(self) -> Table[ResultRow]:
        return results_table(page_of=self._page_of)

    def nothing(self) -> Empty:
        return all_done("No rows", text="Select rows in a list to do something to all of them.")

    def _page_of(self, row: ResultRow) -> str:
        """The address of the thing itself."""
        return self._patterns[row.arguments[0]["list_name"]].replace(ID_IN_URL, str(row.row_id))

    @cached_property
    def _patterns(self) -> dict[str, str]:
        """By list, the address of one of its rows."""
        lists = {name: declared for name, declared in declared_lists().items() if declared.bulk}
        tables = {
            name: declared(self.user, QueryDict(), now=self.now).declared
            for name, declared in lists.items()
        }
        return {name: url_pattern(table.url) for name, table in tables.items()}


def results_table(*, page_of: Callable[[ResultRow], str]) -> Table[ResultRow]:
    """What became of each row; its name leads to the thing itself."""

    def name(row: ResultRow) -> object:
        url = page_of(row)
        return format_html('<a href="{}">{}</a>', url, row.label) if url else row.label

    return Table[ResultRow](
        id="bulk-rows",
        caption="Rows of bulk jobs",
        label=lambda row: row.label,
        orders=[Order(label="In turn", key="turn", fields=[])],
        default_sort="turn",
        columns=[
            Column(label="Row", lead="yes", cell=name),
            Column(
                label="Outcome",
                cell=lambda row: cells.badge(
                    Outcome(row.outcome).label, tone=TONES.get(row.outcome, "idle")
                ),
            ),
            Column(label="Why", grow="yes", cell=lambda row: row.reason or cells.NOTHING),
        ],
    )

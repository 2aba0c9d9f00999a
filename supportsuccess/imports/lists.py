"""The lists of imports: all of them, and the refused rows of one."""

from dataclasses import replace
from datetime import datetime
from typing import Literal, NamedTuple

from django.db.models import Count, F, Func, TextField, Value
from django.urls import reverse
from django.utils.safestring import SafeString

from supportsuccess.imports import formats
from supportsuccess.imports.models import BatchState, ImportBatch, ImportBatchQuerySet
from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, Search
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Order, Table

TONES: dict[str, Literal["idle", "good", "bad", "info"]] = {
    BatchState.DONE: "good",
    BatchState.FAILED: "bad",
    BatchState.CHECKING: "info",
    BatchState.CHECKED: "info",
    BatchState.RUNNING: "info",
}
# A reason without what it quotes: faults alike but for that are of one kind.
KIND = Func(
    F("reason"),
    Value("“[^”]*”"),
    Value("“”"),
    Value("g"),
    function="regexp_replace",
    output_field=TextField(),
)


class ImportRow(NamedTuple):
    pk: int
    file_name: str
    format: str
    state: str
    row_count: int
    by__name: str | None
    by_label: str
    uploaded_at: datetime


class RefusalRow(NamedTuple):
    pk: int
    column: str
    reason: str
    rows: int


def state_badge(state: str) -> SafeString:
    """An import's state as pages show it."""
    return cells.badge(BatchState(state).label, TONES.get(state, "idle"))


class ImportFilters(Filters):
    q = Search(label="File", column="file_name")
    state = AnyOf(label="State", choices=BatchState.choices)
    format = AnyOf(label="Format", choices=lambda _: formats.choices())


class Imports(Listing[ImportRow, ImportBatchQuerySet]):
    """Every file that was taken in, the latest first."""

    name, title, url, noun = "imports", "Imports", "imports:list", "import"
    row, filters = ImportRow, ImportFilters

    def everything(self) -> ImportBatchQuerySet:
        return ImportBatch.objects.visible_to(self.user)

    def table(self) -> Table[ImportRow]:
        return replace(IMPORTS, columns=_columns(labels=dict(formats.choices()), now=self.now))

    def nothing(self) -> Empty:
        return nothing_yet(
            "Nothing was imported yet",
            text="Take in a ticket log or a file of customers."
            " It is checked whole before it is run.",
            action_label="Import a file",
            action_url=reverse("imports:new"),
        )


def _columns(*, labels: dict[str, str], now: datetime) -> list[Column[ImportRow]]:
    """The columns; `labels` are the formats' names for people."""
    return [
        Column(label="File", grow="yes", lead="yes", cell=lambda row: row.file_name),
        Column(label="State", cell=lambda row: state_badge(row.state)),
        Column(label="Format", priority=2, cell=lambda row: labels.get(row.format, row.format)),
        Column(
            label="Rows",
            align="end",
            card_label="Rows",
            cell=lambda row: cells.own(cells.number(row.row_count)),
        ),
        Column(label="By", priority=3, cell=_by),
        Column(label="When", align="end", cell=lambda row: cells.ago(row.uploaded_at, now=now)),
    ]


def _by(row: ImportRow) -> object:
    return cells.person(row.by__name) if row.by__name else row.by_label


IMPORTS = Table[ImportRow](
    id="imports",
    caption="Imports, the latest first",
    label=lambda row: row.file_name,
    url="imports:detail",
    orders=[Order(label="Latest", key="number", fields=[])],
    default_sort="-number",
    columns=[],
)


def refusal_table() -> Table[RefusalRow]:
    """Refused rows, those of one kind together."""
    return Table[RefusalRow](
        id="refusals",
        caption="Refused rows by kind, the most frequent first",
        label=lambda row: row.column,
        columns=[
            Column(label="Column", lead="yes", cell=lambda row: row.column or "The whole row"),
            Column(
                label="First one",
                grow="yes",
                cell=_first_one,
            ),
            Column(
                label="Rows",
                align="end",
                card_label="Rows",
                cell=lambda row: cells.number(row.rows),
            ),
        ],
    )


def _first_one(row: RefusalRow) -> str:
    where = f"Row {row.pk:,}, {row.column}:" if row.column else f"Row {row.pk:,}"
    return f"{where} {row.reason}"


def refusal_groups(batch: ImportBatch) -> list[RefusalRow]:
    """How many rows have each kind of fault, with the first one."""
    kinds = batch.refusals.annotate(kind=KIND)
    counted = kinds.values_list("column", "kind").annotate(rows=Count("row", distinct=True))
    rows = {(column, kind): number for column, kind, number in counted}
    firsts = kinds.order_by("column", "kind", "row", "pk").distinct("column", "kind")
    groups = [
        RefusalRow(row, column, reason, rows[column, kind])
        for row, column, kind, reason in firsts.values_list("row", "column", "kind", "reason")
    ]
    return sorted(groups, key=lambda group: (-group.rows, group.column, group.pk))

"""The lists of imports: all of them, and the refused rows of one."""

from datetime import datetime
from typing import Literal, NamedTuple

from django.db.models import Count, F, Func, TextField, Value
from django.utils.safestring import SafeString

from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.lists import cells
from supportsuccess.lists.table import Column, Table

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


def import_table(*, labels: dict[str, str], now: datetime) -> Table[ImportRow]:
    """All imports; `labels` are the formats' names for people."""
    return Table[ImportRow](
        id="imports",
        caption="Imports, the latest first",
        label=lambda row: row.file_name,
        url="imports:detail",
        columns=[
            Column(label="File", grow="yes", lead="yes", cell=lambda row: row.file_name),
            Column(label="State", cell=lambda row: state_badge(row.state)),
            Column(
                label="Format",
                priority=2,
                cell=lambda row: labels.get(row.format, row.format),
            ),
            Column(
                label="Rows",
                align="end",
                card_label="Rows",
                cell=lambda row: cells.own(cells.number(row.row_count)),
            ),
            Column(
                label="By",
                priority=3,
                cell=lambda row: cells.person(row.by__name) if row.by__name else row.by_label,
            ),
            Column(label="When", align="end", cell=lambda row: cells.ago(row.uploaded_at, now=now)),
        ],
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

"""The lists of imports: all of them, and the refused rows of one."""

from datetime import datetime
from typing import Literal, NamedTuple

from django.db.models import Count
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
                cell=lambda row: cells.number(row.row_count),
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
    """Refused rows, alike ones together."""
    return Table[RefusalRow](
        id="refusals",
        caption="Refused rows by column, the most frequent first",
        label=lambda row: row.column,
        columns=[
            Column(label="Column", lead="yes", cell=lambda row: row.column or "The whole row"),
            Column(
                label="First reason",
                grow="yes",
                cell=lambda row: f"Row {row.pk:,} {row.reason}",
            ),
            Column(
                label="Rows",
                align="end",
                card_label="Rows",
                cell=lambda row: cells.number(row.rows),
            ),
        ],
    )


def refusal_groups(batch: ImportBatch) -> list[RefusalRow]:
    """How many rows each column refused, with the first one and its reason."""
    counted = batch.refusals.values_list("column").annotate(rows=Count("row", distinct=True))
    rows = dict(counted)
    firsts = batch.refusals.order_by("column", "row", "pk").distinct("column")
    groups = [
        RefusalRow(row, column, reason, rows[column])
        for row, column, reason in firsts.values_list("row", "column", "reason")
    ]
    return sorted(groups, key=lambda group: (-group.rows, group.column))

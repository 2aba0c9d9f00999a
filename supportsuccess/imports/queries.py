"""What a page shows of an import: its first rows, and its refusals as a file."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models

from supportsuccess.imports import sections
from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.lists.formulas import neutralise

PREVIEW_ROWS = 20
REFUSAL_COLUMNS = ("row", "column", "reason", "value")


def preview_rows(batch: ImportBatch) -> Sequence[tuple[int, Sequence[str]]]:
    """The first rows with their numbers; none before the file was read or after it was deleted."""
    if not batch.sections.filter(number=0).exists():
        return []
    return list(islice(sections.load(batch, 0).cells, PREVIEW_ROWS))


def refusals_csv(batch: ImportBatch) -> Iterator[str]:
    """The refused rows as CSV, line by line, harmless for spreadsheets."""
    yield _line(REFUSAL_COLUMNS)
    refusals = batch.refusals.in_file_order().values_list(*REFUSAL_COLUMNS)
    for refusal in refusals.iterator(chunk_size=2000):
        yield _line(refusal)


def unfinished(
    *, sha256: str, format_name: str, options: dict[str, Any]
) -> models.QuerySet[ImportBatch]:
    """Imports of this very file that a killed command left, the latest first."""
    going_on = [
        BatchState.UPLOADED,
        BatchState.CHECKING,
        BatchState.CHECKED,
        BatchState.RUNNING,
    ]
    return ImportBatch.objects.filter(
        by=None, sha256=sha256, format=format_name, options=options, state__in=going_on
    ).order_by("-pk")


def _line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([neutralise(cell) for cell in cells])
    return line.getvalue()

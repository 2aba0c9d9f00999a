"""What a page shows of an import: its first rows, and its refusals as a file."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from supportsuccess.imports import sections
from supportsuccess.imports.formulas import neutralise
from supportsuccess.imports.models import ImportBatch

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


def _line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([neutralise(cell) for cell in cells])
    return line.getvalue()

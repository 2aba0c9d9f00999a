"""The sections of a file: cut once, read by one step each."""

import json
import zlib
from collections.abc import Iterator
from itertools import batched

from django.db import connection

from supportsuccess.errors import Refused
from supportsuccess.imports import formats
from supportsuccess.imports.formats import Outcome, RefusedRow, Section
from supportsuccess.imports.models import ImportBatch, ImportSection, RefusalPhase
from supportsuccess.imports.reading import Table, find_encoding, open_bytes, open_table

ROWS_PER_SECTION = 10_000
SHOWN_VALUE = 200
COPY_REFUSALS = """
    COPY imports_importrefusal (batch_id, phase, row, "column", reason, value) FROM STDIN
"""


def stored_blocks(batch: ImportBatch) -> Iterator[bytes]:
    """The uploaded bytes, chunk by chunk."""
    chunks = batch.chunks.order_by("number")
    for number in range(chunks.count()):
        yield bytes(chunks.values_list("content", flat=True).get(number=number))


def cut(batch: ImportBatch) -> Outcome:
    """Read the whole file and store its rows in sections. Raises Refused."""
    encoding = batch.options.get("encoding") or find_encoding(open_bytes(stored_blocks(batch)))
    table = open_table(open_bytes(stored_blocks(batch)), encoding=encoding)
    _require_columns(batch, table)
    batch.encoding, batch.delimiter = table.encoding, table.delimiter
    batch.columns = list(table.columns)
    outcome = Outcome()
    batch.sections.all().delete()
    batch.row_count = sum(
        _store(batch, number, cells)
        for number, cells in enumerate(batched(_fitting(table, outcome), ROWS_PER_SECTION))
    )
    if not batch.row_count and not outcome.refusals:
        raise Refused("The file has a header and no rows. Export it again with its rows.")
    return outcome


def load(batch: ImportBatch, number: int) -> Section:
    """One section with its rows."""
    stored = batch.sections.get(number=number)
    cells = json.loads(zlib.decompress(stored.content))
    return Section(batch, number, stored.first_row, batch.columns, cells)


def refuse(batch: ImportBatch, phase: RefusalPhase, refusals: list[RefusedRow]) -> None:
    """Store refusals, as many as there are."""
    with connection.cursor() as cursor, cursor.copy(COPY_REFUSALS) as copy:
        for each in refusals:
            value = each.value[:SHOWN_VALUE].replace("\0", "")
            copy.write_row((batch.pk, phase.value, each.row, each.column, each.reason, value))


def _require_columns(batch: ImportBatch, table: Table) -> None:
    wanted = formats.find(batch.format).required_columns
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise Refused(
            f"The column {missing[0]!r} is missing. Add it, or choose the format the file has."
        )


def _fitting(table: Table, outcome: Outcome) -> Iterator[tuple[int, list[str]]]:
    width = len(table.columns)
    for number, cells in table.rows:
        if len(cells) == width:
            yield number, cells
        else:
            outcome.refuse(number, "", f"has {len(cells)} cells where the header has {width}")


def _store(batch: ImportBatch, number: int, cells: tuple[tuple[int, list[str]], ...]) -> int:
    ImportSection.objects.create(
        batch=batch,
        number=number,
        first_row=cells[0][0],
        row_count=len(cells),
        content=zlib.compress(json.dumps(cells).encode(), 1),
    )
    return len(cells)

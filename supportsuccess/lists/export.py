"""A list as a file: its own query, streamed by the database, harmless for spreadsheet programs.

`COPY` writes the rows of the list's filters and order as they leave its cursor; whatever the number
of rows, this process holds one block of them.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.utils import timezone

from supportsuccess.lists.formulas import neutralised_sql
from supportsuccess.statements import bound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from supportsuccess.lists.listing import Listing

    type Shape = Callable[[list[tuple[str, bool]]], str]

BOM = b"\xef\xbb\xbf"
BLOCK_BYTES = 64 * 1024
# What one file may take: longer than a page, shorter than anybody waits.
TIMEOUT = "SET LOCAL statement_timeout = '10min'"
TEXT_TYPES = {25, 1042, 1043}  # text, bpchar, varchar in PostgreSQL's catalogue
CSV = "(FORMAT csv)"
# JSON escapes control characters, so that neither of these is ever met: each row is one bare line.
LINES = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


def csv_file(listing: Listing[Any, Any], *, mark: bytes = b"") -> StreamingHttpResponse:
    """All rows as CSV in UTF-8; `mark` is the byte order mark that some programs want."""
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(_titles(listing))
    rows = _copied(listing, shape=_harmless_columns, options=CSV)
    content = _chained(mark, header.getvalue().encode(), rows)
    return _file(listing, content, suffix="csv", content_type="text/csv; charset=utf-8")


def json_file(listing: Listing[Any, Any]) -> StreamingHttpResponse:
    """All rows as one array of JSON objects."""
    rows = _copied(listing, shape=lambda _: "row_to_json(exported)", options=LINES)
    return _file(listing, _array(rows), suffix="json", content_type="application/json")


def _file(
    listing: Listing[Any, Any], content: Iterable[bytes], *, suffix: str, content_type: str
) -> StreamingHttpResponse:
    name = f"{listing.name}-{timezone.localdate(listing.now):%Y-%m-%d}.{suffix}"
    response = StreamingHttpResponse(_in_blocks(content), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _copied(listing: Listing[Any, Any], *, shape: Shape, options: str) -> Iterator[bytes]:
    """The list's own query in its own order, one row after the other."""
    rows = listing.with_columns(listing.all_found).order_by(*listing.keyset.fields)
    try:
        statement = bound(rows.values_list(*listing.exported))
    except EmptyResultSet:
        return
    names = ", ".join(map(connection.ops.quote_name, _titles(listing)))
    source = f"({statement}) AS exported ({names})"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TIMEOUT)
        cursor.execute(f"SELECT * FROM {source} LIMIT 0")  # noqa: S608 - our own query
        columns = [(column.name, column.type_code in TEXT_TYPES) for column in cursor.description]
        copy = f"COPY (SELECT {shape(columns)} FROM {source}) TO STDOUT {options}"  # noqa: S608 - our own query
        with cursor.copy(copy) as lines:
            yield from map(bytes, lines)


def _titles(listing: Listing[Any, Any]) -> list[str]:
    """What the columns are called: as in the API, without the paths they come by."""
    return [("id" if name == "pk" else name).replace("__", "_") for name in listing.exported]


def _harmless_columns(columns: list[tuple[str, bool]]) -> str:
    """The columns; only text can come from somebody else."""
    quoted = [(connection.ops.quote_name(name), is_text) for name, is_text in columns]
    return ", ".join(neutralised_sql(name) if is_text else name for name, is_text in quoted)


def _array(rows: Iterator[bytes]) -> Iterator[bytes]:
    before = b"[\n"
    for row in rows:
        yield before + row.rstrip(b"\n")
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _chained(mark: bytes, header: bytes, rows: Iterator[bytes]) -> Iterator[bytes]:
    yield mark + header
    yield from rows


def _in_blocks(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces that are worth a write each."""
    block = bytearray()
    for piece in content:
        block += piece
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)

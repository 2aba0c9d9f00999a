"""From the bytes of an uploaded file to its rows, within limits, streamed.

Every refusal names what is wrong and what to do about it.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from supportsuccess.errors import Refused

MB = 1024 * 1024
MAX_FILE = 50 * MB
MAX_UNPACKED = 200 * MB
MAX_ROWS = 500_000
MAX_COLUMNS = 200
# The csv module's own limit for a cell; a line may hold many.
MAX_CELL = 131_072
MAX_LINE = 4 * MB
BLOCK = 256 * 1024
DELIMITERS = ",;\t|"
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass
class Table:
    """A file opened as a table: its header, and the rows still to be read."""

    encoding: str
    delimiter: str
    columns: Sequence[str]
    rows: Iterator[tuple[int, list[str]]]


class Blocks(io.RawIOBase):
    """The blocks of a stored file as one readable stream."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        super().__init__()
        self._blocks = iter(blocks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]  # any buffer
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


class Unpacked(io.RawIOBase):
    """A stream that refuses NUL where text has none, and more bytes than the limit."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        super().__init__()
        self._source = source
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]  # any buffer
        try:
            count = self._source.readinto(buffer)
        except (EOFError, gzip.BadGzipFile, zlib.error) as damage:
            raise Refused("The gzip file is damaged. Pack it again and upload it anew.") from damage
        self._size += count
        if self._size > MAX_UNPACKED:
            raise Refused("The unpacked file is larger than 200 MB. Split it into several files.")
        return count


def open_bytes(blocks: Iterable[bytes]) -> io.BufferedReader:
    """The file's content, unpacked when it is gzip. Raises Refused for spreadsheets."""
    packed = io.BufferedReader(Blocks(blocks), BLOCK)
    start = packed.peek(4)[:4]
    if start.startswith((ZIP, OLD_EXCEL)):
        raise Refused("This is a spreadsheet or zip file. Save it as CSV and upload that.")
    source: io.BufferedIOBase = packed
    if start.startswith(GZIP):
        source = gzip.GzipFile(fileobj=packed)
    return io.BufferedReader(Unpacked(source), BLOCK)


def find_encoding(content: io.BufferedReader) -> str:
    """UTF-16 or UTF-8 by its mark, else UTF-8 when all of it is, else Windows-1252."""
    start = content.peek(2)[:2]
    if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    tests = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp1252")}
    while block := content.read(BLOCK):
        if b"\0" in block:
            raise Refused("The file contains NUL characters. Export it again as plain CSV text.")
        tests = {name: test for name, test in tests.items() if _takes(test, block)}
    tests = {name: test for name, test in tests.items() if _takes(test, b"", final=True)}
    if not tests:
        raise Refused(
            "The file's encoding is not UTF-8, UTF-16 or Windows-1252. Save it as CSV in UTF-8."
        )
    return next(iter(tests))


def open_table(content: io.BufferedReader, *, encoding: str) -> Table:
    """Read the header and get ready to read the rows. Raises Refused."""
    text = io.TextIOWrapper(content, encoding=encoding, newline="")
    first = _first_line(text)
    delimiter = max(DELIMITERS, key=first.count)
    lines = _without_nul(text, first)
    reader = csv.reader(lines, delimiter=delimiter)
    columns = _checked_header(_next_record(reader, 1))
    return Table(encoding, delimiter, columns, _numbered(reader))


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 1
    while True:
        number += 1
        record = _next_record(reader, number)
        if record is None:
            return
        if number - 1 > MAX_ROWS:
            raise Refused("The file has more than 500,000 rows. Split it into several files.")
        if any(record):
            yield number, record


def _next_record(reader: Iterator[list[str]], number: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise Refused(
            f"Row {number} cannot be read: a quote may be open, or a cell is longer than "
            f"{MAX_CELL:,} characters. Correct it and upload the file again."
        ) from error
    except UnicodeDecodeError as error:
        raise Refused(
            f"Row {number} does not fit the file's encoding. Save the file as CSV in UTF-8 and "
            "upload it again."
        ) from error


def encoding_label(encoding: str) -> str:
    """How people call an encoding."""
    return ENCODINGS.get(encoding.removesuffix("-sig"), encoding)


def _checked_header(header: list[str] | None) -> list[str]:
    if not header or not any(header):
        raise Refused("The file is empty. Its first row must name the columns.")
    if len(header) > MAX_COLUMNS:
        raise Refused(f"The file has {len(header)} columns; up to 200 can be read. Remove some.")
    columns = [name.strip() for name in header]
    for position, name in enumerate(columns, start=1):
        if not name:
            raise Refused(f"Column {position} has no name. Name it in the first row or remove it.")
        if name in columns[: position - 1]:
            raise Refused(f"Two columns are called {name[:80]!r}. Rename one in the first row.")
    return columns


def _first_line(text: io.TextIOWrapper) -> str:
    try:
        return text.readline(MAX_LINE)
    except UnicodeDecodeError as error:
        raise Refused(
            "The first row does not fit the file's encoding. Save the file as CSV in UTF-8."
        ) from error


def _without_nul(text: io.TextIOWrapper, first: str) -> Iterator[str]:
    line = first
    while line:
        if "\0" in line:
            raise Refused("The file contains NUL characters. Export it again as plain CSV text.")
        if len(line) == MAX_LINE:
            raise Refused("A line is longer than 4 million characters. Is this a CSV file?")
        yield line
        line = text.readline(MAX_LINE)


def _takes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True

import gzip
from collections.abc import Iterator

import pytest

from supportsuccess.errors import Refused
from supportsuccess.imports import reading
from supportsuccess.imports.reading import Table, find_encoding, open_bytes, open_table


def table_of(*blocks: bytes) -> Table:
    encoding = find_encoding(open_bytes(blocks))
    return open_table(open_bytes(blocks), encoding=encoding)


def refusal_of(*blocks: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        list(table_of(*blocks).rows)
    return refusal.value.message


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("name,city\nZoë,Łódź\n".encode(), "utf-8-sig"),
        ("name,city\nZoë,Łódź\n".encode("utf-8-sig"), "utf-8-sig"),
        ("name,city\nZoë,Łódź\n".encode("utf-16"), "utf-16"),
        ("name,city\nZoë,Łódź\n".encode("utf-16-be").join([b"\xfe\xff", b""]), "utf-16"),
        ("name,city\nZoë,Łódź\n".replace("Łódź", "Köln").encode("cp1252"), "cp1252"),
    ],
)
def test_encoding_is_found(content: bytes, encoding: str) -> None:
    table = table_of(content)

    (row,) = table.rows
    assert (table.encoding, table.columns) == (encoding, ["name", "city"])
    assert row[1][0] == "Zoë"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_in_the_header(delimiter: str) -> None:
    table = table_of(f"a{delimiter}b\n1{delimiter}2\n".encode())

    assert list(table.rows) == [(2, ["1", "2"])]


def test_gzip_is_unpacked_and_blocks_of_any_size_make_one_file() -> None:
    packed = gzip.compress(b"a,b\n1,2\n3,4\n")
    blocks = [packed[:7], packed[7:9], packed[9:]]

    assert list(table_of(*blocks).rows) == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_quoted_cells_hold_line_breaks_and_empty_rows_are_passed_over() -> None:
    table = table_of(b'a,b\n"1\n1",2\n,\n\n3,4\n')

    assert list(table.rows) == [(2, ["1\n1", "2"]), (5, ["3", "4"])]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\n", "file is empty"),
        (b"a,,c\n", "Column 2 has no name"),
        (b"a,b,a\n", "Two columns are called 'a'"),
        (",".join(map(str, range(201))).encode(), "201 columns"),
        (b"a,b\n1,\0\n", "NUL"),
        ("a,b\n1,\0\n".encode("utf-16"), "NUL"),
        (b"a,b\n1,\x81\xff\n", "not UTF-8, UTF-16 or Windows-1252"),
        ("a,b\n1,2".encode("utf-16")[:-1], "does not fit"),
        (b"PK\x03\x04....", "spreadsheet or zip"),
        (b"\xd0\xcf\x11\xe0....", "spreadsheet or zip"),
        (gzip.compress(b"a,b\n" * 9999, mtime=0)[:40], "damaged"),
        (b"\x1f\x8b not gzip", "damaged"),
        (b'a,b\n1,"' + b"x" * 140_000, "a quote may be open"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_a_remedy(content: bytes, told: str) -> None:
    assert told in refusal_of(content)


def test_gzip_bomb_is_stopped_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1_000_000)
    bomb = gzip.compress(b"a,b\n" * 1_000_000)

    assert "larger than 200 MB" in refusal_of(bomb)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    assert "500,000 rows" in refusal_of(b"a\n1\n2\n3\n4\n")


def test_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1000)

    assert "longer than 4 million" in refusal_of(b"a,b\n" + b'"1",' * 1000)


def test_blocks_are_read_as_they_are_asked_for() -> None:
    asked: list[int] = []

    def blocks() -> Iterator[bytes]:
        for number in range(10):
            asked.append(number)
            yield b"x" * reading.BLOCK

    open_bytes(blocks()).read(10)

    assert len(asked) <= 2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsuccess.lists.formulas import DANGEROUS_LINE, neutralise


@pytest.mark.parametrize("start", list("=+-@|%\t\r\n"))
@pytest.mark.parametrize("hidden_by", ["", " ", "\u00a0", "\u200b", "\ufeff \u2060", "\u3000"])
def test_cell_that_could_run_gets_a_quote(start: str, hidden_by: str) -> None:
    assert neutralise(f"{hidden_by}{start}1+1") == f"'{hidden_by}{start}1+1"


def test_every_line_of_a_cell_is_looked_at() -> None:
    assert neutralise("fine\n=1+1\r\n fine\n @x") == "fine\n'=1+1\r\n fine\n' @x"


@pytest.mark.parametrize("cell", ["", "a=b", "1-2", "Ann", "é", "100 %"])
def test_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert neutralise(cell) == cell


@pytest.mark.parametrize(("cell", "text"), [(-5, "-5"), (1.5, "1.5"), (None, ""), (True, "True")])
def test_what_is_not_text_is_written_plainly(cell: object, text: str) -> None:
    assert neutralise(cell) == text


@given(st.text(alphabet="=+-@|%\t\r\n a\u00a0\u200b", max_size=30))
def test_no_line_can_run_afterwards(text: str) -> None:
    assert not DANGEROUS_LINE.search(neutralise(text))


@given(st.text(alphabet="=+-@|%\t\r\n ab\u00a0", max_size=30))
def test_nothing_but_quotes_is_added(text: str) -> None:
    assert neutralise(text).replace("'", "") == text

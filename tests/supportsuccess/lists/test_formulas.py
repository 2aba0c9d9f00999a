import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportsuccess.lists.formulas import DANGEROUS_LINE, neutralise


@pytest.mark.parametrize("start", list("=+-@|%\t\r\n"))
@pytest.mark.parametrize("hidden_by", ["", " ", "\u00a0", "\u200b", "\ufeff \u2060", "\u3000"])
def test_cell_that_could_run_gets_a_quote(start: str, hidden_by: str) -> None:
    assert neutralise(f"{hidden_by}{start}1+1") == f"'{hidden_by}{start}1+1"


BLANK_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Zs"}
# Of other categories, and as invisible: Unicode's Default_Ignorable_Code_Point, and an empty cell.
BLANKS_BESIDES = [
    *("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u2065", "\u2800"),
    *("\u3164", "\ufe00", "\ufe0f", "\uffa0", "\ufff0", "\U000e0100", "\U000e0fff"),
]


def test_a_formula_hides_behind_no_character_that_is_not_seen() -> None:
    # No text of the database has a NUL.
    named = [chr(code) for code in range(1, sys.maxunicode + 1)]
    blanks = [char for char in named if unicodedata.category(char) in BLANK_CATEGORIES]

    seen = [char for char in blanks + BLANKS_BESIDES if neutralise(f"{char}=1")[0] != "'"]

    assert [f"U+{ord(char):04X}" for char in seen] == []


@pytest.mark.parametrize("at", ["\v", "\f", "\x85", "\u2028", "\u2029"])
def test_a_line_that_begins_otherwise_is_looked_at(at: str) -> None:
    assert neutralise(f"fine{at}=1+1") == f"fine{at}'=1+1"


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

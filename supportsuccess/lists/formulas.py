"""Text in files we hand out, made harmless for spreadsheet programs."""

import re

# What a formula can hide behind: blanks, control and format characters, and those that Unicode says
# to leave out where they are not known. A test holds these ranges to Unicode's own tables.
INVISIBLE = (
    " \x01-\x08\x0e-\x1f\x7f-\x84\x86-\xa0\xad"
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
BREAKS = "\r\n\v\f\x85\u2028\u2029"
STARTS = (
    "=+\\-@|%\t\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}\N{SMALL EQUALS SIGN}\N{SMALL PLUS SIGN}"
    "\N{SMALL HYPHEN-MINUS}\N{SMALL COMMERCIAL AT}"
)
DANGEROUS_LINE = re.compile(f"(?:\\A|(?<=[{BREAKS}]))(?=[{INVISIBLE}]*[{STARTS}])")
BREAK_FIRST = re.compile(f"\\A(?=[{INVISIBLE}]*[{BREAKS}])")
# The same for PostgreSQL, whose regular expressions do not look behind.
DANGEROUS_LINE_SQL = f"'(^|[{BREAKS}])(?=[{INVISIBLE}]*[{STARTS}])'"
BREAK_FIRST_SQL = f"'^(?=[{INVISIBLE}]*[{BREAKS}])'"


def neutralise(cell: object) -> str:
    """The cell as text that no spreadsheet runs as a formula: a quote before each risky line.

    Numbers and dates are written as they are; only text can come from somebody else.
    """
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return BREAK_FIRST.sub("'", DANGEROUS_LINE.sub("'", cell))


def neutralised_sql(column: str) -> str:
    """The same as an expression of SQL over a text column that the caller has quoted."""
    lines = f"regexp_replace({column}, {DANGEROUS_LINE_SQL}, '\\1''', 'g')"
    return f"regexp_replace({lines}, {BREAK_FIRST_SQL}, '''')"

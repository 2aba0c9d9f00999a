"""Text in files we hand out, made harmless for spreadsheet programs."""

import re

# Spaces and characters without width, behind which a formula can hide.
INVISIBLE = (
    "\N{SPACE}\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{MONGOLIAN VOWEL SEPARATOR}"
    "\N{EN QUAD}-\N{RIGHT-TO-LEFT MARK}\N{NARROW NO-BREAK SPACE}\N{MEDIUM MATHEMATICAL SPACE}"
    "\N{WORD JOINER}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
)
STARTS = (
    "=+\\-@|%\t\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
DANGEROUS_LINE = re.compile(rf"(?:\A|(?<=[\r\n]))(?=[{INVISIBLE}]*[{STARTS}])")
BREAK_FIRST = re.compile(rf"\A(?=[{INVISIBLE}]*[\r\n])")
# The same for PostgreSQL, whose regular expressions do not look behind.
DANGEROUS_LINE_SQL = rf"'(^|[\r\n])(?=[{INVISIBLE}]*[{STARTS}])'"
BREAK_FIRST_SQL = rf"'^(?=[{INVISIBLE}]*[\r\n])'"


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

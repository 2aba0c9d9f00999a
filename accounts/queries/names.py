"""Rows whose name somebody began to type, the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.models.names import FEWEST_LETTERS, changed_over, sort_name_of
from supportsuccess.statements import fetched, literally, text_of

if TYPE_CHECKING:
    from accounts.models.names import NamedQuerySet

# of a text so common that more names have it, only so many are put in order
COMPARED = 200
BEGIN = """
    (SELECT {columns}, 0 AS place, 0::real AS unlike FROM seen
     WHERE sort_name LIKE %(begin)s ORDER BY sort_name, pk LIMIT %(size)s)"""
HAVE = """
    (SELECT {columns}, 1, %(text)s <<-> upper(name) AS unlike FROM (
        SELECT * FROM seen
        WHERE upper(name) LIKE upper(%(have)s) AND sort_name NOT LIKE %(begin)s
        LIMIT %(compared)s) alike
     ORDER BY unlike, sort_name, pk LIMIT %(size)s)"""
NEARLY_HAVE = """
    (SELECT {columns}, 2, %(text)s <<-> upper(name) AS unlike FROM (
        SELECT * FROM seen
        WHERE (upper(name) %%> %(text)s OR upper(name) LIKE ANY (ARRAY[{turned}]))
          AND upper(name) NOT LIKE upper(%(have)s) AND sort_name NOT LIKE %(begin)s
        LIMIT %(compared)s) alike
     ORDER BY unlike, sort_name, pk LIMIT %(size)s)"""
FOUND = """
    WITH seen AS NOT MATERIALIZED ({seen})
    SELECT * FROM ({places}) found LIMIT %(size)s"""


def best_named(
    rows: NamedQuerySet[Any], *, text: str, size: int, columns: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """These columns of names that begin with the text, then have it in them, then nearly have it.

    One statement; a later part is not even asked when those before it fill the page.
    """
    seen = text_of(rows.values_list("pk", *{"name", "sort_name", *columns} - {"pk"}))
    turned = {f"turned_{at}": _inside(each) for at, each in enumerate(changed_over(text))}
    places = [BEGIN, HAVE, NEARLY_HAVE] if len(text) >= FEWEST_LETTERS else [BEGIN]
    shape = {
        "columns": ", ".join(columns),
        "turned": ", ".join(f"upper(%({name})s)" for name in turned) or "NULL::text",
    }
    statement = FOUND.format(
        seen=seen, places=" UNION ALL ".join(place.format(**shape) for place in places)
    )
    begin = f"{literally(sort_name_of(text))}%"
    sizes = {"size": size, "compared": COMPARED}
    parameters = {"text": text, "begin": begin, "have": _inside(text), **turned, **sizes}
    found = fetched(statement, parameters)
    return [row[:-2] for row in sorted(found, key=lambda row: row[-2:])]


def _inside(text: str) -> str:
    return f"%{literally(text)}%"

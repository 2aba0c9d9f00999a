"""A queryset inside a statement that is written by hand.

So what a person may see stays one method, `visible_to`, also where composing the rest of a
statement would take longer than running it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


def bound(rows: QuerySet[Any, Any]) -> str:
    """The queryset's own statement with its values in it. Raises EmptyResultSet."""
    query, values = rows.query.sql_with_params()
    return str(connection.ops.compose_sql(query, values))  # type: ignore[attr-defined]  # PostgreSQL's


def text_of(rows: QuerySet[Any, Any]) -> str:
    """The same for a statement that has parameters of its own. Raises EmptyResultSet."""
    return bound(rows).replace("%", "%%")


def fetched(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def all_if_few(asked: list[tuple[QuerySet[Any, tuple[int]], int]]) -> list[list[int] | None]:
    """Of each queryset of ids all it has, or None for more than so many; one statement."""
    if not asked:
        return []
    first, *others = [
        rows.annotate(which=Value(which))[: most + 1] for which, (rows, most) in enumerate(asked)
    ]
    found: list[list[int]] = [[] for _ in asked]
    for pk, which in first.union(*others, all=True):
        found[which].append(pk)
    return [ids if len(ids) <= most else None for ids, (_, most) in zip(found, asked, strict=True)]


def literally(text: str) -> str:
    """A text whose signs stand for themselves in LIKE."""
    return str(connection.ops.prep_for_like_query(text))


def read_json(text: str) -> Any:
    """What a statement put together as jsonb; columns called so are days and moments."""
    return json.loads(text, object_hook=_with_moments)


def _with_moments(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _moment(name, value) for name, value in row.items()}


def _moment(name: str, value: Any) -> Any:
    """A day or a moment that came as text; a column's name says which."""
    if not isinstance(value, str):
        return value
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith("_at") else value

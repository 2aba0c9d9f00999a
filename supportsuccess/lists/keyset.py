"""Pages that begin after a row, not at a number: right under ties and while rows come and go."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from supportsuccess.errors import Refused


class BadCursor(Refused):
    """The cursor was not made by this list."""


@dataclass(frozen=True, kw_only=True)
class Page[Row]:
    """Some rows of a list, and where those after and before them begin; empty at its ends."""

    rows: list[Row]
    next_cursor: str
    previous_cursor: str = ""


@dataclass(frozen=True)
class Keyset:
    """An order of fields that never are null, all falling or all rising, the last one unique."""

    fields: tuple[str, ...]

    def after[M: Model, Row](self, queryset: QuerySet[M, Row], *, cursor: str) -> QuerySet[M, Row]:
        """The rows in order that come after a cursor's. Raises BadCursor."""
        ordered = queryset.order_by(*self.fields)
        return ordered.filter(self._beyond(queryset, cursor)) if cursor else ordered

    def until[M: Model, Row](self, queryset: QuerySet[M, Row], *, cursor: str) -> QuerySet[M, Row]:
        """The rows in order that come before a cursor's; without one all. Raises BadCursor."""
        return self.backwards.after(queryset, cursor=cursor).order_by(*self.fields)

    @property
    def backwards(self) -> "Keyset":
        """The same order read from its end."""
        return Keyset(tuple(flipped(name) for name in self.fields))

    def page[M: Model, Row](
        self, queryset: QuerySet[M, Row], *, cursor: str, size: int
    ) -> Page[Row]:
        """One page of the rows after a cursor, in one query. Raises BadCursor."""
        rows = list(self.after(queryset, cursor=cursor)[: size + 1])
        return self.cut(rows, size=size)

    def cut[Row](self, rows: Sequence[Row], *, size: int) -> Page[Row]:
        """A page of at most `size` of these rows, of which one more was read."""
        kept = list(rows[:size])
        more = len(rows) > size
        return Page(rows=kept, next_cursor=self.cursor(kept[-1]) if more else "")

    def around[Row](
        self, read: Callable[["Keyset", str], list[Row]], *, after: str, before: str, size: int
    ) -> Page[Row]:
        """One page after a cursor or before another; `read` gives `size + 1` rows in an order.

        Raises BadCursor.
        """
        if before:
            page = self.backwards.cut(read(self.backwards, before), size=size)
            rows = page.rows[::-1]
            following = self.cursor(rows[-1]) if rows else ""
            return Page(rows=rows, next_cursor=following, previous_cursor=page.next_cursor)
        page = self.cut(read(self, after), size=size)
        previous = self.cursor(page.rows[0]) if after and page.rows else ""
        return Page(rows=page.rows, next_cursor=page.next_cursor, previous_cursor=previous)

    def cursor(self, row: Any) -> str:
        """What names this row's place: a model instance, or a tuple with these fields' names."""
        values = [str(_value(row, name.removeprefix("-"))) for name in self.fields]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    def _beyond(self, queryset: QuerySet[Any, Any], cursor: str) -> Q:
        comparison = "lt" if self.fields[0].startswith("-") else "gt"
        names = [name.removeprefix("-") for name in self.fields]
        values = self._values(queryset, names, cursor)
        # The first comparison alone lets the database begin at the right place of its index.
        beyond = Q(**{f"{names[0]}__{comparison}e": values[0]})
        alternatives = Q()
        for position, name in enumerate(names):
            equal = dict(zip(names[:position], values, strict=False))
            alternatives |= Q(**equal, **{f"{name}__{comparison}": values[position]})
        return beyond & alternatives

    def _values(self, queryset: QuerySet[Any, Any], names: list[str], cursor: str) -> list[Any]:
        try:
            texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            return [_parsed(queryset, name, text) for name, text in zip(names, texts, strict=True)]
        except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError) as error:
            raise BadCursor("This page does not exist; start at the first one.") from error


def flipped(name: str) -> str:
    """The other direction of an ordering by this field."""
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _value(row: Any, name: str) -> Any:
    if hasattr(row, name):  # a row of `values_list` has the path itself as a field
        return getattr(row, name)
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _parsed(queryset: QuerySet[Any, Any], name: str, text: object) -> Any:
    if not isinstance(text, str) or "\x00" in text.encode().decode():
        raise ValueError("no text that the database takes")
    value = _field(queryset, name).to_python(text)
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("no value of this column")
    if isinstance(value, datetime) and timezone.is_naive(value):
        return value.replace(tzinfo=UTC)
    return value


def _field(queryset: QuerySet[Any, Any], name: str) -> Any:
    """What a name stands for in the queryset: an annotation, or a field, perhaps of a relation."""
    if name in queryset.query.annotations:
        return queryset.query.annotations[name].output_field
    *path, last = name.split("__")
    model = queryset.model
    for part in path:
        model = model._meta.get_field(part).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last)

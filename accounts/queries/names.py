"""Rows whose name somebody began to type, the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import IntegerField, Q, Value
from django.db.models.functions import Upper

from accounts.models.names import FEWEST_LETTERS, sort_name_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models.names import NamedQuerySet

# of a text so common that more names have it, only so many are put in order
COMPARED = 200


def best_named(
    rows: NamedQuerySet[Any], *, text: str, size: int, columns: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """These columns of names that begin with the text, then have it in them, then nearly have it.

    One statement; a later part is not even asked when those before it fill the page.
    """
    begins = rows.named_from(text)
    places = [begins]
    if len(text) >= FEWEST_LETTERS:
        begin, have = Q(sort_name__startswith=sort_name_of(text)), Q(name__icontains=text)
        places += [
            _some(rows.named_with(text).exclude(begin)),
            _some(rows.named_nearly(text).exclude(begin | have)),
        ]
    first, *then = [
        _likeliest(found, text=text, place=place).values_list(*columns, "place", "unlike")[:size]
        for place, found in enumerate(places)
    ]
    found = first.union(*then, all=True)[:size] if then else first
    return [row[:-2] for row in sorted(found, key=lambda row: row[-2:])]


def _some(rows: NamedQuerySet[Any]) -> NamedQuerySet[Any]:
    some: NamedQuerySet[Any] = rows.model.objects.filter(pk__in=rows.values("pk")[:COMPARED])
    return some


def _likeliest(rows: QuerySet[Any], *, text: str, place: int) -> QuerySet[Any]:
    unlike = TrigramWordDistance(text, Upper("name")) if place else Value(0.0)
    order = ("unlike", "sort_name", "pk") if place else ("sort_name", "pk")
    number = Value(place, output_field=IntegerField())
    placed: QuerySet[Any] = rows.annotate(place=number, unlike=unlike)
    return placed.order_by(*order)

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Upper

# fewer letters have no likeness: too many names have them
FEWEST_LETTERS = 3
MOST_PLACES = 16


def sort_name_of(name: str) -> str:
    """What lists order a name by: the same on every server, whatever its collation."""
    return " ".join(name.casefold().split())


class NamedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that have a name to be found by."""

    def named_from(self, text: str) -> Self:
        """Names that begin with the text, found in their order."""
        return self.filter(sort_name__startswith=sort_name_of(text))

    def named_with(self, text: str) -> Self:
        """Names that contain the text."""
        return self.filter(name__icontains=text)

    def named_nearly(self, text: str) -> Self:
        """Names of which a part is nearly the text: a letter more, less, wrong or changed over."""
        nearly = Q(TrigramWordSimilar(Upper("name"), Value(text)))
        return self.filter(reduce(or_, (Q(name__icontains=t) for t in changed_over(text)), nearly))

    def named_like(self, text: str) -> Self:
        """Names that contain the text, or nearly do."""
        return self.named_with(text) | self.named_nearly(text)

    def named_by_words(self, text: str) -> Self:
        """Names that have every word of the text in them, or nearly."""
        return reduce(lambda named, word: named.named_like(word), text.split(), self.all())


def changed_over(text: str) -> list[str]:
    """The text with two neighbours changed over, at each place: too unlike for trigrams."""
    if len(text) < FEWEST_LETTERS:
        return []
    places = range(min(len(text) - 1, MOST_PLACES))
    turned = [f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}" for at in places]
    return [each for each in turned if each != text]


def name_index(name: str) -> GinIndex:
    """What finds a name by any part of it; upper case, as Django compares without case."""
    return GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name=name)

"""Which customers a text names, by all of its words or by some of them."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from django.db.models import Value

from accounts.models import Customer
from accounts.models.names import FEWEST_LETTERS

# A word in more names than this is nobody's alone: it names those whom another word names, too.
NAMESAKES = 1000


class PartlyNamed(NamedTuple):
    """Customers whose names have the same of the words, and the words that they don't have."""

    customers: list[int]
    others: list[str]


def partly_named(words: list[str]) -> list[PartlyNamed]:
    """The customers whose names have some of the words and not all; one statement."""
    alike = defaultdict(list)
    for pk, name in _with_any_of(words).items():
        others = tuple(word for word in words if word.casefold() not in name.casefold())
        alike[others].append(pk)
    return [PartlyNamed(pks, list(others)) for others, pks in alike.items() if others]


def _with_any_of(words: list[str]) -> dict[int, str]:
    """By their id the names of those whom a word names that not too many have."""
    telling = [word for word in words if len(word) >= FEWEST_LETTERS]
    if len(words) == 1 or not telling:
        return {}
    customers = Customer.objects.order_by()
    first, *others = [
        customers.named_with(word).values_list(Value(word), "pk", "name")[: NAMESAKES + 1]
        for word in telling
    ]
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for word, pk, name in first.union(*others, all=True):
        found[word][pk] = name
    few = [names for names in found.values() if len(names) <= NAMESAKES]
    return {pk: name for names in few for pk, name in names.items()}

"""Which rows were chosen: those picked on the page, or all that the filters find."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from supportsuccess.lists.bulk import ALL, PICK
from supportsuccess.lists.listing import COUNTED
from supportsuccess.lists.query import key_in

if TYPE_CHECKING:
    from django.http import QueryDict

    from supportsuccess.lists.listing import Listing

MOST_ROWS = COUNTED
WAITED_FOR = 100  # rows; more go on in the background


class Chosen(NamedTuple):
    """One row that something is to be done to."""

    pk: int
    label: str
    seen: str


class Choice:
    """The rows of a list that an address picks."""

    def __init__(self, listing: Listing[Any, Any], params: QueryDict) -> None:
        self.listing = listing
        self.most = MOST_ROWS
        self.is_all = ALL in params
        self.picked = dict(filter(None, map(_picked, params.getlist(PICK))))

    @cached_property
    def count(self) -> int:
        """How many rows there are, counted no further than one over 10,000."""
        return self.listing.count() if self.is_all else self._picked_rows().count()

    @property
    def count_text(self) -> str:
        """How many, in words."""
        return self.listing.counted(self.count)

    @property
    def is_long(self) -> bool:
        """Whether nobody should wait for it."""
        return self.count > WAITED_FOR

    @property
    def is_too_many(self) -> bool:
        return self.count > MOST_ROWS

    def rows(self) -> list[Chosen]:
        """The rows as they are now, in the list's order; those picked as they were seen."""
        found = self.listing.all_found if self.is_all else self._picked_rows()
        rows = self.listing.first_rows(found, MOST_ROWS)
        label, seen = self.listing.declared.label, self.listing.seen
        return [
            Chosen(pk=row[0], label=label(row), seen=self.picked.get(row[0], seen(row)))
            for row in rows
        ]

    def _picked_rows(self) -> Any:
        return self.listing.everything().filter(pk__in=self.picked)


def _picked(value: str) -> tuple[int, str] | None:
    text, _, seen = value.partition(".")
    pk = key_in(text)
    return None if pk is None else (pk, seen)

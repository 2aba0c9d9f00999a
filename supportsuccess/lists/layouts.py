"""Which columns of a list a person looks at, in which order, and how much room a row has.

`?columns=arr,health` in the address wins, then what the person last chose, then what the list
declares. Who remembers that registers itself, so that nothing here knows people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import TextChoices
from django.utils.safestring import SafeString

from supportsuccess.lists.html import html
from supportsuccess.lists.icons import icon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supportsuccess.lists.listing import Listing
    from supportsuccess.lists.table import Column

ASKED = "columns"
MOVES = ("up", "down")
TICKED = SafeString(" checked")
LINE = "<li>{}{}</li>"
FIXED = (
    '<li><input type="hidden" name="order" value="{}">'
    '<input type="hidden" name="columns" value="{}">'
    '<label class="menu-item"><input type="checkbox" checked disabled>{}</label></li>'
)
TICK = (
    '<input type="hidden" name="order" value="{}"><label class="menu-item">'
    '<input type="checkbox" id="column-{}" name="columns" value="{}"{}>{}</label>'
)
MOVE = (
    '<button class="button button-plain button-icon" type="submit" id="{}-{}" name="{}" value="{}"'
    ' aria-label="Move {} {}, it is number {}">{}</button>'
)


class Density(TextChoices):
    COMPACT = "compact", "Compact"
    COMFORTABLE = "comfortable", "Comfortable"


class Choice(NamedTuple):
    """What a person chose for a list; no columns mean those that it shows by itself."""

    columns: Sequence[str] = ()
    density: str = Density.COMPACT


type Memory = Callable[[Listing[Any, Any]], Choice]

memories: list[Memory] = []


def remembering(function: Memory) -> Memory:
    """Register who knows what a person last chose for a list."""
    memories.append(function)
    return function


class Place(NamedTuple):
    """A column's line in the menu."""

    name: str
    label: str
    is_shown: bool
    is_fixed: bool
    number: int

    def __str__(self) -> SafeString:
        if self.is_fixed:
            return html(FIXED, self.name, self.name, self.label)
        tick = html(
            TICK, self.name, self.name, self.name, TICKED if self.is_shown else "", self.label
        )
        moves = [self._move(way) for way in MOVES] if self.is_shown else []
        return html(LINE, tick, SafeString("".join(moves)))

    def __html__(self) -> SafeString:
        return self.__str__()

    def _move(self, way: str) -> SafeString:
        name, place = self.name, icon(f"arrow-{way}", 14)
        return html(MOVE, way, name, way, name, self.label, way, self.number, place)


@dataclass(frozen=True)
class Layout:
    """A list's columns as one person sees them."""

    declared: Sequence[Column[Any]]
    chosen: Sequence[str] = ()
    density: str = Density.COMPACT
    unknown: Sequence[str] = ()

    @cached_property
    def shown(self) -> list[Column[Any]]:
        """The columns in their order; what names a row stands first, whatever was chosen."""
        if not self.chosen:
            return [column for column in self.declared if column.at_first == "shown"]
        by_name = {column.name: column for column in self.declared}
        leads = [column.name for column in self.declared if column.lead == "yes"]
        return [by_name[name] for name in dict.fromkeys([*leads, *self.chosen]) if name in by_name]

    @cached_property
    def places(self) -> list[Place]:
        """The menu's lines: what is shown in its order, then the rest."""
        names = {column.name for column in self.shown}
        rest = [column for column in self.declared if column.name not in names]
        return [
            Place(column.name, column.label, column.name in names, column.lead == "yes", number)
            for number, column in enumerate([*self.shown, *rest], start=1)
        ]

    @property
    def is_usual(self) -> bool:
        """Whether it is what the list shows by itself."""
        usual = Layout(self.declared)
        return [column.name for column in self.shown] == [column.name for column in usual.shown]

    @property
    def densities(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.density) for value, label in Density.choices]

    @property
    def query(self) -> str | None:
        """What an address says of it; None where it need not say anything."""
        return None if self.is_usual else ",".join(column.name for column in self.shown)


def layout_of(listing: Listing[Any, Any]) -> Layout:
    """How this person sees the list at this address."""
    columns = listing.declared.columns
    known = {column.name for column in columns}
    remembered = next((remember(listing) for remember in memories), Choice())
    asked = [name for name in listing.params.get(ASKED, "").split(",") if name]
    unknown = [name for name in asked if name not in known]
    chosen = [name for name in asked or remembered.columns if name in known]
    return Layout(columns, chosen, remembered.density, unknown)

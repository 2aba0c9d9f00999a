"""What stands above a list: its filters as controls, its orders, and what the URL says wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from supportsuccess.lists import query
from supportsuccess.lists.html import html
from supportsuccess.lists.layouts import ASKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from supportsuccess.lists.filters import Filters
    from supportsuccess.lists.table import Sort, Table


TICK = (
    '<label class="menu-item"><input type="checkbox" id="filter-{}-{}" name="{}" value="{}"{}>'
    "{}</label>"
)
CHIP = '<a class="chip" href="{}"{}>{}{}</a>'
COUNT = ' <span class="count" data-number="count">{}</span>'
TICKED, CURRENT = SafeString(" checked"), SafeString(' aria-current="true"')


@dataclass(frozen=True, kw_only=True)
class Option:
    """One value of a menu."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One way to look at the list, as a link."""

    label: str
    url: str
    is_current: bool
    count: int | None = None

    def __str__(self) -> SafeString:
        count = "" if self.count is None else html(COUNT, self.count)
        return html(CHIP, self.url, CURRENT if self.is_current else "", self.label, count)

    def __html__(self) -> SafeString:
        return self.__str__()


@dataclass(frozen=True, kw_only=True)
class Control:
    """One filter as the toolbar shows it."""

    kind: str
    name: str
    label: str
    values: list[str]
    options: list[Option]
    chips: list[Chip]

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def ticks(self) -> SafeString:
        """The options to tick; made here, for a page has dozens."""
        ticks = [
            html(
                TICK,
                self.name,
                place,
                self.name,
                option.value,
                TICKED if option.is_chosen else "",
                option.label,
            )
            for place, option in enumerate(self.options, start=1)
        ]
        return SafeString("".join(ticks))

    @property
    def summary(self) -> str:
        """What a closed menu says: its name and what is ticked."""
        chosen = [option.label for option in self.options if option.is_chosen]
        if not chosen:
            return self.label
        return f"{self.label}: {chosen[0]}" if len(chosen) == 1 else f"{self.label}: {len(chosen)}"


class Toolbar:
    """The controls of one list for what its URL says now."""

    def __init__(self, filters: Filters, *, params: QueryDict, table: Table[Any]) -> None:
        self.filters = filters
        self.params = params
        self.table = table
        self.counts: Mapping[tuple[str, str], int] = {}

    def counted(self, counts: Mapping[tuple[str, str], int]) -> Toolbar:
        """The same with how many rows each chip has, by filter and value."""
        self.counts = counts
        return self

    @cached_property
    def controls(self) -> list[Control]:
        return [self._control(name) for name in self.filters.filters]

    @cached_property
    def named(self) -> dict[str, Control]:
        """The controls by the name of their filter."""
        return {control.name: control for control in self.controls}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form sends along: chips are links, so their state is not in its fields."""
        names = {control.name for control in self.controls if control.chips}
        names |= {"sort", ASKED}
        return [(name, value) for name in names for value in self.params.getlist(name) if value]

    @property
    def errors(self) -> list[str]:
        """What the URL says that the list does not know, by the name of its filter."""
        form = self.filters.form
        return [
            f"{form.fields[name].label}: {' '.join(map(str, problems))}"
            for name, problems in form.errors.items()
        ]

    @cached_property
    def orders(self) -> list[Chip]:
        """The ways to order the list; of one alone nothing is said."""
        now = self.table.sort(self.params)
        found = [
            Chip(
                label=order.label,
                url=query.fresh_link(self.params, changes={"sort": self._asked(order.key, now)}),
                is_current=order.key == now.key,
            )
            for order in self.table.all_orders
        ]
        return found if len(found) > 1 else []

    @property
    def order_label(self) -> str:
        return next((chip.label for chip in self.orders if chip.is_current), "Order")

    def _asked(self, key: str, now: Sort) -> str:
        """A press on the current order turns it round; others begin as their column would."""
        falls = {column.key for column in self.table.columns if column.align == "end"}
        usual = self.table.default_sort
        if key == now.key:
            return key if now.descending else f"-{key}"
        if key == usual.removeprefix("-"):
            return usual
        return f"-{key}" if key in falls else key

    def _control(self, name: str) -> Control:
        declared = self.filters.filters[name]
        kind = getattr(declared, "control", "search")
        values = [value for value in self.filters.asked.getlist(name) if value]
        choices = declared.extra.get("choices", [])
        options = [
            Option(value=str(value), label=str(label), is_chosen=str(value) in values)
            for value, label in choices
        ]
        chips = [] if kind == "menu" else [self._chip(name, option) for option in options]
        return Control(
            kind=kind,
            name=name,
            label=str(declared.label),
            values=values,
            options=options,
            chips=chips,
        )

    def _chip(self, name: str, option: Option) -> Chip:
        default = getattr(self.filters.filters[name], "default", "")
        # A default is written out: the bare address may lead this person elsewhere.
        value = None if option.is_chosen and not default else option.value
        return Chip(
            label=option.label,
            url=query.fresh_link(self.params, changes={name: value}),
            is_current=option.is_chosen,
            count=self.counts.get((name, option.value)),
        )

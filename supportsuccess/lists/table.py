"""The one table: a declaration at module level, rows in, safe HTML out.

Rows are tuples of `values_list`; a NamedTuple whose fields are the names asked for keeps them
readable. The first value of a row is its primary key. Each row costs one `format_html`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify

from supportsuccess.lists import query
from supportsuccess.lists.empty import Empty
from supportsuccess.lists.html import escaped, html
from supportsuccess.lists.icons import icon
from supportsuccess.lists.keyset import Keyset, Page, flipped
from supportsuccess.lists.layouts import Density, Layout

# once for each label of the program: a page asks for its columns' names dozens of times
_slug = cache(slugify)

type Target = Literal["page", "panel", "dialog", "post"]

PAGE_SIZE = 50
ID_IN_URL = "{id}"
_ID_STAND_IN = 987654321
PICK_HEADING = SafeString(
    '<th class="pick"><label><span class="visually-hidden">Select all rows</span>'
    '<input type="checkbox" data-pick-all></label></th>'
)
PEEK_HEADING = html(
    '<th class="look"><span class="visually-hidden">Peek</span>'
    '<svg hidden><symbol id="peek-icon" viewBox="0 0 16 16">{}</symbol></svg></th>',
    icon("panel-right"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Column[Row: tuple[Any, ...]]:
    """One column: what it is called, how a row's cell is made, and how it may be ordered."""

    label: str
    cell: Callable[[Row], object]  # a plain value is escaped, a SafeString is not
    key: str = ""  # its name in the URL's sort
    order: Sequence[str] = ()  # fields to order by, ascending; none: not sortable
    align: Literal["start", "end"] = "start"  # figures stand at the end
    grow: Literal["no", "yes"] = "no"  # takes the room that is left and cuts long text
    priority: Literal[1, 2, 3, 4] = 1  # 4 goes first when there is no room
    lead: Literal["no", "yes"] = "no"  # holds the row's link; on top of its card when narrow
    card_label: str = ""  # said before the value in a card, where the value alone is unclear
    help: str = ""  # the definition, on hover over the heading
    edit: str = ""  # the name of the list's edit that changes it in place
    at_first: Literal["shown", "hidden"] = "shown"  # until a person chooses their columns

    @property
    def name(self) -> str:
        """What addresses call it."""
        return self.key or _slug(self.label)

    @property
    def classes(self) -> str:
        names = [
            "lead" if self.lead == "yes" else "",
            "end" if self.align == "end" else "",
            "grow" if self.grow == "yes" else "",
            f"p{self.priority}" if self.priority > 1 else "",
        ]
        return " ".join(filter(None, names))


@dataclass(frozen=True, kw_only=True, slots=True)
class RowKey:
    """A key that does something with the row one stands on."""

    key: str
    label: str
    url: str  # name of a URL with the row's primary key as its only argument
    target: Target = "page"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A way to order a list that no column stands for."""

    label: str
    key: str
    fields: Sequence[str]  # ascending, never null


@dataclass(frozen=True, kw_only=True, slots=True)
class Sort:
    """Which column a list is ordered by, and in which direction."""

    key: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Table[Row: tuple[Any, ...]]:
    """A list's declaration; `over` puts rows into it."""

    id: str
    caption: str  # what screen readers call it
    columns: Sequence[Column[Row]]
    label: Callable[[Row], str]  # what one row is called
    url: str = ""  # name of the row's page; its primary key is the only argument
    default_sort: str = ""  # as in the URL: "arr" or "-arr"
    orders: Sequence[Order] = ()  # more than the columns give
    peek: Literal["no", "yes"] = "no"  # the list's own view answers ?peek=<id> with a panel
    pick: str = ""  # name of the checkbox that selects a row
    seen: Callable[[Row], str] | None = None  # what its value says of the row, after the key
    edits: Mapping[str, str] = MappingProxyType({})  # by name, where its editor is, with {id}
    row_keys: Sequence[RowKey] = ()
    row_data: Sequence[tuple[str, Callable[[Row], object]]] = field(default=())  # data-<name>
    density: str = Density.COMPACT

    def arranged(self, layout: Layout) -> "Table[Row]":
        """The same with the columns that a person looks at; it can be ordered as before."""
        names = {column.name for column in layout.shown}
        hidden = replace(self, columns=[one for one in self.columns if one.name not in names])
        return replace(self, columns=layout.shown, orders=hidden.all_orders, density=layout.density)

    def sort(self, params: QueryDict) -> Sort:
        """The order that a URL asks for, or the default where it asks for nonsense."""
        asked = params.get("sort", "")
        allowed = {order.key for order in self.all_orders}
        text = asked if asked.removeprefix("-") in allowed else self.default_sort
        return Sort(key=text.removeprefix("-"), descending=text.startswith("-"))

    @property
    def all_orders(self) -> list[Order]:
        """Every way to order this list, those of its columns last."""
        by_column = [
            Order(label=column.label, key=column.key, fields=column.order)
            for column in self.columns
            if column.order
        ]
        return [*self.orders, *by_column]

    def order_by(self, params: QueryDict) -> list[str]:
        """What to give to `order_by()`, ties broken by primary key."""
        sort = self.sort(params)
        by_key = {order.key: order.fields for order in self.all_orders}
        fields = [*by_key.get(sort.key, ()), "pk"]
        return [flipped(name) if sort.descending else name for name in fields]

    def keyset(self, params: QueryDict) -> Keyset:
        """The order that a URL asks for, to page by."""
        return Keyset(tuple(self.order_by(params)))

    def standing(self) -> "Table[Row]":
        """The same for one row that comes back after a change: the keys go on from there."""
        return replace(self, row_data=[*self.row_data, ("last", lambda _: "")])

    def over(
        self, rows: Iterable[Row], *, params: QueryDict, empty: Empty | None = None
    ) -> "FilledTable[Row]":
        """This table with rows in it; `empty` stands there when there are none."""
        return FilledTable(table=self, items=list(rows), params=params, empty=empty)


@dataclass(frozen=True, kw_only=True)
class FilledTable[Row: tuple[Any, ...]]:
    """What a template prints: `{{ table }}` whole, `{{ table.rows }}` the body's rows alone."""

    table: Table[Row]
    items: list[Row]
    params: QueryDict
    empty: Empty | None

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> SafeString:
        return self.html if self.items or self.empty is None else self.empty.__str__()

    def __html__(self) -> SafeString:
        return self.__str__()

    @cached_property
    def html(self) -> SafeString:
        return html(
            '<div class="table-box table-{}" id="{}" data-rows>{}<table class="table">'
            "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
            self.table.density,
            self.table.id,
            self._row_keys,
            self.table.caption,
            self._head,
            self.rows,
        )

    @cached_property
    def rows(self) -> SafeString:
        """The rows alone, for a partial."""
        template, values = self._row_template, self._row_values
        return _joined([html(template, *values(row)) for row in self.items])

    @property
    def _head(self) -> SafeString:
        table = self.table
        sort = table.sort(self.params)
        return html(
            "{}{}{}",
            PICK_HEADING if table.pick else "",
            _joined(self._heading(column, sort) for column in table.columns),
            PEEK_HEADING if table.peek == "yes" else "",
        )

    def _heading(self, column: Column[Row], sort: Sort) -> SafeString:
        is_current = bool(column.order) and column.key == sort.key
        direction = "descending" if sort.descending else "ascending"
        return html(
            '<th scope="col"{}{}{}>{}</th>',
            _attribute("class", column.classes),
            _attribute("title", column.help),
            _attribute("aria-sort", direction if is_current else ""),
            self._heading_link(column, sort) if column.order else column.label,
        )

    def _heading_link(self, column: Column[Row], sort: Sort) -> SafeString:
        first_descending = column.align == "end"  # of figures the greatest is asked for first
        descending = not sort.descending if column.key == sort.key else first_descending
        next_sort = Sort(key=column.key, descending=descending)
        href = query.fresh_link(self.params, changes={"sort": next_sort})
        return html('<a href="{}">{}</a>', href, column.label)

    @property
    def _row_keys(self) -> SafeString:
        return _joined(
            html(
                '<template data-row-key="{}" data-key-label="{}" data-url="{}" data-target="{}">'
                "</template>",
                *(key.key, key.label, url_pattern(key.url), key.target),
            )
            for key in self.table.row_keys
        )

    @property
    def _row_template(self) -> str:
        """One row's HTML with a `{}` for each of `_row_values`."""
        table = self.table
        pick = (
            f'<td class="pick"><label><input type="checkbox" name="{_fixed(table.pick)}"'
            f' value="{{}}" form="{_fixed(table.id)}-form" aria-label="Select {{}}"></label></td>'
        )
        look = (
            '<td class="look"><a class="peek" data-peek href="{}" tabindex="-1"'
            ' aria-label="Peek at {}"><svg><use href="#peek-icon"/></svg></a></td>'
        )
        data = "".join(f' data-{_fixed(name)}="{{}}"' for name, _ in table.row_data)
        cells = "".join(self._cell_template(column) for column in table.columns)
        return "".join(
            (
                f'<tr data-row="{{}}"{data}>',
                pick if table.pick else "",
                cells,
                look if table.peek == "yes" else "",
                "</tr>",
            )
        )

    def _cell_template(self, column: Column[Row]) -> str:
        classes = _fixed(_attribute("class", column.classes))
        label = _fixed(_attribute("data-label", column.card_label))
        is_link = self.table.url and column.lead == "yes"
        inside = '<a class="row-link" data-row-link href="{}">{}</a>' if is_link else "{}"
        if column.edit in self.table.edits:
            inside = _editable(column)
        return f"<td{classes}{label}>{inside}</td>"

    @property
    def _row_values(self) -> Callable[[Row], list[object]]:
        """A function from a row to what stands in its template, in order."""
        table = self.table
        data = [value for _, value in table.row_data]
        cells = [(self._addresses(column), column.cell) for column in table.columns]
        here = query.link(self.params, changes={"peek": None})
        peek_url = f"{here}{'' if here == '?' else '&'}peek="

        def values(row: Row) -> list[object]:
            pk = str(row[0])
            in_url = quote(pk, safe="")
            name = SafeString(escaped(table.label(row)))  # once for its three places
            found: list[object] = [pk, *[value(row) for value in data]]
            if table.pick:
                found += [f"{pk}.{table.seen(row)}" if table.seen else pk, name]
            for addresses, cell in cells:
                found += [*addresses(row, in_url), cell(row)]
            if table.peek == "yes":
                found += [peek_url + in_url, name]
            return found

        return values

    def _addresses(self, column: Column[Row]) -> Callable[[Row, str], tuple[str, ...]]:
        """A function from a row to the addresses in a column's cell, before what it says."""
        table = self.table
        if table.url and column.lead == "yes":
            row_url = url_pattern(table.url)
            return lambda _, pk: (row_url.replace(ID_IN_URL, pk),)
        if not (editor_url := table.edits.get(column.edit)):
            return lambda _, __: ()
        seen = table.seen or (lambda _: "")
        return lambda row, pk: (f"{editor_url.replace(ID_IN_URL, pk)}?seen={quote(seen(row))}",) * 2


def rows_of[Row: tuple[Any, ...]](row: type[Row], queryset: QuerySet[Any]) -> list[Row]:
    """A queryset's rows as NamedTuples of this type, whose fields name the columns asked for."""
    fields: tuple[str, ...] = row._fields  # type: ignore[attr-defined]  # NamedTuple has no type
    make = row._make  # type: ignore[attr-defined]  # NamedTuple has no type
    return [make(values) for values in queryset.values_list(*fields)]


def page_of[Row: tuple[Any, ...]](
    row: type[Row],
    queryset: QuerySet[Any],
    *,
    keyset: Keyset,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """One page of `rows_of`, in one query. Raises BadCursor."""

    def read(order: Keyset, cursor: str) -> list[Row]:
        return rows_of(row, order.after(queryset, cursor=cursor)[: size + 1])

    return keyset.around(read, after=after, before=before, size=size)


def url_pattern(name: str, *before: str) -> str:
    """A URL with `{id}` where the primary key belongs: one `reverse` a page, not one a row."""
    return reverse(name, args=[*before, _ID_STAND_IN]).replace(str(_ID_STAND_IN), ID_IN_URL)


def _editable(column: Column[Any]) -> str:
    """A cell that opens its editor: where it stands, or without script a page of its own."""
    name, label = _fixed(column.edit), _fixed(column.label.lower())
    return (
        f'<a class="cell-edit" data-edit="{name}" href="{{}}" hx-get="{{}}" hx-target="closest td">'
        f'<span class="visually-hidden">Change {label}: </span>{{}}</a>'
    )


def _attribute(name: str, value: str) -> SafeString:
    return html(' {}="{}"', name, value) if value else SafeString("")


def _fixed(text: str) -> str:
    """Text that `format` leaves as it is."""
    return escaped(text).replace("{", "{{").replace("}", "}}")


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))

"""A list, declared once: its rows, columns, filters, orders, keys and what it does in bulk.

    class Teams(Listing[TeamRow, TeamQuerySet]):
        name, title, url, noun = "teams", "Teams", "accounts:teams", "team"
        row, filters = TeamRow, TeamFilters

        def everything(self) -> TeamQuerySet:
            return Team.objects.visible_to(self.user)

        def table(self) -> Table[TeamRow]: ...

        def nothing(self) -> Empty: ...

An instance is the list as one person asked for it: `Teams(user, request.GET, now=now)`. The URL is
its whole state. `pages.list_page` answers a request with it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from supportsuccess.discovery import import_modules
from supportsuccess.lists import query
from supportsuccess.lists.bulk import PICK
from supportsuccess.lists.empty import nothing_matches
from supportsuccess.lists.layouts import ASKED, Layout, layout_of
from supportsuccess.lists.table import PAGE_SIZE, FilledTable, Table, page_of, rows_of, url_pattern
from supportsuccess.lists.toolbar import Toolbar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from supportsuccess.lists.bulk import BulkAction, Edit
    from supportsuccess.lists.empty import Empty
    from supportsuccess.lists.filters import Filters
    from supportsuccess.lists.keyset import Keyset, Page

COUNTED = 10_000


class Listing[Row: tuple[Any, ...], Rows: QuerySet[Any]]:
    """Rows that a person may see, narrowed, ordered and cut as the URL says."""

    name: ClassVar[str]  # in saved views, exports and bulk jobs
    title: ClassVar[str]
    url: ClassVar[str]
    noun: ClassVar[str]
    row: ClassVar[type[tuple[Any, ...]]]  # a NamedTuple: its fields are the columns asked for
    filters: ClassVar[type[Filters]]
    personal: ClassVar[Mapping[str, str]] = {}  # filters that name oneself, and the word for it
    internal: ClassVar[frozenset[str]] = frozenset()  # columns of a row that nobody reads
    bulk: ClassVar[Sequence[BulkAction]] = ()  # what can be done to many rows at once
    edits: ClassVar[Sequence[Edit[Any]]] = ()  # cells that are changed in place
    size: ClassVar[int] = PAGE_SIZE

    def __init__(self, user: Any, params: QueryDict, *, now: datetime) -> None:
        self.user = user
        self.params = params
        self.now = now

    @classmethod
    def kept(cls, params: QueryDict) -> QueryDict:
        """What of an address can be kept: filters, order and columns, not where one stood."""
        query = QueryDict(mutable=True)
        for name in (*cls.filters.base_filters, "sort", ASKED):
            if values := [value for value in params.getlist(name) if value]:
                query.setlist(name, values)
        return query

    @classmethod
    def impersonal(cls, params: QueryDict, *, user: Any) -> QueryDict:
        """The same for whoever opens it: what names oneself by number says `me`, or nothing."""
        query = cls.kept(params)
        for name, word in cls.personal.items():
            if query.get(name) == str(user.pk):
                query.setlist(name, [word] if word else [])
        return query

    # What a list declares

    def everything(self) -> Rows:
        """All rows this person may see, unordered."""
        raise NotImplementedError

    def start(self) -> dict[str, str]:
        """What the bare address leads to for this person."""
        return {}

    def with_columns(self, rows: Rows) -> Rows:
        """What a row shows beyond its own columns."""
        return rows

    def table(self) -> Table[Row]:
        """The columns, keys and orders for this person."""
        raise NotImplementedError

    def nothing(self) -> Empty:
        """Why the list is empty though nothing narrows it, and the way on."""
        raise NotImplementedError

    def seen(self, row: Row) -> str:
        """What tells whether a row has changed since it was shown: its version."""
        return ""

    @property
    def exported(self) -> list[str]:
        """The columns of a file, as far as this person may see them."""
        fields: tuple[str, ...] = self.row._fields  # type: ignore[attr-defined]  # no NamedTuple type
        return [name for name in fields if name not in self.internal]

    # What follows

    @cached_property
    def filtered(self) -> Filters:
        """The filters with what the URL says, and what is meant where it says nothing."""
        asked = self.params.copy()
        for name, default in self.defaults.items():
            if not asked.get(name):
                asked[name] = default
        return self.filters(asked, self.everything(), user=self.user, now=self.now)

    def without(self, *names: str) -> Rows:
        """The rows as they would be without some of the filters."""
        return cast("Rows", self.filtered.without(*names))

    @cached_property
    def defaults(self) -> dict[str, str]:
        """What holds for a filter that the URL does not name."""
        declared = self.filters.base_filters
        found = {name: getattr(one, "default", "") for name, one in declared.items()}
        return {name: default for name, default in found.items() if default}

    @property
    def found(self) -> Rows:
        """The rows that pass the filters, unordered and with their own columns alone."""
        return cast("Rows", self.filtered.qs)

    @property
    def all_found(self) -> Rows:
        """The same, for whoever reads all of them and not one page."""
        return cast("Rows", self.filtered.all_rows())

    @cached_property
    def declared(self) -> Table[Row]:
        edits = {
            edit.action.name: url_pattern("bulk:edit", self.name, edit.action.name)
            for edit in self.edits
            if self.user.has_perm(edit.action.permission)
        }
        pick = PICK if self.doable else ""
        return replace(self.table(), pick=pick, seen=self.seen, edits=edits)

    @cached_property
    def layout(self) -> Layout:
        """Its columns as this person sees them at this address."""
        return layout_of(self)

    @cached_property
    def arranged(self) -> Table[Row]:
        """The table with those columns alone."""
        return self.declared.arranged(self.layout)

    @cached_property
    def doable(self) -> list[BulkAction]:
        """What this person may do to many rows at once."""
        return [action for action in self.bulk if self.user.has_perm(action.permission)]

    @cached_property
    def keyset(self) -> Keyset:
        return self.declared.keyset(self.params)

    @cached_property
    def page(self) -> Page[Row]:
        """The rows of this page. Raises BadCursor."""
        return page_of(
            self.row,  # type: ignore[arg-type]  # a class variable cannot name the type parameter
            self.with_columns(self.found),
            keyset=self.keyset,
            after=self.params.get("after", ""),
            before=self.params.get("before", ""),
            size=self.size,
        )

    def news(self, *, until: str) -> list[Any]:
        """The first page's primary keys as far as somebody has looked: what is among them and was
        not seen has come; what stands below only moved up. Raises BadCursor.
        """
        rows = self.keyset.until(self.with_columns(self.found), cursor=until)
        return list(rows.values_list("pk", flat=True)[: self.size])

    def first_rows(self, found: Rows, most: int) -> list[Row]:
        """So many of these rows, in the order of the list, in one query."""
        ordered = self.with_columns(found).order_by(*self.keyset.fields)
        return rows_of(self.row, ordered[:most])  # type: ignore[arg-type]  # a class variable cannot name the type parameter

    @cached_property
    def total(self) -> int:
        """How many rows there are on all pages, counted no further than one over 10,000."""
        if not (self.page.next_cursor or self.page.previous_cursor):
            return len(self.page.rows)
        return self.count()

    def count(self) -> int:
        """The same in one query, without the page."""
        return self.all_found.order_by()[: COUNTED + 1].count()

    @property
    def is_known(self) -> bool:
        """Whether the list knows everything that the URL asks for."""
        return self.filtered.form.is_valid()

    @property
    def is_narrowed(self) -> bool:
        """Whether some rows may be missing for a filter's sake."""
        return self.is_narrowed_beyond()

    def is_narrowed_beyond(self, *names: str) -> bool:
        """Whether filters besides these may leave rows out."""
        usual = self.defaults
        return any(
            self.params.get(name) and self.params.getlist(name) != [usual.get(name)]
            for name in self.filters.base_filters.keys() - set(names)
        )

    @property
    def clear_url(self) -> str:
        """The same way of looking without filters; empty where none is set."""
        apart = [name for name, one in self.toolbar.named.items() if one.kind == "apart"]
        if not self.is_narrowed_beyond(*apart):
            return ""
        kept = {name: self.params.get(name) or None for name in apart}
        return self.path + query.link(QueryDict(mutable=True), changes=kept)

    @property
    def query(self) -> str:
        """What a view of this list would keep."""
        return self.kept(self.params).urlencode()

    @property
    def state(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        kept = self.kept(self.params)
        return [(name, value) for name, values in kept.lists() for value in values]

    @property
    def without_layout(self) -> str:
        """The address of these rows, whatever their columns."""
        return query.link(self.params, changes={ASKED: None, "peek": None}).removeprefix("?")

    @property
    def files(self) -> list[tuple[str, str]]:
        """What the rows can be taken along as, and where."""
        kinds = (("CSV", "csv"), ("CSV for Excel", "excel"), ("JSON", "json"))
        return [
            (label, query.fresh_link(self.params, changes={"export": kind}))
            for label, kind in kinds
        ]

    # What a template prints

    @cached_property
    def filled(self) -> FilledTable[Row]:
        reason = self.no_match if self.is_narrowed else self.nothing
        empty = None if self.page.rows else reason()
        return self.arranged.over(self.page.rows, params=self.params, empty=empty)

    def no_match(self) -> Empty:
        """What stands there when the filters leave nothing."""
        return nothing_matches(f"No {self.noun} matches", clear_url=self.path)

    @cached_property
    def toolbar(self) -> Toolbar:
        return Toolbar(self.filtered, params=self.params, table=self.declared)

    @cached_property
    def path(self) -> str:
        return reverse(self.url)

    @property
    def count_text(self) -> str:
        """How many rows there are, in words."""
        return self.counted(self.total)

    def counted(self, number: int) -> str:
        """So many of what this list is of, in words."""
        noun = self.noun if number == 1 else f"{self.noun}s"
        return f"{COUNTED:,}+ {noun}" if number > COUNTED else f"{number:,} {noun}"

    @cached_property
    def next_url(self) -> str:
        return self._beside("after", self.page.next_cursor)

    @cached_property
    def previous_url(self) -> str:
        return self._beside("before", self.page.previous_cursor)

    def _beside(self, name: str, cursor: str) -> str:
        return query.fresh_link(self.params, changes={name: cursor}) if cursor else ""


def declared_lists() -> dict[str, type[Listing[Any, Any]]]:
    """Every list of the program by its name."""
    import_modules("lists")
    return {found.name: found for found in _below(Listing)}


def _below(declared: type[Any]) -> Iterator[type[Any]]:
    for found in declared.__subclasses__():
        yield found
        yield from _below(found)

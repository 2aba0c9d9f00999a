"""What a list can be narrowed by: one declaration for its page, its API and its saved views.

    class TicketFilters(Filters):
        q = Search(label="Subject or number", method="matching")
        kind = AnyOf(label="Kind", choices=TicketKind.choices)
        overdue = OneOf(label="Overdue", choices=[("1", "Overdue")], method="late")

Several values of `AnyOf` widen, several filters narrow. A value that a list does not know finds
nothing and says so: never everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter

from supportsuccess.lists import query

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict

type Control = Literal["search", "menu", "chips", "apart"]
type Choice = tuple[str, str]
type Choices = Iterable[Choice] | Callable[["Filters"], Iterable[Choice]]

MOST_LETTERS = 100


class Filters(FilterSet):
    """The filters of one list as one person uses them now."""

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: QuerySet[Any] | None = None,
        *,
        request: HttpRequest | None = None,
        user: Any = None,
        now: datetime | None = None,
    ) -> None:
        super().__init__(data, queryset, request=request)
        self.asked: QueryDict = self.data  # type: ignore[assignment]  # never another kind here
        self.user: Any = user or getattr(request, "user", None)
        self.now = now or timezone.now()
        for one in self.filters.values():
            choices = one.extra.get("choices")
            if callable(choices):
                one.extra["choices"] = list(choices(self)) if self.user else []

    @property
    def qs(self) -> QuerySet[Any]:
        """The rows that pass; none where a value is not known."""
        if self.form.is_valid():
            return super().qs
        return self._rows.none()

    def all_rows(self) -> QuerySet[Any]:
        """The rows that pass, for whoever reads all of them and not one page."""
        rows = self._rows if self.form.is_valid() else self._rows.none()
        for name, value in self.form.cleaned_data.items():
            one = self.filters[name]
            if value and (all_by := getattr(one, "all_by", "")):
                rows = getattr(self, all_by)(rows, name, value)
            else:
                rows = one.filter(rows, value)
        return rows

    def without(self, *names: str) -> QuerySet[Any]:
        """The rows that pass the other filters; none where a value of those is not known."""
        if self.form.errors.keys() - set(names):
            return self._rows.none()
        rows = self._rows
        for name, value in self.form.cleaned_data.items():
            rows = rows if name in names else self.filters[name].filter(rows, value)
        return rows

    @property
    def _rows(self) -> QuerySet[Any]:
        return self.queryset  # type: ignore[return-value]  # there is always one


def asked_row(filters: Filters, name: str, *, among: QuerySet[Any]) -> list[Choice]:
    """The one row that the address names by its number, as a choice; nothing for any other."""
    asked, number = filters.asked.get(name, ""), query.number_in(filters.asked, name)
    return [(asked, str(row)) for row in among.filter(pk=number)] if number else []


class Search(CharFilter):
    """Words typed into the list's search field: found by a method, or inside a column.

    Where a page and all rows are best found in two ways, `all_by` is the method for all.
    """

    control: ClassVar[Control] = "search"

    def __init__(self, *, label: str, method: str = "", all_by: str = "", column: str = "") -> None:
        super().__init__(
            label=label,
            method=method or None,
            field_name=column or None,
            lookup_expr="icontains",
            max_length=MOST_LETTERS,
        )
        self.all_by = all_by


class AnyOf(MultipleChoiceFilter):
    """Any of some values, ticked in a menu; the words are computed where the person matters."""

    control: ClassVar[Control] = "menu"

    def __init__(
        self, *, label: str, choices: Choices, field_name: str = "", method: str = ""
    ) -> None:
        super().__init__(
            label=label,
            choices=choices,
            distinct=False,
            field_name=field_name or None,
            method=method or None,
        )

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class OneOf(ChoiceFilter):
    """One of a few, each a chip. With a `default` one of them always holds on the page; without,
    pressing the chip again takes it away. Choices may be computed: the customer that is asked for.
    What stands `apart` is not in the toolbar: the page prints `listing.toolbar.named.<name>`.
    """

    def __init__(
        self,
        *,
        label: str,
        choices: Choices,
        method: str,
        default: str = "",
        control: Control = "chips",
    ) -> None:
        super().__init__(label=label, choices=choices, method=method, empty_label=None)
        self.default = default
        self.control = control

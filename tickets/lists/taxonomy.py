"""The values that labels are answered with, and the versions in which they changed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.http import urlencode

from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, nothing_yet
from supportsuccess.lists.filters import Filters, OneOf, Search
from supportsuccess.lists.html import html
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Table
from tickets.models import Dimension, LabelValue, TaxonomyVersion
from tickets.models.labels import LabelValueQuerySet, TaxonomyVersionQuerySet
from tickets.queries.label_coverage import COVERED_DAYS
from tickets.queries.taxonomy import counted_period, tickets_by_value

if TYPE_CHECKING:
    from datetime import datetime


class ValueRow(NamedTuple):
    pk: int
    dimension: str
    parent__name: str | None
    name: str
    definition: str
    key: str
    is_area: bool
    is_active: bool
    merged_into__name: str | None
    tickets: int


class ValueFilters(Filters):
    """Which of the values are asked for."""

    q = Search(label="Value", column="name")
    dimension = OneOf(
        label="Answers",
        choices=Dimension.choices,
        method="of_dimension",
        default=Dimension.ROOT_CAUSE,
    )
    state = OneOf(
        label="State",
        choices=[("used", "In use"), ("out", "Out of use"), ("all", "All")],
        method="in_state",
        default="used",
    )

    def of_dimension(
        self, values: LabelValueQuerySet, _name: str, asked: str
    ) -> LabelValueQuerySet:
        return values.filter(dimension=asked)

    def in_state(self, values: LabelValueQuerySet, _name: str, asked: str) -> LabelValueQuerySet:
        return values if asked == "all" else values.filter(is_active=asked == "used")


class LabelValues(Listing[ValueRow, LabelValueQuerySet]):
    """What can be answered to each dimension, by area, and what no longer can."""

    name, title, url, noun = "taxonomy", "Taxonomy", "tickets:taxonomy", "value"
    row = ValueRow
    filters: ClassVar[type[Filters]] = ValueFilters

    def everything(self) -> LabelValueQuerySet:
        return LabelValue.objects.visible_to(self.user)

    @cached_property
    def counts(self) -> dict[int, int]:
        return tickets_by_value(self.user, at=self.now)

    def with_columns(self, rows: LabelValueQuerySet) -> LabelValueQuerySet:
        counted = [When(pk=pk, then=Value(count)) for pk, count in self.counts.items()]
        tickets = Case(*counted, default=Value(0), output_field=IntegerField())
        return rows.with_place().annotate(tickets=tickets)

    def table(self) -> Table[ValueRow]:
        return _values(self.now)

    def nothing(self) -> Empty:
        return nothing_yet("No values", text="This dimension has nothing to answer with yet.")


class VersionRow(NamedTuple):
    pk: int
    number: int
    published_at: datetime
    by__name: str | None
    note: str
    changed: int


class VersionFilters(Filters):
    q = Search(label="What changed", column="note")


class TaxonomyVersions(Listing[VersionRow, TaxonomyVersionQuerySet]):
    """Every publication of the taxonomy, the newest first."""

    name, title, url = "taxonomy-versions", "Taxonomy versions", "tickets:taxonomy_versions"
    noun, row = "version", VersionRow
    filters: ClassVar[type[Filters]] = VersionFilters

    def everything(self) -> TaxonomyVersionQuerySet:
        return TaxonomyVersion.objects.visible_to(self.user)

    def with_columns(self, rows: TaxonomyVersionQuerySet) -> TaxonomyVersionQuerySet:
        return rows.with_changes()

    def table(self) -> Table[VersionRow]:
        return VERSIONS

    def nothing(self) -> Empty:
        return nothing_yet("No versions yet", text="The first change of the taxonomy makes one.")


def tickets_url(value_id: int, *, now: datetime) -> str:
    """The tickets that a value answers."""
    asked = {"label": str(value_id), "opened": str(counted_period(now))}
    return f"{reverse('tickets:tickets')}?{urlencode(asked)}"


def _values(now: datetime) -> Table[ValueRow]:
    return Table[ValueRow](
        id="taxonomy",
        caption="Label values",
        label=lambda row: row.name,
        url="tickets:taxonomy_value",
        default_sort="place",
        columns=[
            Column(
                label="Value",
                lead="yes",
                key="place",
                order=["dimension", "area_place", "area_pk", "place", "name"],
                cell=_name,
            ),
            Column(label="Definition", grow="yes", cell=lambda row: _typed(row.definition)),
            Column(label="Key", cell=lambda row: _key(row.key), card_label="Key"),
            Column(
                label="Tickets",
                key="tickets",
                order=["tickets"],
                align="end",
                card_label="Tickets",
                help=f"Opened in the last {COVERED_DAYS} days, and answered with it",
                cell=lambda row: cells.opens(
                    "count", cells.number(row.tickets), href=tickets_url(row.pk, now=now)
                ),
            ),
        ],
    )


def _name(row: ValueRow) -> object:
    if row.merged_into__name:
        return cells.two_lines(row.name, second=f"merged into {row.merged_into__name}")
    if not row.is_active:
        return cells.two_lines(row.name, second="retired")
    if row.is_area:
        return cells.two_lines(row.name, second="area")
    return cells.two_lines(row.name, second=row.parent__name) if row.parent__name else row.name


def _typed(text: str) -> object:
    return html('<span class="typed">{}</span>', text)


def _key(key: str) -> object:
    return html("<kbd>{}</kbd>", key) if key else cells.NOTHING


def _changes(row: VersionRow) -> object:
    href = f"{reverse('tickets:taxonomy_version', args=[row.pk])}#changes"
    return cells.opens("count", cells.number(row.changed), href=href)


VERSIONS = Table[VersionRow](
    id="taxonomy-versions",
    caption="Versions of the taxonomy",
    label=lambda row: f"Version {row.number}",
    url="tickets:taxonomy_version",
    default_sort="-number",
    columns=[
        Column(
            label="Version",
            lead="yes",
            key="number",
            order=["number"],
            cell=lambda row: cells.own(row.number),
        ),
        Column(label="What changed", grow="yes", cell=lambda row: _typed(row.note)),
        Column(label="Values", align="end", cell=_changes, card_label="Values"),
        Column(label="By", cell=lambda row: row.by__name or "Installation"),
        Column(label="On", align="end", cell=lambda row: cells.day(row.published_at)),
    ],
)

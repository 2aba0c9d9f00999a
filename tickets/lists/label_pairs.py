"""Second answers beside the first ones; whose they are is nobody's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search
from supportsuccess.lists.html import html
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Table
from tickets.models import ASKED_DIMENSIONS, Dimension
from tickets.models.label_reviews import LabelReviewQuerySet
from tickets.queries.label_quality import pairs_of

if TYPE_CHECKING:
    from datetime import datetime


class PairRow(NamedTuple):
    pk: int
    ticket_id: int
    ticket__number: str
    dimension: str
    first_name: str
    second_name: str
    is_alike: bool
    given_at: datetime


class PairFilters(Filters):
    q = Search(label="Ticket", column="ticket__number")
    dimension = AnyOf(
        label="Answers", choices=[(name.value, name.label) for name in ASKED_DIMENSIONS]
    )
    alike = OneOf(
        label="Agreement", choices=[("yes", "Alike"), ("no", "Unlike")], method="agreeing"
    )

    def agreeing(self, pairs: LabelReviewQuerySet, _name: str, asked: str) -> LabelReviewQuerySet:
        return pairs.alike() if asked == "yes" else pairs.unlike()


class LabelPairs(Listing[PairRow, LabelReviewQuerySet]):
    """Answers that two people gave without seeing each other's."""

    name, title, url, noun = "label-pairs", "Second labels", "tickets:label_pairs", "pair"
    row = PairRow
    filters: ClassVar[type[Filters]] = PairFilters

    def everything(self) -> LabelReviewQuerySet:
        return pairs_of(self.user, at=self.now)

    def table(self) -> Table[PairRow]:
        return PAIRS

    def nothing(self) -> Empty:
        can_label = self.user.has_perm("tickets.label_ticket")
        return nothing_yet(
            "No second labels yet",
            text="One answered ticket in ten is answered by a second person, who does not see the "
            "first answers. How far the two agree says how far labels can be trusted.",
            action_label="Give second labels",
            action_url=reverse("tickets:label_second") if can_label else "",
        )


def pairs_url(dimension: str, **asked: str) -> str:
    """The pairs behind a figure."""
    return f"{reverse('tickets:label_pairs')}?{urlencode({'dimension': dimension, **asked})}"


def _number(row: PairRow) -> object:
    href = reverse("tickets:detail", args=[row.ticket_id])
    return html('<a class="typed" href="{}">{}</a>', href, row.ticket__number)


def _alike(row: PairRow) -> object:
    return cells.badge("Alike", "good") if row.is_alike else cells.badge("Unlike", "warn")


PAIRS = Table[PairRow](
    id="label-pairs",
    caption="Second labels beside the first",
    label=lambda row: row.ticket__number,
    default_sort="-given",
    columns=[
        Column(label="Ticket", lead="yes", cell=_number),
        Column(label="Answers", cell=lambda row: Dimension(row.dimension).label),
        Column(label="First", grow="yes", cell=lambda row: row.first_name, card_label="First"),
        Column(label="Second", grow="yes", cell=lambda row: row.second_name, card_label="Second"),
        Column(label="Agreement", cell=_alike),
        Column(
            label="Given",
            key="given",
            order=["given_at"],
            align="end",
            cell=lambda row: cells.day(row.given_at),
        ),
    ],
)

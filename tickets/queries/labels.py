"""What the label panel shows: the values to choose from, and what stands already."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from tickets.models import (
    ASKED_DIMENSIONS,
    Dimension,
    Labeling,
    LabelValue,
    Message,
    MessageDirection,
    Suggestion,
)
from tickets.queries.label_sets import sets_among, with_sets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from accounts.models import User
    from tickets.models import Ticket
    from tickets.queries.label_sets import PanelSet

EXCERPT_MESSAGES = 2


@dataclass(frozen=True)
class Taxonomy:
    """The values in use, by dimension, in the order of the panel, and what is suggested."""

    values: Mapping[str, list[LabelValue]]
    # by dimension, what a model says of the ticket
    suggested: Mapping[str, Suggestion]
    # of the person, on the keys 1 to 9
    sets: Sequence[PanelSet] = ()

    def of(self, dimension: Dimension) -> list[LabelValue]:
        return self.values.get(dimension, [])

    def value(self, dimension: Dimension, *, pk: int) -> LabelValue:
        """The value of that id. Raises KeyError when it is not among the dimension's."""
        return {value.pk: value for value in self.of(dimension)}[pk]

    def nothing_unusual(self, dimensions: Collection[Dimension]) -> dict[Dimension, LabelValue]:
        """What "nothing unusual" means for each of these dimensions."""
        return {
            dimension: value
            for dimension in dimensions
            for value in self.of(dimension)
            if value.is_nothing_unusual
        }


@dataclass(frozen=True)
class Standing:
    """The answers that a ticket has, and the newest labeling the reader now knows of."""

    labelings: Mapping[str, Labeling]
    newest: int

    @property
    def latest(self) -> Labeling | None:
        """The answer that was given last."""
        return max(self.labelings.values(), key=attrgetter("pk"), default=None)


def taxonomy_for(ticket: Ticket, *, user: User) -> Taxonomy:
    """The values this person may answer with, and which are suggested, in one query."""
    suggested = {}
    values: dict[str, list[LabelValue]] = {dimension: [] for dimension in ASKED_DIMENSIONS}
    shown = LabelValue.objects.visible_to(user).for_panel().with_suggested(ticket)
    for value in with_sets(shown, user=user):
        values.setdefault(value.dimension, []).append(value)
        if row := _suggestion_of(value, ticket=ticket):
            suggested[row.dimension] = row
    return Taxonomy(values, suggested, sets_among(chain(*values.values())))


def standing_answers(ticket: Ticket, *, user: User) -> Standing:
    """What a ticket's dimensions are answered with, and by whom, in one query."""
    labelings = Labeling.objects.visible_to(user).filter(ticket=ticket)
    newest = list(labelings.newest().for_page())
    return Standing(
        labelings={row.dimension: row for row in newest if row.value is not None},
        newest=max((row.pk for row in newest), default=0),
    )


def _suggestion_of(value: LabelValue, *, ticket: Ticket) -> Suggestion | None:
    pk, probability = getattr(value, "suggestion", None), getattr(value, "probability", None)
    if pk is None or probability is None:
        return None
    named = {"dimension": value.dimension, "value": value, "probability": probability}
    return Suggestion(pk=pk, ticket=ticket, **named)


def last_words(ticket: Ticket, *, user: User) -> list[Message]:
    """The newest messages between the customer and us, oldest first."""
    messages = Message.objects.visible_to(user).filter(ticket=ticket)
    spoken = messages.exclude(direction=MessageDirection.INTERNAL)
    return list(spoken.order_by("-occurred_at", "-pk")[:EXCERPT_MESSAGES])[::-1]

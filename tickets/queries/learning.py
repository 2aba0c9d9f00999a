"""The guard of a ticket's learning: what has to be answered, in one place for every door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.models import ASKED_DIMENSIONS, BY_HAND_FIRST, Dimension

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tickets.models import Origin


def missing_dimensions(answered: Collection[str]) -> tuple[Dimension, ...]:
    """The dimensions without which a ticket is not answered; none: its learning is done."""
    return tuple(dimension for dimension in ASKED_DIMENSIONS if dimension not in answered)


def count_answered(answered: Collection[str]) -> int:
    """How many of the asked dimensions have an answer."""
    return len(ASKED_DIMENSIONS) - len(missing_dimensions(answered))


def most_by_hand(origins: Mapping[str, Origin]) -> str:
    """Of the origins of a ticket's asked answers the one that took a person most."""
    found = {origins[dimension] for dimension in ASKED_DIMENSIONS if dimension in origins}
    return min(found, key=BY_HAND_FIRST.index, default="")


def labels_state(learning: str, answered: int) -> str:
    """What tells whether a ticket's labels are as somebody saw them in a list."""
    return f"{learning}-{answered}"


def missing_words(missing: Collection[Dimension]) -> str:
    """What is missing and what to do about it, as the user reads it."""
    names = [str(dimension.label).lower() for dimension in missing]
    named = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"Still without an answer: {named}. Choose one each, or “nothing unusual”."

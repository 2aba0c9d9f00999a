"""How Larkfield ordered its causes, and what it learned to call by one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.actions.taxonomy import (
    NewValue,
    ValueContent,
    change_value,
    merge_value,
    publish_label_values,
)
from tickets.models import Dimension, LabelValue

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

CAUSE = Dimension.ROOT_CAUSE
AREAS = {
    "Product": ("product-bug", "missing-function", "performance"),
    "Know-how": ("documentation", "training"),
    "Connection": ("set-up", "integration"),
    "Agreement": ("expectation", "contract"),
}


def order_causes(*, by: User, at: datetime) -> None:
    """Put causes into areas; what two agents called differently counts to one value."""
    publish_label_values(
        [NewValue(dimension=CAUSE, slug=name.lower(), name=name, is_area=True) for name in AREAS],
        by=by,
        at=at,
        note="Areas of causes",
    )
    values = {value.slug: value for value in LabelValue.objects.filter(dimension=CAUSE)}
    for name, slugs in AREAS.items():
        for slug in slugs:
            value = values[slug]
            content = ValueContent(value.name, value.definition, value.key, values[name.lower()])
            change_value(value, content, seen=value.version, by=by, at=at)


def merge_causes(*, by: User, at: datetime) -> None:
    """A cause that was published in haste counts to the one that was there."""
    [added] = _add("Misunderstanding", by=by, at=at)
    value = LabelValue.objects.get(dimension=CAUSE, slug="expectation")
    merge_value(added, into=value, seen=added.version, by=by, at=at)


def _add(name: str, *, by: User, at: datetime) -> list[LabelValue]:
    new = NewValue(
        dimension=CAUSE, slug=name.lower(), name=name, definition="They understood it otherwise."
    )
    publish_label_values([new], by=by, at=at, note=f"{name} added")
    return list(LabelValue.objects.filter(dimension=CAUSE, slug=name.lower()))

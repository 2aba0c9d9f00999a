"""Publishing label values: history keeps the version under which it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.models import Dimension, LabelValue, TaxonomyVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User


@dataclass(frozen=True, kw_only=True)
class NewValue:
    """A value to be published: what it is called, what it means, its key on the panel."""

    dimension: Dimension
    slug: str
    name: str
    definition: str
    key: str = ""


@transaction.atomic
def publish_label_values(
    values: Sequence[NewValue], *, by: User | audit.System, at: datetime, note: str = ""
) -> TaxonomyVersion:
    """Add values to the taxonomy as its next version. Raises Refused for a slug or key in use."""
    with audit.group("publish_label_values", by=by, reason=note):
        newest = TaxonomyVersion.objects.aggregate(number=Max("number"))["number"] or 0
        positions = _last_positions()
        for value in values:
            _refuse_in_use(value)
            positions[value.dimension] = positions.get(value.dimension, 0) + 1
            LabelValue.objects.create(
                dimension=value.dimension,
                slug=value.slug,
                name=value.name,
                definition=value.definition,
                key=value.key,
                position=positions[value.dimension],
            )
        return TaxonomyVersion.objects.create(number=newest + 1, published_at=at, note=note)


def _last_positions() -> dict[str, int]:
    rows = LabelValue.objects.values_list("dimension").annotate(Max("position"))
    return dict(rows)


def _refuse_in_use(value: NewValue) -> None:
    same = LabelValue.objects.filter(dimension=value.dimension)
    if same.filter(slug=value.slug).exists():
        raise Refused(f"{value.dimension.label} has “{value.name}” already.", field="slug")
    if value.key and same.active().filter(key=value.key).exists():
        raise Refused(f"Key {value.key} is another value's. Choose another key.", field="key")

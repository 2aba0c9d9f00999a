"""Saying again what stood before an action; answers are added, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.models import Labeling, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from accounts.models import User


def restored(taken: Sequence[Labeling], *, by: User, at: datetime, group_id: int) -> list[Labeling]:
    """Rows that say again what stood before; without a value where nothing did."""
    first = min((labeling.pk for labeling in taken), default=0)
    before = _standing_before(first, tickets={labeling.ticket_id for labeling in taken})
    return [
        _again(before.get((row.ticket_id, row.dimension)), row, by=by, at=at, group_id=group_id)
        for row in taken
    ]


def _standing_before(first: int, *, tickets: Collection[int]) -> dict[tuple[int, str], Labeling]:
    current = Labeling.objects.filter(ticket__in=tickets, pk__lt=first).current()
    return {(labeling.ticket_id, labeling.dimension): labeling for labeling in current}


def _again(
    before: Labeling | None, row: Labeling, *, by: User, at: datetime, group_id: int
) -> Labeling:
    restored = Labeling(
        ticket_id=row.ticket_id,
        dimension=row.dimension,
        by=by,
        origin=Origin.PERSON,
        taxonomy_version_id=row.taxonomy_version_id,
        audit_group=group_id,
        occurred_at=at,
        recorded_at=at,
    )
    if before is not None:
        for name in ("value_id", "by_id", "origin", "rule_id", "confidence", "revisit_on"):
            setattr(restored, name, getattr(before, name))
    return restored

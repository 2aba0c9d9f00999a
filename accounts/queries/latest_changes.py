"""Who was the last to change something, as the audit record has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from supportsuccess.audit.models import Change

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model


class LatestChange(NamedTuple):
    actor_id: int | None
    actor: str
    at: datetime


def latest_change(thing: Model) -> LatestChange:
    """The last change of a thing's own row. Raises Change.DoesNotExist for one never changed."""
    change = Change.objects.of(thing).select_related("group").latest("pk")
    return LatestChange(change.group.actor_id, change.group.actor_label, change.group.created_at)

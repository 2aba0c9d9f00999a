"""What the page of a promise reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.models import PromiseEvent

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Promise


def story_of(promise: Promise, *, user: User) -> list[PromiseEvent]:
    """What became of a promise, the newest first."""
    events = PromiseEvent.objects.visible_to(user).filter(promise=promise)
    return list(events.select_related("by").order_by("-pk"))

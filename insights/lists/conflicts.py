"""Somebody was faster: what stands now, beside what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.queries.latest_changes import latest_change
from insights.lists.renewals import CALLS
from supportsuccess.lists.cells import ago_text, day_text

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Renewal, User


def who_was_faster(renewal: Renewal, *, user: User, now: datetime) -> str:
    """Who changed the renewal to what since it was seen, and what sending it again does."""
    change = latest_change(renewal)
    when = ago_text(change.at, now=now)
    if change.actor_id == user.pk:
        what = f"You changed it in another window {when}"
    else:
        what = f"{change.actor} changed it {when}"
    stands = _what_stands(renewal)
    return f"{what}: {stands}. What you typed is below; send it again to replace that."


def _what_stands(renewal: Renewal) -> str:
    call, _ = CALLS.get(renewal.state, ("no decision", ""))
    parts = [call]
    if renewal.next_step and renewal.next_step_on is not None:
        parts.append(f"next step “{renewal.next_step}” by {day_text(renewal.next_step_on)}")
    if renewal.snoozed_until is not None:
        parts.append(f"snoozed until {day_text(renewal.snoozed_until)}")
    return ", ".join(parts)

"""Completed handoffs are verified by facts; what their receiver said stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from supportsuccess import audit
from tickets.models import VerifiedOutcome
from tickets.queries.verified_outcomes import facts_to_verify, verdict

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.queries.organisation import Ours

CLOCK = audit.System("handoff clock")
MOST = 1000


@transaction.atomic
def verify_outcomes(ours: Ours, *, at: datetime, most: int = MOST) -> int:
    """Write what the facts say of the completed handoffs that are due for it; how many were."""
    found = facts_to_verify(ours, at=at, most=most)
    if not found:
        return 0
    with audit.group("verify_outcomes", by=CLOCK):
        made = VerifiedOutcome.objects.bulk_create(
            VerifiedOutcome(
                handoff_id=facts.handoff_id,
                completed_at=facts.completed_at,
                moment=facts.moment,
                verified_at=facts.verified_at,
                verified=verdict(facts),
                arr_before=facts.arr_before,
                arr_after=facts.arr_after,
                currency=ours.currency,
            )
            for facts in found
        )
    return len(made)

"""Completed handoffs are verified once an hour, some at a time until none is left."""

from __future__ import annotations

from datetime import datetime

from accounts.queries.organisation import our_organisation
from supportsuccess import outbox
from supportsuccess.outbox import schedules
from tickets.actions.handoffs import verify_outcomes

VERIFY = "verify_outcomes"
VERIFIED_AT_ONCE = 1000


@schedules.every("verify_outcomes", seconds=3600)
def promise_verified_outcomes(*, due_at: datetime) -> None:
    outbox.promise(VERIFY, at=due_at.isoformat())


@outbox.handler(VERIFY)
def verify_some(*, at: str) -> None:
    moment = datetime.fromisoformat(at)
    done = verify_outcomes(our_organisation(), at=moment, most=VERIFIED_AT_ONCE)
    if done == VERIFIED_AT_ONCE:
        outbox.promise(VERIFY, at=at)

from __future__ import annotations

from datetime import datetime

from accounts.actions.digests import collect_digests as collect
from supportsuccess import outbox
from supportsuccess.outbox import schedules

EVERY_SECONDS = 300


@schedules.every("collect_digests", seconds=EVERY_SECONDS)
def promise_digests(*, due_at: datetime) -> None:
    outbox.promise("collect_digests", at=due_at.isoformat())


@outbox.handler("collect_digests")
def collect_digests(*, at: str) -> None:
    collect(at=datetime.fromisoformat(at))

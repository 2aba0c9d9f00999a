"""Forgetting the rows of files that were checked and never run: they hold personal data."""

from __future__ import annotations

from datetime import datetime

from supportsuccess import outbox
from supportsuccess.imports.models import KEEP_FILES_FOR, BatchState
from supportsuccess.outbox import schedules
from tickets.models import StagedEvent


@schedules.daily("forget_staged_events", hour_utc=3)
def promise_forgetting_staged_events(*, due_at: datetime) -> None:
    outbox.promise("forget_staged_events", queue=outbox.LONG, at=due_at.isoformat())


@outbox.handler("forget_staged_events")
def forget_staged_events(*, at: str) -> None:
    """Delete staged rows as old as the files that are forgotten, too."""
    before = datetime.fromisoformat(at) - KEEP_FILES_FOR
    busy = [BatchState.CHECKING, BatchState.RUNNING]
    StagedEvent.objects.filter(batch__uploaded_at__lt=before).exclude(
        batch__state__in=busy
    ).delete()

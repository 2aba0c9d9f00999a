"""What the worker computes of renewals: called after health, nightly and for changed customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.actions import queue

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


def refresh_queue(customer_ids: Collection[int], *, at: datetime) -> int:
    """After the health of these customers was computed; how many queue rows changed."""
    return queue.refresh_queue(customer_ids, at=at)


def refresh_whole_queue(*, at: datetime) -> int:
    """After the nightly health run; how many queue rows changed."""
    return queue.refresh_whole_queue(at=at)

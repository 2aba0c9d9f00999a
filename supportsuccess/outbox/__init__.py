"""Work promised in the transaction that makes it necessary, delivered after it.

Safe to import from any module of actions or tasks: no model is loaded here.
"""

from datetime import datetime

from supportsuccess.outbox.delivering import stable_id
from supportsuccess.outbox.promises import HERE, LONG, QUICK, promise, withdraw
from supportsuccess.outbox.registry import handler

__all__ = ["HERE", "LONG", "QUICK", "deliver_due", "handler", "promise", "stable_id", "withdraw"]


def deliver_due(*, at: datetime | None = None) -> int:
    """Deliver what is due now (or will be at `at`) in all queues; says how many succeeded."""
    from supportsuccess.outbox import runner  # noqa: PLC0415 - models load after the apps

    return sum(runner.drain(queue, at=at).delivered for queue in (QUICK, LONG, HERE))

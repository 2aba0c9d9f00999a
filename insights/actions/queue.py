"""The renewal queue and the customers' list are computed, so nothing here is audited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from accounts.models import OPEN_RENEWAL_STATES
from accounts.queries.organisation import our_organisation
from insights.models import LossRate
from insights.scoring import loss, queue
from tickets.models import OPEN_HANDOFF_STATES, UNSOLVED_STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.backends.utils import CursorWrapper


def refresh_queue(customer_ids: Collection[int], *, at: datetime) -> int:
    """Compute outlook, queue and list rows of these customers again; how many rows changed."""
    return _refresh(list(customer_ids), at=at) if customer_ids else 0


@transaction.atomic
def refresh_whole_queue(*, at: datetime) -> int:
    """Count the decided renewals again, and with them outlook, queue and list of everybody."""
    refresh_loss_rates()
    return _refresh(None, at=at)


@transaction.atomic
def refresh_loss_rates() -> None:
    """Store how often renewals were lost in each segment and band, and what that makes likely."""
    counts = _decided_counts()
    likelihoods = loss.likelihoods(counts)
    rows = []
    for (segment, band), likely in likelihoods.items():
        decided = counts.get((segment, band), loss.Decided())
        rows.append(
            LossRate(
                segment=segment,
                band=band,
                decided=decided.decided,
                lost=decided.lost,
                contracted=decided.contracted,
                p_lost=likely.p_lost,
                p_contracted=likely.p_contracted,
                mean_contraction=likely.mean_contraction,
                basis=likely.basis,
            )
        )
    LossRate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["segment", "band"],
        update_fields=[
            "decided",
            "lost",
            "contracted",
            "p_lost",
            "p_contracted",
            "mean_contraction",
            "basis",
            "computed_at",
        ],
    )


def _decided_counts() -> dict[tuple[str, str], loss.Decided]:
    with connection.cursor() as cursor:
        cursor.execute(queue.DECIDED_COUNTS)
        return {(row[0], row[1]): loss.Decided(*row[2:]) for row in cursor.fetchall()}


@transaction.atomic
def _refresh(customer_ids: list[int] | None, *, at: datetime) -> int:
    if not LossRate.objects.exists():
        refresh_loss_rates()
    ours = our_organisation()
    values: dict[str, Any] = {
        "customer_ids": customer_ids,
        "at": at,
        "day": ours.day_of(at),
        "currency": ours.currency,
        "open_states": list(OPEN_RENEWAL_STATES),
        "open_handoffs": list(OPEN_HANDOFF_STATES),
        "unsolved": list(UNSOLVED_STATUSES),
    }
    steps = (queue.FORGET_GONE, queue.REFRESH, queue.FORGET_RETIRED, queue.LIST)
    with connection.cursor() as cursor:
        # Right after a big import the planner knows nothing of the tables yet, and would read them
        # whole once for every row; by their indexes it takes the same few lookups, known or not.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        changed = sum(_run(cursor, step, values) for step in steps)
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
    return changed


def _run(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> int:
    cursor.execute(statement, values)
    return int(cursor.rowcount)

"""Who answers for a customer, in each role and for each matter that was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from accounts.queries.accountability import Accountable, holdings_by_role
from accounts.queries.roster import roster_of
from tickets.queries.accountability import holdings_of_matters

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class People(NamedTuple):
    """Who answers at a moment; what nobody holds is left out."""

    # in the order of the roles, by name
    by_role: list[tuple[str, Accountable]]
    by_handoff: dict[int, Accountable]


def people_of(customer_id: int, *, handoff_ids: Collection[int], at: datetime) -> People:
    """Who answers for a customer and for these handoffs of it, with one roster for all."""
    roles = holdings_by_role(customer_id, at=at)
    matters = holdings_of_matters(handoff_ids, at=at)
    held = [*(holding for _, holding in roles), *matters.values()]
    roster = roster_of({holding.user_id for holding in held}, at=at)
    return People(
        [(name, one.answered_by(roster.answering(one.user_id))) for name, one in roles],
        {pk: one.answered_by(roster.on_duty(one.user_id)) for pk, one in matters.items()},
    )

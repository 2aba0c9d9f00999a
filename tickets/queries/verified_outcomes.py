"""What the facts say of completed handoffs: one statement that gathers, one rule that judges.

Looked at are two days: the one on which the handoff was accepted, and the one it is verified on:
30 days after it was completed, and when the customer's first renewal since acceptance was decided
(or the handoff was completed, if that came later). A movement of revenue counts from the day on
which it is known or takes effect, whichever is first: a loss that is decided counts before it is
felt. Money is in the company's currency, at the rates of the day of acceptance, so that no exchange
rate makes a customer grow.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from tickets.models.verified_outcomes import Verified

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from accounts.queries.organisation import Ours

THIRTY_DAYS = timedelta(days=30)
DEFINITION = (
    "From the customer's revenue at acceptance and 30 days after completion, and again when their"
    " next renewal is decided. Churned: nothing is left. Contracted: less. Expanded: more, price"
    " increases apart. Renewed: as much, and a renewal was won. Retained: as much, none decided."
)
TO_VERIFY = """
    WITH completed AS (
        SELECT h.id, h.customer_id, h.accepted_at, h.closed_at FROM tickets_handoff h
        WHERE h.state = 'completed'
    ), looks AS (
        SELECT c.*, 'thirty_days' AS moment, c.closed_at + %(days)s AS verified_at
        FROM completed c
        UNION ALL
        SELECT c.*, 'renewal', greatest(c.closed_at, r.closed_at)
        FROM completed c JOIN LATERAL (
            SELECT r.closed_at FROM accounts_renewal r
            WHERE r.customer_id = c.customer_id AND r.state IN ('won', 'auto_renewed', 'lost')
              AND r.closed_at > c.accepted_at
            ORDER BY r.closed_at LIMIT 1) r ON true
    ), due AS (
        SELECT l.*, (l.accepted_at AT TIME ZONE %(zone)s)::date AS day_before,
               (l.verified_at AT TIME ZONE %(zone)s)::date AS day_after
        FROM looks l
        WHERE l.verified_at <= %(at)s AND NOT EXISTS (
            SELECT FROM tickets_verifiedoutcome v WHERE v.handoff_id = l.id
              AND v.completed_at = l.closed_at AND v.moment = l.moment)
        ORDER BY l.id, l.moment LIMIT %(most)s
    )
    SELECT d.id, d.closed_at, d.moment, d.verified_at,
           m.arr_before, m.arr_after, m.price_rise, r.is_renewed, r.is_lost
    FROM due d
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(r.state <> 'lost'), false) AS is_renewed,
               coalesce(bool_or(r.state = 'lost'), false) AS is_lost
        FROM accounts_renewal r
        WHERE r.customer_id = d.customer_id AND r.state IN ('won', 'auto_renewed', 'lost')
          AND r.closed_at > d.accepted_at AND r.closed_at <= d.verified_at) r
    CROSS JOIN LATERAL (
        SELECT round(sum(v.arr) FILTER (WHERE v.known_on <= d.day_before), 2) AS arr_before,
               round(sum(v.arr) FILTER (WHERE v.known_on <= d.day_after), 2) AS arr_after,
               round(coalesce(sum(v.arr) FILTER (
                   WHERE v.kind = 'price_increase' AND v.known_on > d.day_before
                     AND v.known_on <= d.day_after), 0), 2) AS price_rise
        FROM (
            SELECT m.kind, least(m.booked_on, m.effective_on) AS known_on,
                   -- one unknown rate makes the sum unknown, not smaller
                   CASE WHEN m.currency = %(currency)s THEN m.amount
                        WHEN x.rate IS NULL THEN 'NaN' ELSE m.amount * x.rate END AS arr
            FROM accounts_arrmovement m
            LEFT JOIN imports_importbatch b ON b.id = m.batch_id
            LEFT JOIN LATERAL (
                SELECT x.rate FROM accounts_exchangerate x WHERE x.currency = m.currency
                ORDER BY x.on > d.day_before, abs(x.on - d.day_before) LIMIT 1) x ON true
            WHERE m.customer_id = d.customer_id AND b.withdrawn_at IS NULL) v) m
    ORDER BY d.id, d.moment
"""


class Facts(NamedTuple):
    """What is known of a completed handoff's customer up to the moment it is verified at."""

    handoff_id: int
    completed_at: datetime
    moment: str
    verified_at: datetime
    arr_before: Decimal | None
    arr_after: Decimal | None
    price_rise: Decimal
    is_renewed: bool
    is_lost: bool


def facts_to_verify(ours: Ours, *, at: datetime, most: int) -> list[Facts]:
    """Of the completed handoffs that are to be verified by now and are not yet, in one query."""
    asked: dict[str, Any] = {"at": at, "most": most, "days": THIRTY_DAYS}
    here = {"zone": ours.timezone, "currency": ours.currency}
    with connection.cursor() as cursor:
        cursor.execute(TO_VERIFY, {**asked, **here})
        return [_known(Facts(*row)) for row in cursor.fetchall()]


def verdict(facts: Facts) -> Verified:
    """What became of the customer's revenue since the handoff was accepted."""
    if facts.arr_before is None or facts.arr_after is None:
        return _by_renewal(facts, otherwise=Verified.UNKNOWN)
    if facts.arr_after < facts.arr_before:
        return Verified.CONTRACTED if facts.arr_after > 0 else Verified.CHURNED
    if facts.arr_after - facts.price_rise > facts.arr_before:
        return Verified.EXPANDED
    return Verified.RENEWED if facts.is_renewed else Verified.RETAINED


def _by_renewal(facts: Facts, *, otherwise: Verified) -> Verified:
    """Where no revenue is known, the decision alone."""
    if facts.is_lost:
        return Verified.CHURNED
    return Verified.RENEWED if facts.is_renewed else otherwise


def _known(facts: Facts) -> Facts:
    amounts = (facts.arr_before, facts.arr_after, facts.price_rise)
    if any(amount is not None and amount.is_nan() for amount in amounts):
        return facts._replace(arr_before=None, arr_after=None)
    return facts

"""What tickets inherit from the problem they come from, settled by one SQL over a set of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from tickets.actions.label_recording import state_learning
from tickets.models import INHERITED_DIMENSIONS, Origin

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User
    from supportsuccess import audit

SAID = ", ".join(f"('{name}', p.{name}_id)" for name in INHERITED_DIMENSIONS)
# What a ticket's problem says of a dimension, beside what stands there now.
OFFERED = f"""
    SELECT t.id AS ticket_id, w.dimension, coalesce(v.merged_into_id, v.id) AS value_id,
           s.value_id AS stands, s.origin, greatest(s.occurred_at, %(at)s) AS occurred_at
    FROM tickets_ticket t
    LEFT JOIN tickets_problem p ON p.id = t.problem_id
    CROSS JOIN LATERAL (VALUES {SAID}) AS w (dimension, value_id)
    LEFT JOIN tickets_labelvalue v ON v.id = w.value_id
    LEFT JOIN LATERAL (
        SELECT l.value_id, l.origin, l.occurred_at
        FROM tickets_labeling l LEFT JOIN imports_importbatch b ON b.id = l.batch_id
        WHERE l.ticket_id = t.id AND l.dimension = w.dimension AND b.withdrawn_at IS NULL
        ORDER BY l.occurred_at DESC, l.id DESC LIMIT 1) s ON TRUE
    WHERE t.id = ANY(%(ids)s) AND t.learning <> 'exempt'
"""  # noqa: S608 - names of our own
# What a person or a file said stands over the problem, and the problem over a rule. Where the
# problem says nothing any more, what stood before it stands again, or nothing.
SETTLE = f"""
    WITH offered AS ({OFFERED})
    INSERT INTO tickets_labeling (ticket_id, dimension, value_id, origin, by_id, rule_id,
                                  taxonomy_version_id, occurred_at, recorded_at)
    SELECT o.ticket_id, o.dimension, n.value_id, n.origin, n.by_id, n.rule_id,
           (SELECT id FROM tickets_taxonomyversion ORDER BY number DESC LIMIT 1),
           o.occurred_at, %(at)s
    FROM offered o
    CROSS JOIN LATERAL (
        SELECT o.value_id, '{Origin.INHERITED}' AS origin, NULL::bigint AS by_id,
               NULL::bigint AS rule_id
        WHERE o.value_id IS NOT NULL
          AND (o.stands IS NULL OR o.origin IN ('{Origin.RULE}', '{Origin.INHERITED}'))
          AND (o.stands, o.origin) IS DISTINCT FROM (o.value_id, '{Origin.INHERITED}')
        UNION ALL
        SELECT before.value_id, coalesce(before.origin, '{Origin.INHERITED}'),
               CASE WHEN before.value_id IS NULL THEN %(by)s ELSE before.by_id END, before.rule_id
        FROM (SELECT WHERE o.value_id IS NULL AND o.stands IS NOT NULL
                       AND o.origin = '{Origin.INHERITED}') taken_back
        LEFT JOIN LATERAL (
            SELECT l.value_id, l.origin, l.by_id, l.rule_id
            FROM tickets_labeling l LEFT JOIN imports_importbatch b ON b.id = l.batch_id
            WHERE l.ticket_id = o.ticket_id AND l.dimension = o.dimension
              AND b.withdrawn_at IS NULL AND l.origin <> '{Origin.INHERITED}'
            ORDER BY l.occurred_at DESC, l.id DESC LIMIT 1) before ON TRUE) n
    RETURNING ticket_id
"""  # noqa: S608 - names of our own


def settle_inheritance(ids: Collection[int], *, by: User | audit.System, at: datetime) -> None:
    """Answer these tickets as their problem says now, and take back what it says no more.

    Call it inside an audit group, with the tickets locked: whoever answers or links one locks it.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"ids": list(ids), "by": by.pk, "at": at})
        settled = {ticket_id for (ticket_id,) in cursor.fetchall()}
    state_learning(sorted(settled))

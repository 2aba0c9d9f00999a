"""Recording answers that were given elsewhere, as sets: no guard is passed, nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection, transaction

from supportsuccess import audit
from tickets.models import ASKED_DIMENSIONS, BY_HAND_FIRST, Origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch

GIVEN = """
    SELECT t.id AS ticket_id, g.at, g.dimension, g.slug,
           CASE WHEN s.is_event_log THEN g.at ELSE clock_timestamp() END AS recorded_at
    FROM unnest(%(tickets)s::text[], %(sources)s::text[], %(ats)s::timestamptz[],
                %(dimensions)s::text[], %(slugs)s::text[])
         AS g (ticket, source, at, dimension, slug)
    JOIN tickets_ticket t ON t.source = g.source AND t.external_id = g.ticket
         AND t.retired_at IS NULL AND t.learning <> 'exempt'
    LEFT JOIN accounts_source s ON s.key = g.source"""
# What a person says stands, and what a file said already is not said again.
RECORD = f"""
    WITH given AS ({GIVEN})
    INSERT INTO tickets_labeling (ticket_id, dimension, value_id, origin, taxonomy_version_id,
                                  occurred_at, recorded_at, batch_id)
    SELECT g.ticket_id, g.dimension, v.id, '{Origin.IMPORTED}',
           (SELECT id FROM tickets_taxonomyversion ORDER BY number DESC LIMIT 1),
           g.at, g.recorded_at, %(batch)s
    FROM given g
    JOIN tickets_labelvalue v ON v.dimension = g.dimension AND v.slug = g.slug
    WHERE NOT EXISTS (
        SELECT FROM tickets_labeling l LEFT JOIN imports_importbatch b ON b.id = l.batch_id
        WHERE l.ticket_id = g.ticket_id AND l.dimension = g.dimension AND b.withdrawn_at IS NULL)
    RETURNING ticket_id
"""  # noqa: S608 - names of our own
ANSWERED = "SELECT DISTINCT ticket_id FROM tickets_labeling WHERE batch_id = %(batch)s"
LEARN = """
    WITH told AS (
        SELECT ticket_id,
               count(*) FILTER (WHERE dimension = ANY(%(asked)s::text[]) AND value_id IS NOT NULL)
                   AS answered,
               min(array_position(%(by_hand_first)s::text[], origin)) FILTER (
                   WHERE dimension = ANY(%(asked)s::text[]) AND value_id IS NOT NULL) AS place
        FROM (SELECT DISTINCT ON (l.ticket_id, l.dimension)
                     l.ticket_id, l.dimension, l.value_id, l.origin::text
              FROM tickets_labeling l LEFT JOIN imports_importbatch b ON b.id = l.batch_id
              WHERE b.withdrawn_at IS NULL AND l.ticket_id = ANY(%(ids)s::bigint[])
              ORDER BY l.ticket_id, l.dimension, l.occurred_at DESC, l.id DESC) newest
        GROUP BY ticket_id),
    amount AS (
        SELECT mine.ticket_id, coalesce(told.answered, 0) AS answered,
               coalesce((%(by_hand_first)s::text[])[told.place], '') AS origin
        FROM unnest(%(ids)s::bigint[]) AS mine (ticket_id) LEFT JOIN told USING (ticket_id)),
    learned AS (
        UPDATE tickets_ticket t
        SET labels_answered = amount.answered, answered_by = amount.origin,
            version = t.version + 1,
            learning = CASE WHEN amount.answered = cardinality(%(asked)s::text[]) THEN 'answered'
                            ELSE 'due' END
        FROM amount
        WHERE t.id = amount.ticket_id AND t.learning <> 'exempt'
          AND (t.labels_answered, t.answered_by) <> (amount.answered, amount.origin)
        RETURNING t.customer_id)
    INSERT INTO accounts_customerchange (customer_id)
    SELECT DISTINCT customer_id FROM learned WHERE customer_id IS NOT NULL
"""


class Answer(NamedTuple):
    """What a file says of one dimension of a ticket."""

    ticket: str
    source: str
    at: datetime
    dimension: str
    slug: str


def count_known(answers: Sequence[Answer]) -> int:
    """How many of these answers are for tickets that can take one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({GIVEN}) given", _columns(answers))  # noqa: S608 - names of our own
        (count,) = cursor.fetchone()
    return int(count)


@transaction.atomic
def record_answers(
    batch: ImportBatch, *, answers: Sequence[Answer], by: User | audit.System
) -> dict[str, int]:
    """Record a section's answers where nothing was answered yet: how many, and how many not."""
    with audit.group("import_labels", batch, by=by):
        created = _ids(RECORD, {**_columns(answers), "batch": batch.pk})
        state_learning(sorted(set(created)))
    return {"created": len(created), "unchanged": len(answers) - len(created)}


@transaction.atomic
def restate_learning(batch: ImportBatch, *, by: User | audit.System) -> None:
    """Say of the tickets that a withdrawn file answered what the answers left amount to."""
    with audit.group("undo_import", batch, by=by):
        state_learning(_ids(ANSWERED, {"batch": batch.pk}))


def state_learning(ids: list[int]) -> None:
    """Say on these tickets what their answers amount to."""
    asked = [dimension.value for dimension in ASKED_DIMENSIONS]
    with connection.cursor() as cursor:
        cursor.execute(LEARN, {"ids": ids, "asked": asked, "by_hand_first": list(BY_HAND_FIRST)})


def _columns(answers: Sequence[Answer]) -> dict[str, Any]:
    names = ("tickets", "sources", "ats", "dimensions", "slugs")
    columns = zip(*answers, strict=True) if answers else [()] * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


def _ids(statement: str, parameters: Mapping[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [pk for (pk,) in cursor.fetchall()]

"""Claiming and delivering promises.

A claim is committed at once: one more attempt and a short lease. The work then locks the row,
checks that the lease is still its own, and writes the receipt, all in one transaction. While it
works the row stays locked, and a claim passes over locked rows: so a lease of seconds gives a
killed worker's promise back in seconds, and a long step is never begun twice.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from supportsuccess.errors import Refused
from supportsuccess.outbox import job_steps
from supportsuccess.outbox.delivering import delivering
from supportsuccess.outbox.models import Delivery
from supportsuccess.outbox.registry import handlers

MAX_ATTEMPTS = 5
LEASE_SECONDS = 10
# 10 s, 40 s, 160 s, 640 s, then dead.
BACKOFF = "interval '10 seconds' * power(4, attempts - 1)"
FREE = """done_at IS NULL AND dead_at IS NULL
                    AND (leased_until IS NULL OR leased_until < clock_timestamp())"""
CLAIM = f"""
    WITH claimed AS (
        UPDATE outbox_delivery
        SET attempts = attempts + 1, lease = gen_random_uuid(),
            leased_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
        WHERE id = (SELECT id FROM outbox_delivery
                    WHERE {{which}} AND {FREE} AND attempts < {MAX_ATTEMPTS}
                    ORDER BY run_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING id, name, arguments, queue, job_id, lease),
    begun AS (
        UPDATE outbox_job SET state = 'running', started_at = clock_timestamp()
        WHERE state = 'queued' AND id = (SELECT job_id FROM claimed))
    SELECT id, name, arguments, queue, job_id, lease FROM claimed
"""  # noqa: S608 - made of the constants above
CLAIM_DUE = CLAIM.format(
    which="queue = %s AND run_at <= coalesce(%s::timestamptz, clock_timestamp())"
)
CLAIM_STEP = CLAIM.format(which="job_id = %s")
CLAIM_DUE_STEP = CLAIM.format(which="job_id = %s AND run_at <= clock_timestamp()")
RECEIPT = """
    UPDATE outbox_delivery
    SET done_at = clock_timestamp(), lease = NULL, leased_until = NULL, last_error = ''
    WHERE id = %s
"""
FAILURE = f"""
    UPDATE outbox_delivery
    SET last_error = %s, lease = NULL, leased_until = NULL,
        run_at = clock_timestamp() + {BACKOFF},
        dead_at = CASE WHEN %s OR attempts >= {MAX_ATTEMPTS} THEN clock_timestamp() END
    WHERE id = %s AND lease = %s AND done_at IS NULL
    RETURNING dead_at IS NOT NULL
"""  # noqa: S608 - made of the constants above
# Its worker was killed each time: there is no error to show.
EXHAUSTED = f"""
    SELECT id, job_id FROM outbox_delivery
    WHERE {FREE} AND attempts >= {MAX_ATTEMPTS} FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 - made of the constants above
BURY = """
    UPDATE outbox_delivery SET dead_at = clock_timestamp(), last_error = %s WHERE id = %s
"""
LOST = "The worker was stopped in the middle of it, every time."
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A delivery on lease to this process."""

    id: int
    name: str
    arguments: dict[str, Any]
    queue: str
    job_id: int | None
    lease: UUID


@dataclass
class Drained:
    """What a drain did; `is_empty` unless its time was up first."""

    delivered: int = 0
    is_empty: bool = True


class LostLease(Exception):
    """Somebody else has it now."""


def drain(queue: str, *, seconds: float | None = None, at: datetime | None = None) -> Drained:
    """Deliver what is due in a queue until nothing is, or the time is up."""
    bury_exhausted()
    drained = Drained()
    deadline = time.monotonic() + seconds if seconds is not None else None
    for claimed in _claims(queue, at):
        drained.delivered += deliver(claimed)
        if deadline is not None and time.monotonic() > deadline:
            drained.is_empty = False
            break
    return drained


def claim_step(job_id: int) -> Claimed | None:
    """Claim any pending step of one job, whatever its queue and time."""
    return _claim(CLAIM_STEP, [job_id])


def claim_due_step(job_id: int) -> Claimed | None:
    """The same of a step whose time has come: one that failed waits, as it does for workers."""
    return _claim(CLAIM_DUE_STEP, [job_id])


def deliver(claimed: Claimed) -> bool:
    """Run the handler and write the receipt; whatever it raises is written to the row."""
    try:
        with transaction.atomic():
            _lock(claimed)
            _run(claimed)
    except LostLease:
        return False
    except Refused as refusal:  # no mistake of the program
        log.info("delivery_refused", delivery=claimed.id, name=claimed.name, why=refusal.message)
        _record_failure(claimed, refusal)
        return False
    except Exception as error:
        log.exception("delivery_failed", delivery=claimed.id, name=claimed.name)
        _record_failure(claimed, error)
        return False
    return True


def bury_exhausted() -> None:
    """Declare dead what was begun too often and never ended."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXHAUSTED)
        for delivery_id, job_id in cursor.fetchall():
            cursor.execute(BURY, [LOST, delivery_id])
            if job_id is not None:
                job_steps.note_dead(job_id, LOST)


def _claims(queue: str, at: datetime | None) -> Iterator[Claimed]:
    while claimed := _claim(CLAIM_DUE, [queue, at]):
        yield claimed


def _claim(statement: str, parameters: list[Any]) -> Claimed | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    delivery_id, name, arguments, *rest = row
    return Claimed(delivery_id, name, json.loads(arguments), *rest)


def _lock(claimed: Claimed) -> None:
    mine = Delivery.objects.pending().filter(pk=claimed.id, lease=claimed.lease)
    if not mine.select_for_update(no_key=True).values_list("pk"):
        raise LostLease


def _run(claimed: Claimed) -> None:
    with structlog.contextvars.bound_contextvars(delivery=claimed.id), delivering(claimed.id):
        if claimed.job_id is not None:
            job_steps.run(claimed.job_id, claimed.queue, claimed.arguments)
        else:
            handlers.get(claimed.name)(**claimed.arguments)
    with connection.cursor() as cursor:
        cursor.execute(RECEIPT, [claimed.id])
    if claimed.job_id is not None:
        job_steps.finish_if_last(claimed.job_id)


def _record_failure(claimed: Claimed, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    is_final = isinstance(error, Refused)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FAILURE, [text, is_final, claimed.id, claimed.lease])
        row = cursor.fetchone()
        if row and row[0] and claimed.job_id is not None:
            job_steps.note_dead(claimed.job_id, str(error) if is_final else text)

"""Promising work inside the transaction that makes it necessary."""

import json
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from supportsuccess.outbox import doorbell

QUICK = "quick"
LONG = "long"
# No worker drains it: the steps of a job that a command runs in its own process.
HERE = "here"

PROMISE = """
    INSERT INTO outbox_delivery (name, arguments, queue, run_at, attempts, last_error, key)
    VALUES (%s, %s::jsonb, %s, coalesce(%s::timestamptz, now()), 0, '', %s)
    ON CONFLICT (key) DO NOTHING
"""
WITHDRAW = """
    DELETE FROM outbox_delivery WHERE id IN (
        SELECT id FROM outbox_delivery
        WHERE name = %s AND arguments = %s::jsonb AND done_at IS NULL AND dead_at IS NULL
        FOR UPDATE SKIP LOCKED)
"""


def promise(
    name: str,
    *,
    run_at: datetime | None = None,
    queue: str = QUICK,
    key: str | None = None,
    **ids: object,
) -> None:
    """Write down that `name` must be done, in the caller's transaction.

    A key is promised once, for as long as its receipt is kept. Raises
    TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Promise work inside transaction.atomic.")
    with connection.cursor() as cursor:
        cursor.execute(PROMISE, [name, json.dumps(ids), queue, run_at, key])
    if run_at is None:
        ring_after_commit(queue)


def withdraw(name: str, **ids: object) -> int:
    """Take back promises that are not being delivered yet; says how many."""
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, [name, json.dumps(ids)])
        return int(cursor.rowcount)


def ring_after_commit(queue: str) -> None:
    """Have the queue's workers look as soon as the rows are there."""
    if queue != HERE:
        transaction.on_commit(partial(doorbell.ring, queue))

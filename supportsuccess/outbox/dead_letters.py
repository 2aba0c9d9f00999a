"""Promises that were given up, and giving them another five attempts."""

from django.db import connection, transaction

from supportsuccess.outbox.models import DeliveryQuerySet
from supportsuccess.outbox.promises import ring_after_commit

REVIVE = """
    UPDATE outbox_delivery
    SET dead_at = NULL, attempts = 0, run_at = now(), lease = NULL, leased_until = NULL
    WHERE id = ANY (%s) AND dead_at IS NOT NULL
    RETURNING queue, job_id
"""
REOPEN_JOBS = """
    UPDATE outbox_job SET state = 'running', finished_at = NULL
    WHERE id = ANY (%s) AND state = 'failed'
"""


@transaction.atomic
def retry(deliveries: DeliveryQuerySet) -> int:
    """Deliver dead promises again, jobs they belong to included; says how many."""
    ids = list(deliveries.dead().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(REVIVE, [ids])
        revived = cursor.fetchall()
        cursor.execute(REOPEN_JOBS, [[job_id for _, job_id in revived if job_id]])
    for queue in {queue for queue, _ in revived}:
        ring_after_commit(queue)
    return len(revived)

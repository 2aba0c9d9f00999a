"""The two Celery tasks there are, and the clearing up of what is long done."""

from datetime import datetime, timedelta

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.db import connection
from django.utils import timezone

from supportsuccess import outbox
from supportsuccess.audit import operations
from supportsuccess.outbox import doorbell, runner, schedules
from supportsuccess.outbox.models import Delivery, Job, Tick

# A ring ends well below the task time limit; what is left is rung for again.
DRAIN_SECONDS = 30
KEPT_RECEIPTS = timedelta(days=30)
KEPT_JOBS = timedelta(days=180)
BATCH = 10_000
# Its command has not touched it for that long: a worker goes on.
ADOPT = """
    UPDATE outbox_delivery SET queue = 'long' WHERE id IN (
        SELECT id FROM outbox_delivery
        WHERE queue = 'here' AND done_at IS NULL AND dead_at IS NULL
            AND run_at < clock_timestamp() - interval '60 seconds'
            AND (leased_until IS NULL OR leased_until < clock_timestamp())
        FOR NO KEY UPDATE SKIP LOCKED)
"""


@shared_task(name=doorbell.RING, base=DjangoTask)
def ring(queue: str) -> None:
    """Deliver what is due in a queue."""
    if not runner.drain(queue, seconds=DRAIN_SECONDS).is_empty:
        doorbell.ring(queue)


@shared_task(name="outbox.tick", base=DjangoTask)
def tick() -> None:
    """Promise what the schedules have due, and take over what a killed command left."""
    schedules.promise_due(at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(ADOPT)


@schedules.daily("delete_old_receipts", hour_utc=3)
def promise_deleting_old_receipts(*, due_at: datetime) -> None:
    outbox.promise("delete_old_receipts", queue=outbox.LONG, at=due_at.isoformat())


@outbox.handler("delete_old_receipts")
def delete_old_receipts(*, at: str) -> None:
    moment = datetime.fromisoformat(at)
    old = Delivery.objects.filter(done_at__lt=moment - KEPT_RECEIPTS)
    Delivery.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()
    Job.objects.filter(finished_at__lt=moment - KEPT_JOBS).delete()
    Tick.objects.filter(taken_at__lt=moment - KEPT_RECEIPTS).delete()
    operations.delete_old_results(at=moment)

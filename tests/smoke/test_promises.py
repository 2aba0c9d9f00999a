import os
import signal
import subprocess
import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from supportsuccess import outbox
from supportsuccess.outbox.models import Delivery

PATIENCE_SECONDS = 90.0
Process = subprocess.Popen[bytes]


def promise(*, queue: str) -> None:
    with transaction.atomic():
        outbox.promise("delete_old_receipts", queue=queue, at=timezone.now().isoformat())


def is_true_soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def delivered() -> int:
    return Delivery.objects.filter(done_at__isnull=False).count()


def test_workers_deliver_what_is_promised_on_both_queues(
    start_worker: Callable[[str], Process],
) -> None:
    start_worker(outbox.QUICK)
    start_worker(outbox.LONG)

    promise(queue=outbox.QUICK)
    promise(queue=outbox.LONG)

    assert is_true_soon(lambda: delivered() == 2)


def test_beat_finds_a_promise_for_which_no_bell_rang(
    start_worker: Callable[[str], Process], beat: Process
) -> None:
    start_worker(outbox.QUICK)
    now = timezone.now()

    with transaction.atomic():
        outbox.promise("delete_old_receipts", run_at=now, at=now.isoformat())

    assert is_true_soon(lambda: delivered() >= 1)


def test_the_next_worker_delivers_what_a_killed_one_left(
    start_worker: Callable[[str], Process], beat: Process
) -> None:
    killed = start_worker(outbox.QUICK)
    promise(queue=outbox.QUICK)
    assert is_true_soon(lambda: delivered() >= 1)
    os.killpg(killed.pid, signal.SIGKILL)

    promise(queue=outbox.QUICK)
    start_worker(outbox.QUICK)

    assert is_true_soon(lambda: delivered() >= 2)

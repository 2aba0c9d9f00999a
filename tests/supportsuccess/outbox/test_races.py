import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from supportsuccess import audit, outbox
from supportsuccess.outbox import jobs, runner
from supportsuccess.outbox.models import Delivery, Job, JobState, Tick

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6
# A worker that begins a promise, says so, and does not come back before it is killed.
STUCK_WORKER = """
import time
import django
django.setup()
from supportsuccess import outbox
from supportsuccess.outbox import runner
from supportsuccess.outbox.models import Tick

@outbox.handler("effect")
def effect():
    Tick.objects.create(schedule="effect", period="killed")
    print("begun", flush=True)
    time.sleep(600)

runner.CLAIM_DUE = runner.CLAIM_DUE.replace("'10 seconds'", "'0.1 seconds'", 1)
runner.drain("quick")
"""


def at_once(work: Callable[[], Any]) -> list[Any]:
    """Run the same thing in several threads with connections of their own, released together."""
    ready = threading.Barrier(WORKERS)

    def one(_: int) -> Any:
        ready.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, range(WORKERS)))


def test_workers_never_deliver_one_promise_twice(delivered: list[dict[str, int]]) -> None:
    with transaction.atomic():
        for number in range(150):
            outbox.promise("note", number=number)

    counts = at_once(lambda: runner.drain(outbox.QUICK).delivered)

    assert sum(counts) == 150
    assert Counter(call["number"] for call in delivered) == Counter(range(150))


def test_last_steps_that_end_at_once_end_the_job() -> None:
    @jobs.step("count")
    def count(job: Job) -> None:
        job.advance(1)

    started = [
        jobs.start("count", title="Count", by=audit.System("test"), steps=[{}] * WORKERS)
        for _ in range(10)
    ]
    at_once(lambda: runner.drain(outbox.LONG))

    ended = Job.objects.filter(pk__in=[job.pk for job in started], state=JobState.DONE)
    assert [job.done for job in ended] == [WORKERS] * 10


def test_step_that_outlives_its_lease_is_not_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[int] = []

    @outbox.handler("slow")
    def slow() -> None:
        begun.append(1)
        time.sleep(0.5)

    short = runner.CLAIM_DUE.replace("'10 seconds'", "'0.05 seconds'", 1)
    monkeypatch.setattr(runner, "CLAIM_DUE", short)
    with transaction.atomic():
        outbox.promise("slow")

    def look_again_and_again() -> int:
        found = 0
        until = time.monotonic() + 0.8
        while time.monotonic() < until:
            found += runner.drain(outbox.QUICK).delivered
            time.sleep(0.02)
        return found

    assert sum(at_once(look_again_and_again)) == 1
    assert len(begun) == 1


def test_promise_of_a_killed_worker_is_delivered_by_another(
    database_environment: dict[str, str],
) -> None:
    with transaction.atomic():
        outbox.promise("effect")
    environment = {**os.environ, **database_environment}
    environment["DJANGO_SETTINGS_MODULE"] = "supportsuccess.settings"
    worker = subprocess.Popen(
        [sys.executable, "-c", STUCK_WORKER], env=environment, stdout=subprocess.PIPE, text=True
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        time.sleep(0.2)
        outbox.handler("effect")(lambda: Tick.objects.create(schedule="effect", period="ours"))

        while_it_lives = runner.drain(outbox.QUICK).delivered
        worker.kill()
        afterwards = until_delivered()

    assert (while_it_lives, afterwards) == (0, 1)
    assert Tick.objects.filter(schedule="effect").values_list("period", flat=True).get() == "ours"
    assert Delivery.objects.get().attempts == 2


def until_delivered() -> int:
    """Look until the server has noticed that the other one is gone."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if count := runner.drain(outbox.QUICK).delivered:
            return count
        time.sleep(0.05)
    return 0

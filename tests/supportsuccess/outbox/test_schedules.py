import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from supportsuccess import outbox
from supportsuccess.outbox import schedules, tasks
from supportsuccess.outbox.models import Delivery, Job, Tick

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_other_schedules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "registered", {})


@pytest.fixture
def nightly() -> list[datetime]:
    taken: list[datetime] = []
    schedules.daily("nightly", hour_utc=2)(lambda *, due_at: taken.append(due_at))
    return taken


def test_daily_schedule_is_taken_once_a_day_however_often_one_looks(
    nightly: list[datetime],
) -> None:
    for day in range(400):
        for minutes in (0, 7, 11 * 60, 13 * 60 + 59):
            schedules.promise_due(at=NOON + timedelta(days=day, minutes=minutes))

    assert nightly == [NOON.replace(hour=2) + timedelta(days=day) for day in range(400)]


def test_daily_schedule_that_was_missed_is_taken_late(nightly: list[datetime]) -> None:
    schedules.promise_due(at=NOON.replace(hour=1))
    schedules.promise_due(at=NOON.replace(hour=23))

    assert nightly == [NOON.replace(hour=2) - timedelta(days=1), NOON.replace(hour=2)]


def test_frequent_schedule_is_taken_once_a_stretch() -> None:
    taken: list[datetime] = []
    schedules.every("often", seconds=20)(lambda *, due_at: taken.append(due_at))
    for second in range(0, 60, 5):
        schedules.promise_due(at=NOON + timedelta(seconds=second))

    assert [moment.second for moment in taken] == [0, 20, 40]


def test_schedule_that_fails_is_tried_again_and_does_not_stop_the_others(
    nightly: list[datetime],
) -> None:
    failures = [RuntimeError("no")]

    @schedules.daily("failing", hour_utc=1)
    def fail_once(*, due_at: datetime) -> None:
        if failures:
            raise failures.pop()

    assert schedules.promise_due(at=NOON) == ["nightly"]
    assert schedules.promise_due(at=NOON) == ["failing"]


@pytest.mark.django_db(transaction=True)
def test_five_beats_take_a_period_once() -> None:
    @schedules.daily("nightly", hour_utc=2)
    def promise_nightly_work(*, due_at: datetime) -> None:
        outbox.promise("nightly_work")

    ready = threading.Barrier(5)

    def beat(_: int) -> None:
        ready.wait()
        schedules.promise_due(at=NOON)
        connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(beat, range(5)))

    assert Delivery.objects.filter(name="nightly_work").count() == 1


def test_two_schedules_of_one_name_are_refused(nightly: list[datetime]) -> None:
    with pytest.raises(ValueError, match="two schedules"):
        schedules.every("nightly", seconds=5)(print)


def test_steps_left_by_a_killed_command_are_taken_over_by_the_workers() -> None:
    Delivery.objects.create(name="old", queue=outbox.HERE, run_at=NOON)
    Delivery.objects.create(name="new", queue=outbox.HERE)

    tasks.tick()

    queues = Delivery.objects.values_list("name", "queue").order_by("name")
    assert list(queues) == [("new", "here"), ("old", "long")]


def test_old_receipts_and_jobs_are_deleted_and_open_ones_are_kept() -> None:
    long_ago = NOON - timedelta(days=400)
    for name, done in (("done", long_ago), ("waiting", None)):
        Delivery.objects.create(name=name, run_at=long_ago, done_at=done)
    Job.objects.create(kind="old", state="done", finished_at=long_ago)
    Job.objects.create(kind="open")
    Tick.objects.create(schedule="x", period="y", taken_at=long_ago)

    tasks.delete_old_receipts(at=NOON.isoformat())

    assert Delivery.objects.values_list("name", flat=True).get() == "waiting"
    assert Job.objects.values_list("kind", flat=True).get() == "open"
    assert not Tick.objects.exists()

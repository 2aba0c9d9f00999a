from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from supportsuccess import audit, outbox
from supportsuccess.audit.models import EventGroup
from supportsuccess.errors import Refused
from supportsuccess.outbox import dead_letters, jobs
from supportsuccess.outbox.models import Delivery, Job, JobState

pytestmark = pytest.mark.django_db
BY = audit.System("test")


def start(kind: str = "count", steps: list[dict[str, Any]] | None = None, **more: Any) -> Job:
    return jobs.start(kind, title="Count", by=BY, steps=steps or [{}], **more)


def ended(job: Job) -> Job:
    for hours in range(1, 7):
        outbox.deliver_due(at=timezone.now() + timedelta(hours=hours))
    job.refresh_from_db()
    return job


def test_job_counts_its_progress_and_ends_done() -> None:
    @jobs.step("count")
    def count(job: Job, *, upto: int) -> None:
        job.advance(upto)

    job = ended(start(steps=[{"upto": 3}, {"upto": 4}], total=7))

    assert (job.state, job.done, job.percent) == (JobState.DONE, 7, 100)
    assert job.started_at is not None
    assert job.finished_at is not None


def test_step_may_go_on_with_another_one() -> None:
    @jobs.step("count")
    def count(job: Job, *, offset: int = 0) -> None:
        job.set_total(3)
        job.advance(1)
        if offset < 2:
            job.then(offset=offset + 1)

    job = ended(start())

    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert Delivery.objects.filter(job=job).count() == 3


def test_steps_add_up_and_merge_their_results() -> None:
    @jobs.step("count")
    def count(job: Job, *, name: str) -> None:
        job.add_to_result(seen=2)
        job.set_result({name: True})

    job = ended(start(steps=[{"name": "a"}, {"name": "b"}]))

    assert job.result == {"seen": 4, "a": True, "b": True}


def test_job_without_steps_is_done_at_once() -> None:
    job = jobs.start("count", title="Nothing", by=BY, steps=[])

    assert job.state == JobState.DONE


def test_step_that_fails_for_good_fails_the_job_after_the_others_ended() -> None:
    @jobs.step("count")
    def count(job: Job, *, is_bad: bool) -> None:
        if is_bad:
            raise Refused("Line 3 has no number.")
        job.advance(1)

    job = ended(start(steps=[{"is_bad": True}, {"is_bad": False}]))

    assert (job.state, job.done, job.errors) == (JobState.FAILED, 1, ["Line 3 has no number."])


def test_failed_job_goes_on_when_its_dead_step_is_tried_again() -> None:
    answers = [Refused("not yet")]

    @jobs.step("count")
    def count(job: Job) -> None:
        if answers:
            raise answers.pop()
        job.advance(1)

    job = ended(start())
    dead_letters.retry(Delivery.objects.filter(job=job))

    assert ended(job).state == JobState.DONE


def test_job_with_an_unknown_kind_fails() -> None:
    job = ended(start("nobody_knows"))

    assert job.state == JobState.FAILED
    assert "'nobody_knows'" in job.errors[0]


def test_cancelled_job_takes_no_further_step() -> None:
    seen: list[int] = []

    @jobs.step("count")
    def count(job: Job, *, number: int) -> None:
        seen.append(number)
        jobs.cancel(job, by=BY)
        job.then(number=number + 1)

    job = ended(start(steps=[{"number": 1}, {"number": 5}]))

    assert (job.state, job.cancel_requested_by) == (JobState.CANCELLED, "system:test")
    assert seen == [1]


def test_waiting_job_is_cancelled_at_once() -> None:
    job = start()

    jobs.cancel(job, by=BY)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Delivery.objects.pending().count() == 0


def test_ended_job_cannot_be_cancelled() -> None:
    job = jobs.start("count", title="Nothing", by=BY, steps=[])

    with pytest.raises(Refused, match="already ended"):
        jobs.cancel(job, by=BY)


def test_job_runs_here_with_progress_and_without_a_worker() -> None:
    @jobs.step("count")
    def count(job: Job, *, left: int) -> None:
        job.advance(1)
        if left:
            job.then(left=left - 1)

    seen: list[int] = []
    job = start(steps=[{"left": 2}], queue=outbox.HERE)
    jobs.run_here(job, progress=lambda job: seen.append(job.done))

    assert job.state == JobState.DONE
    assert seen == [0, 1, 2, 3]


def test_run_here_gives_up_a_step_after_five_attempts() -> None:
    @jobs.step("count")
    def count(job: Job) -> None:
        raise RuntimeError("no")

    job = jobs.run_here(start(queue=outbox.HERE))

    assert (job.state, job.errors) == (JobState.FAILED, ["RuntimeError: no"])


def test_steps_change_rows_as_part_of_the_action_that_started_the_job() -> None:
    @jobs.step("count")
    def count(job: Job) -> None:
        with audit.group("count_part", by=BY) as group:
            job.set_result({"group": group})

    with transaction.atomic(), audit.group("count_things", by=BY) as group:
        job = start()

    assert ended(job).result == {"group": group}
    assert not EventGroup.objects.filter(action="count_part").exists()


def test_step_notes_errors_without_failing() -> None:
    @jobs.step("count")
    def count(job: Job) -> None:
        job.note_error("Row 4 was skipped.")

    job = ended(start())

    assert (job.state, job.errors) == (JobState.DONE, ["Row 4 was skipped."])


class Person:
    def __init__(self, *permissions: str) -> None:
        self.pk = 1
        self.permissions = permissions

    def has_perm(self, permission: str) -> bool:
        return permission in self.permissions


@pytest.mark.parametrize(
    ("permissions", "seen"),
    [((), 0), (("outbox.view_job",), 0), (("outbox.view_job", "outbox.retry_delivery"), 1)],
)
def test_jobs_of_others_are_seen_by_those_who_may_retry_them(
    permissions: tuple[str, ...], seen: int
) -> None:
    start()

    assert Job.objects.visible_to(Person(*permissions)).count() == seen  # type: ignore[arg-type]  # a stand-in

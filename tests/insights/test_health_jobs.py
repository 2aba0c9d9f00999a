"""Health as the worker runs it: at night, after a change, resumed after a kill, by command."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import CustomerChange, Organisation
from insights.actions import health as scorer
from insights.jobs import health
from insights.models import BacktestRun, CurrentHealth, HealthSnapshot
from insights.queries.customer_ranges import LAST_ID, customer_ranges
from supportsuccess import audit, outbox
from supportsuccess.outbox import jobs, runner
from supportsuccess.outbox.models import Delivery, Job, JobState
from tests.factories.base import make
from tests.factories.customers import CustomerFactory
from tests.factories.tickets import TicketEventFactory, TicketFactory
from tickets.models import TicketEventKind, TicketStatus

pytestmark = pytest.mark.django_db
BY = audit.System("test")


@pytest.fixture
def customers(db):
    """Four customers with tickets of yesterday, one more each."""
    made = CustomerFactory.create_batch(4)
    for place, customer in enumerate(made, start=1):
        for days in range(1, 2 * place):
            opened_at = timezone.now() - timedelta(days=days)
            ticket = TicketFactory(customer=customer, opened_at=opened_at)
            TicketEventFactory(
                ticket=ticket,
                kind=TicketEventKind.OPENED,
                status=TicketStatus.OPEN,
                occurred_at=opened_at,
            )
    return made


@pytest.fixture
def one_by_one(monkeypatch):
    monkeypatch.setattr(health, "customer_ranges", partial(customer_ranges, 1))


def scores():
    rows = CurrentHealth.objects.order_by("pk")
    return list(rows.values_list("pk", "score", "coverage", "band", "inputs_hash"))


def test_ranges_cover_every_customer_once(customers):
    ids = [customer.pk for customer in customers]

    ranges = customer_ranges(3)

    assert ranges == [(ids[0], ids[3] - 1), (ids[3], LAST_ID)]


def test_the_job_scores_everybody_range_by_range(customers, one_by_one):
    job = jobs.run_here(health.start_recompute(date(2026, 11, 1), by=BY, queue=outbox.HERE))

    assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)
    assert job.result == {"customers": 4}
    assert len(scores()) == 4


def test_the_queue_is_made_anew_once_after_the_last_range(customers, one_by_one):
    jobs.run_here(health.start_recompute(date(2026, 11, 1), by=BY, queue=outbox.HERE))

    assert Delivery.objects.filter(name="refresh_queue_after_health").count() == 1


def test_a_range_that_fails_is_visible_and_the_others_are_scored(
    customers, one_by_one, monkeypatch
):
    failing = customers[1].pk

    def score_day(low, high, **moments):
        if low == failing:
            raise RuntimeError("no such measure")
        return real(low, high, **moments)

    real = scorer.score_day
    monkeypatch.setattr(scorer, "score_day", score_day)
    monkeypatch.setattr(runner, "BACKOFF", "interval '0'")

    job = jobs.run_here(health.start_recompute(date(2026, 11, 1), by=BY, queue=outbox.HERE))

    assert job.state == JobState.FAILED
    assert job.errors == ["RuntimeError: no such measure"]
    assert [pk for pk, *_ in scores()] == [c.pk for c in customers if c.pk != failing]


def test_a_killed_run_goes_on_to_the_same_scores(customers, one_by_one):
    job = health.start_recompute(date(2026, 11, 1), by=BY, queue=outbox.HERE)
    runner.deliver(runner.claim_step(job.pk))
    killed = runner.claim_step(job.pk)
    assert len(scores()) == 1

    give_back(killed)
    job = jobs.run_here(job)
    resumed, days = scores(), HealthSnapshot.objects.count()

    CurrentHealth.objects.all().delete()
    jobs.run_here(health.start_recompute(date(2026, 11, 1), by=BY, queue=outbox.HERE))
    assert job.state == JobState.DONE
    assert scores() == resumed
    assert HealthSnapshot.objects.count() == days == 4


def give_back(claimed):
    """Let the lease of a killed worker run out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_delivery SET leased_until = now() - interval '1 day' WHERE id = %s",
            [claimed.id],
        )


def test_the_night_is_computed_once_for_the_day_that_ended_here(customers):
    make(Organisation, pk=1, name="Larkfield", timezone="Pacific/Auckland")
    noon = datetime(2026, 11, 10, 11, 30, tzinfo=UTC)

    for minutes in (0, 10, 20):
        health.promise_nightly_health(due_at=noon + timedelta(minutes=minutes))
    outbox.deliver_due(at=timezone.now() + timedelta(minutes=1))

    assert Job.objects.filter(kind="recompute_health").count() == 1
    days = set(HealthSnapshot.objects.values_list("day", flat=True))
    assert days == {date(2026, 11, 10)}


def test_who_changed_is_scored_and_the_marks_are_gone(customers):
    changed = customers[2]
    CustomerChange.objects.bulk_create([CustomerChange(customer=changed) for _ in range(3)])

    health.promise_customer_changes(due_at=timezone.now())
    outbox.deliver_due(at=timezone.now() + timedelta(minutes=1))

    assert [pk for pk, *_ in scores()] == [changed.pk]
    assert not CustomerChange.objects.exists()
    assert not HealthSnapshot.objects.exists()


def test_without_changes_nothing_is_promised(customers):
    health.promise_customer_changes(due_at=timezone.now())

    assert not Delivery.objects.exists()


def test_more_marks_than_one_drain_takes_are_drained_at_once(customers, monkeypatch):
    monkeypatch.setattr(health, "DRAINED_MARKS", 2)
    CustomerChange.objects.bulk_create([CustomerChange(customer=c) for c in customers])

    health.drain_customer_changes()
    outbox.deliver_due(at=timezone.now() + timedelta(minutes=1))

    assert len(scores()) == 4
    assert not CustomerChange.objects.exists()


def test_marks_stay_when_scoring_fails(customers, monkeypatch):
    CustomerChange.objects.create(customer=customers[0])
    monkeypatch.setattr(scorer, "score_changed", lambda *_, **__: 1 / 0)
    health.promise_customer_changes(due_at=timezone.now())

    outbox.deliver_due(at=timezone.now() + timedelta(minutes=1))

    assert CustomerChange.objects.count() == 1
    assert "ZeroDivisionError" in Delivery.objects.get(done_at=None).last_error


def report(capsys, *arguments):
    call_command("recompute_health", *arguments, "--json")
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_command_ends_with_one_json_object(customers, capsys):
    said = report(capsys)

    assert said["customers"] == 4
    assert sum(said["bands"].values()) == 4
    assert said["unknown_share"] == said["bands"]["unknown"] / 4
    assert len(scores()) == 4


def test_the_command_scores_one_customer(customers, capsys):
    assert report(capsys, f"--customer={customers[0].pk}")["customers"] == 1

    assert [pk for pk, *_ in scores()] == [customers[0].pk]


def test_the_command_scores_a_past_day_into_a_run(customers, capsys):
    yesterday = timezone.now().date() - timedelta(days=1)

    said = report(capsys, f"--as-of={yesterday}")

    run = BacktestRun.objects.get(pk=said["run"])
    assert said["day"] == yesterday.isoformat()
    assert said["customers"] == run.scores.count() == 4
    assert not scores()


def test_the_command_speaks_to_people_too(customers, capsys):
    call_command("recompute_health")

    assert "4 customers in" in capsys.readouterr().out


def test_a_day_before_any_scorecard_is_refused(customers):
    with pytest.raises(CommandError, match="No scorecard was published"):
        call_command("recompute_health", "--as-of=1999-12-30")


def test_a_customer_that_does_not_exist_is_said_so(customers):
    with pytest.raises(CommandError, match="There is no customer 0"):
        call_command("recompute_health", "--customer=0")


def solve(customer, *, times, **fields):
    opened_at = timezone.now() - timedelta(days=10)
    solved_at = opened_at + timedelta(hours=1)
    solved = {"first_solved_at": solved_at, "last_solved_at": solved_at, "status": "solved"}
    TicketFactory.create_batch(times, customer=customer, opened_at=opened_at, **solved, **fields)


def test_a_change_that_moves_nothing_tells_the_same_story():
    """What an incremental run compares with is what the night compared with."""
    customer, now = CustomerFactory(), timezone.now()
    ended = now.date() - timedelta(days=1)
    solve(customer, times=4)
    scorer.score_day(1, LAST_ID, day=ended - timedelta(days=42), at=now)
    solve(customer, times=4, reopen_count=1)
    scorer.score_day(1, LAST_ID, day=ended - timedelta(days=41), at=now)
    jobs.run_here(health.start_recompute(ended, by=BY, queue=outbox.HERE))
    before = CurrentHealth.objects.get().change

    make(CustomerChange, customer=customer)
    health.drain_customer_changes()

    assert "reopens" in before["sentence"]
    assert CurrentHealth.objects.get().change == before

"""A past day is scored from what was known then, and nothing that came later moves it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ContactRole, CustomerProfile, Stage
from insights.actions import backtests, health
from insights.models import BacktestScore, CurrentHealth, HealthSnapshot
from supportsuccess import audit
from supportsuccess.imports.models import BatchState, ImportBatch
from tests.factories.base import change, make
from tests.factories.customers import CustomerContactFactory, CustomerFactory, TouchFactory
from tests.factories.people import since
from tests.factories.tickets import TicketEventFactory, TicketFactory
from tickets.models import TicketEventKind, TicketStatus
from tickets.queries.projection import project_tickets

pytestmark = pytest.mark.django_db
EVERYONE = (0, 2**62)
STATUS = {
    TicketEventKind.OPENED: TicketStatus.OPEN,
    TicketEventKind.SOLVED: TicketStatus.SOLVED,
}


@pytest.fixture
def now(db):
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def then(now):
    return now - timedelta(days=30)


@pytest.fixture
def customer(then):
    """Four tickets told by their events: opened 40 days before `then`, three of them solved."""
    customer = CustomerFactory()
    for place in range(4):
        logged(customer, then - timedelta(days=40), solved_after=None if place == 3 else 50)
    return customer


def logged(customer, opened_at, *, solved_after, **fields):
    ticket = TicketFactory(customer=customer, opened_at=opened_at)
    event(ticket, opened_at, TicketEventKind.OPENED, **fields)
    if solved_after is not None:
        solved_at = opened_at + timedelta(hours=solved_after)
        event(ticket, solved_at, TicketEventKind.SOLVED, **fields)
    return ticket


def event(ticket, at, kind, **fields):
    status = STATUS[kind]
    return TicketEventFactory(ticket=ticket, kind=kind, status=status, occurred_at=at, **fields)


def score_then(then, *, known_at):
    run = backtests.start_backtest(as_of=then, known_at=known_at, at=known_at)
    health.score_past(run, *EVERYONE)
    backtests.finish_backtest(run, at=known_at)
    return {
        score.customer_id: (score.score, score.coverage, score.band, score.inputs_hash)
        for score in BacktestScore.objects.filter(run=run)
    }


@pytest.fixture
def unmoved(then, now, customer):
    """A check that nothing which happened in between moved the past day's scores."""
    before = score_then(then, known_at=now)
    assert before[customer.pk][0] is not None

    def check(**moments):
        return score_then(then, known_at=moments.get("known_at", now)) == before

    return check


def test_a_past_day_leaves_the_current_score_alone(then, now, customer):
    scores = score_then(then, known_at=now)

    assert list(scores) == [customer.pk]
    assert not CurrentHealth.objects.exists()
    assert not HealthSnapshot.objects.exists()


def test_a_ticket_solved_later_does_not_move_a_past_day(then, customer, unmoved):
    ticket = customer.tickets.last()
    event(ticket, then + timedelta(days=2), TicketEventKind.SOLVED)
    change(
        ticket,
        status=TicketStatus.SOLVED,
        first_solved_at=then + timedelta(days=2),
        last_solved_at=then + timedelta(days=2),
    )

    assert unmoved()


def test_a_ticket_opened_later_does_not_move_a_past_day(then, customer, unmoved):
    logged(customer, then + timedelta(hours=1), solved_after=400)

    assert unmoved()


def test_what_the_company_learned_later_does_not_move_a_past_day(then, now, customer, *, unmoved):
    logged(customer, then - timedelta(days=9), solved_after=300, recorded_at=now)

    assert unmoved()


def test_an_import_stored_later_does_not_move_a_replay(then, now, customer):
    before = score_then(then, known_at=now)
    earlier = now - timedelta(days=1)

    assert score_then(then, known_at=earlier) != before


def test_an_edited_profile_does_not_move_a_past_day(then, now, customer, *, unmoved):
    profile = customer.profiles.get()
    change(profile, during=(profile.during.lower, now - timedelta(minutes=1)))
    make(
        CustomerProfile,
        customer=customer,
        during=since(now - timedelta(minutes=1)),
        stage=Stage.ONBOARDING,
        seats=5000,
    )

    assert unmoved()


def test_a_role_given_later_does_not_move_a_past_day(then, now, customer):
    contact = CustomerContactFactory(
        customer=customer, role=ContactRole.OTHER, recorded_at=then - timedelta(days=300)
    )
    CustomerContactFactory(
        role=ContactRole.CHAMPION, recorded_at=then, customer=CustomerFactory(profile=None)
    )
    before = score_then(then, known_at=now)

    change(contact, role=ContactRole.CHAMPION)

    assert score_then(then, known_at=now) == before


def test_a_champion_who_left_later_was_present(then, now, customer):
    contact = CustomerContactFactory(
        customer=customer, role=ContactRole.CHAMPION, recorded_at=then - timedelta(days=300)
    )
    before = score_then(then, known_at=now)

    change(contact, left_at=then - timedelta(days=1), recorded_left_at=then + timedelta(days=1))

    assert score_then(then, known_at=now) == before


def test_a_withdrawn_import_is_as_if_it_had_not_been(then, now, customer, *, unmoved):
    batch = make(
        ImportBatch,
        format="touches",
        file_name="touches.csv",
        sha256="",
        size=0,
        state=BatchState.UNDONE,
        withdrawn_at=now - timedelta(minutes=1),
    )
    TouchFactory(customer=customer, occurred_at=then - timedelta(days=3), batch=batch)
    logged(customer, then - timedelta(days=3), solved_after=30, batch=batch)

    assert unmoved()


def test_the_current_run_skips_a_withdrawn_import_too(now, customer):
    batch = make(
        ImportBatch,
        format="touches",
        file_name="touches.csv",
        sha256="",
        size=0,
        state=BatchState.UNDONE,
        withdrawn_at=now - timedelta(minutes=1),
    )
    TouchFactory(customer=customer, occurred_at=now - timedelta(days=3), batch=batch)

    health.score_changed([customer.pk], day=now.date(), at=now)

    assert "touch_rhythm" not in CurrentHealth.objects.get().contributions


def test_who_was_not_a_customer_yet_is_not_scored(then, now, customer):
    later = CustomerFactory(profile__during=since(then + timedelta(days=1)))
    logged(later, then + timedelta(days=2), solved_after=1)

    assert later.pk not in score_then(then, known_at=now)


def test_a_run_sums_itself_up(then, now, customer):
    run = backtests.start_backtest(as_of=then, known_at=now, at=now)
    health.score_past(run, *EVERYONE)

    backtests.finish_backtest(run, at=now)

    run.refresh_from_db()
    assert run.finished_at == now
    assert run.summary["customers"] == sum(run.summary["bands"].values()) == 1
    assert run.summary["told_by_source"] == 0


def test_the_past_relation_and_the_tickets_agree_about_now(now, customer):
    ids = list(customer.tickets.values_list("pk", flat=True))
    with audit.group("project", by=audit.System("test")):
        project_tickets(ids, as_of=now, known_at=now)
    health.score_changed([customer.pk], day=now.date(), at=now)

    past = score_then(now, known_at=now)[customer.pk]

    stored = CurrentHealth.objects.get()
    assert past == (stored.score, stored.coverage, stored.band, stored.inputs_hash)


def test_a_replayed_day_leaves_its_snapshot_and_no_current_score(then, now, customer):
    health.replay_day(*EVERYONE, day=then.date(), as_of=then, known_at=now)

    stored = HealthSnapshot.objects.get()
    replayed = (stored.score, stored.coverage, stored.band, stored.inputs_hash)
    assert replayed == score_then(then, known_at=now)[customer.pk]
    assert stored.day == then.date()
    assert not CurrentHealth.objects.exists()

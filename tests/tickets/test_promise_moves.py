"""How a promise ends or moves: who may, when not, who hears of it, and what two at once come to."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Notification
from supportsuccess import outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import schedules
from tests.factories.customers import CustomerFactory
from tests.factories.handoffs import PromiseFactory
from tests.factories.people import UserFactory
from tickets.actions import promise_moves as moves
from tickets.actions.promises import make_promise
from tickets.models import Promise, PromiseEvent, PromiseEventKind, PromiseState

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
TODAY = NOW.date()
ENDS = {
    PromiseState.KEPT: moves.keep_promise,
    PromiseState.BROKEN: moves.break_promise,
    PromiseState.WITHDRAWN: moves.withdraw_promise,
}


@pytest.fixture
def promise():
    owner = UserFactory(name="Ines Duarte")
    due_on, customer = TODAY + timedelta(days=5), CustomerFactory(name="Halden Lifts")
    given = {"text": "The sync fix", "due_on": due_on}
    return make_promise(customer, **given, owner=owner, by=owner, at=NOW)


def told(kind):
    return list(Notification.objects.filter(kind=kind).values_list("user__name", "title"))


def look(at):
    schedules.promise_due(at=at)
    outbox.deliver_due()


@pytest.mark.parametrize("state", ENDS)
def test_a_promise_ends_with_an_event(promise, state):
    ended = ENDS[state](promise, version=1, note=" So it is ", by=promise.owner, at=NOW)

    assert (ended.state, ended.version) == (state, 2)
    event = promise.events.latest("pk")
    assert (event.kind, event.note, event.by) == (state, "So it is", promise.owner)


@pytest.mark.parametrize("state", ENDS)
def test_what_has_ended_does_not_end_again(promise, state):
    moves.keep_promise(promise, version=1, by=promise.owner, at=NOW)

    with pytest.raises(moves.ChangedMeanwhile, match="Kept by Ines Duarte already"):
        ENDS[state](promise, version=2, note="So it is", by=UserFactory(), at=NOW)

    assert PromiseEvent.objects.filter(promise=promise).count() == 2


def test_what_was_moved_meanwhile_is_not_ended_unseen(promise):
    later = promise.due_on + timedelta(days=2)
    given = {"due_on": later, "note": "They wait for tablets", "at": NOW}
    moves.renegotiate_promise(promise, version=1, by=promise.owner, **given)

    with pytest.raises(moves.ChangedMeanwhile, match="Renegotiated by you already"):
        moves.keep_promise(promise, version=1, by=promise.owner, at=NOW)


def test_a_renegotiated_promise_stays_open_for_its_new_day(promise):
    later = promise.due_on + timedelta(days=2)

    given = {"due_on": later, "note": "They wait for tablets", "at": NOW}
    moved = moves.renegotiate_promise(promise, version=1, by=promise.owner, **given)

    assert (moved.state, moved.due_on) == (PromiseState.OPEN, later)
    event = promise.events.latest("pk")
    assert (event.kind, event.due_on) == (PromiseEventKind.RENEGOTIATED, later)


@pytest.mark.parametrize(
    ("due_on", "note", "at", "field"),
    [
        (TODAY + timedelta(days=9), " ", NOW, "note"),
        (TODAY + timedelta(days=5), "Why", NOW, "due_on"),
        (TODAY - timedelta(days=1), "Why", NOW, "due_on"),
        (TODAY + timedelta(days=9), "Why", NOW + timedelta(days=7), "due_on"),
    ],
    ids=["no reason", "the same day", "a day gone by", "once it was due"],
)
def test_a_promise_is_not_renegotiated(promise, *, due_on, note, at, field):
    given = {"due_on": due_on, "note": note, "at": at}

    with pytest.raises(Refused) as refusal:
        moves.renegotiate_promise(promise, version=1, by=promise.owner, **given)

    assert refusal.value.field == field
    assert Promise.objects.get().version == 1


@pytest.mark.parametrize("move", [moves.break_promise, moves.withdraw_promise])
def test_what_does_not_come_true_needs_a_reason(promise, move):
    with pytest.raises(Refused) as refusal:
        move(promise, version=1, note=" ", by=promise.owner, at=NOW)

    assert refusal.value.field == "note"
    assert Promise.objects.get().state == PromiseState.OPEN


def test_a_promise_is_broken_by_the_clock_once_its_day_ended_everywhere(promise):
    ended = datetime(2026, 3, 9, 12, tzinfo=UTC)

    look(ended - timedelta(hours=1))
    assert Promise.objects.get().state == PromiseState.OPEN
    look(ended)

    assert Promise.objects.get().state == PromiseState.BROKEN
    assert promise.events.latest("pk").by is None
    assert told("promise_broken") == [("Ines Duarte", "Broken: The sync fix (Halden Lifts)")]


def test_the_clock_leaves_what_was_kept_meanwhile(promise):
    moves.keep_promise(promise, version=1, by=promise.owner, at=NOW)

    assert not moves.break_if_past(promise, at=NOW + timedelta(days=30))
    assert Promise.objects.get().state == PromiseState.KEPT


def test_the_owner_hears_when_somebody_else_breaks_it_only(promise):
    other = PromiseFactory(owner=promise.owner, text="A date", due_on=promise.due_on)

    moves.break_promise(promise, version=1, note="No time", by=promise.owner, at=NOW)
    moves.break_promise(other, version=1, note="No time", by=UserFactory(), at=NOW)

    assert [title for _, title in told("promise_broken")] == [f"Broken: A date ({other.customer})"]


def test_the_owner_is_reminded_once_for_each_day(promise):
    for day in range(6):
        look(datetime(2026, 3, 3 + day, 7, tzinfo=UTC))

    assert [name for name, _ in told("promise_nearly_due")] == ["Ines Duarte"]


def test_nobody_is_reminded_of_what_was_kept(promise):
    moves.keep_promise(promise, version=1, by=promise.owner, at=NOW)

    assert not moves.remind_if_open(promise, at=NOW + timedelta(days=3))
    assert told("promise_nearly_due") == []

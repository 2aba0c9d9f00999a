import re
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions.renewals import (
    decide_renewals,
    set_next_step,
    snooze_renewal,
    undo_decision,
    wake_renewal,
)
from accounts.models import (
    Call,
    CustomerChange,
    Renewal,
    RenewalDecision,
    RenewalState,
    Role,
)
from supportsuccess.audit.models import EventGroup
from supportsuccess.errors import Refused
from supportsuccess.lists.cells import day_text
from tests.factories.contracts import RenewalFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = NOW.date()
FRIDAY = date(2026, 11, 27)


def renewal_in(days: int, **fields) -> Renewal:
    decided_on = TODAY + timedelta(days=days)
    return RenewalFactory(
        decision_point_on=decided_on, due_on=decided_on + timedelta(days=60), **fields
    )


def decide(*renewals: Renewal, call=Call.ON_TRACK, **step) -> list[RenewalDecision]:
    seen = {renewal.pk: renewal.version for renewal in renewals}
    return decide_renewals(seen, call=call, by=UserFactory(role=Role.CSM), at=NOW, **step)


@pytest.mark.parametrize(
    ("call", "state"),
    [
        (Call.ON_TRACK, RenewalState.COMMITTED),
        (Call.MONITOR, RenewalState.IN_REVIEW),
        (Call.AT_RISK, RenewalState.AT_RISK),
    ],
)
def test_a_call_moves_the_renewal(call, state):
    renewal = renewal_in(100)

    decide(renewal, call=call, next_step="Call Ingrid", next_step_on=FRIDAY)

    renewal.refresh_from_db()
    assert (renewal.state, renewal.next_step, renewal.next_step_on) == (
        state,
        "Call Ingrid",
        FRIDAY,
    )


def test_a_call_is_kept_with_its_step():
    renewal = renewal_in(20)

    decide(renewal, call=Call.AT_RISK, next_step="Call Ingrid", next_step_on=FRIDAY)

    decision = renewal.decisions.get()
    assert (decision.call, decision.next_step, decision.occurred_at) == (
        Call.AT_RISK,
        "Call Ingrid",
        NOW,
    )


def test_several_are_decided_in_one_group():
    renewals = [renewal_in(20), renewal_in(30)]

    decide(*renewals)

    assert EventGroup.objects.filter(action="decide_renewals").count() == 1
    assert set(Renewal.objects.values_list("state", flat=True)) == {RenewalState.COMMITTED}


def test_a_decision_marks_the_customer_as_changed():
    renewal = renewal_in(20)

    decide(renewal)

    assert CustomerChange.objects.filter(customer=renewal.customer_id).exists()


def test_a_decision_wakes_a_snoozed_renewal():
    renewal = renewal_in(60, snoozed_until=FRIDAY)

    decide(renewal)

    renewal.refresh_from_db()
    assert renewal.snoozed_until is None


def test_monitoring_is_refused_inside_ninety_days():
    with pytest.raises(Refused, match="within 90 days it is on track or at risk") as refusal:
        decide(renewal_in(89), call=Call.MONITOR, next_step="Look again", next_step_on=FRIDAY)

    assert refusal.value.field == "call"


def test_monitoring_is_allowed_until_ninety_days_before():
    renewal = renewal_in(90)

    decide(renewal, call=Call.MONITOR, next_step="Look again", next_step_on=FRIDAY)

    assert renewal.decisions.get().call == Call.MONITOR


def test_one_refusal_leaves_all_as_they_were():
    far, near = renewal_in(120), renewal_in(20)

    with pytest.raises(Refused):
        decide(far, near, call=Call.MONITOR, next_step="Look again", next_step_on=FRIDAY)

    far.refresh_from_db()
    assert far.state == RenewalState.UPCOMING


@pytest.mark.parametrize("call", [Call.MONITOR, Call.AT_RISK])
def test_what_is_not_on_track_needs_a_next_step(call):
    with pytest.raises(Refused) as refusal:
        decide(renewal_in(120), call=call)

    assert refusal.value.field == "next_step"


@pytest.mark.parametrize(
    ("step", "field"),
    [({"next_step": "Call"}, "next_step_on"), ({"next_step_on": FRIDAY}, "next_step")],
)
def test_a_next_step_is_a_deed_and_a_day(step, field):
    with pytest.raises(Refused) as refusal:
        decide(renewal_in(20), **step)

    assert refusal.value.field == field


def test_a_closed_renewal_is_not_decided():
    renewal = renewal_in(
        20, state=RenewalState.WON, final_amount=12_000, closed_at=NOW - timedelta(days=1)
    )

    with pytest.raises(Refused, match="this renewal is closed"):
        decide(renewal)


def test_a_renewal_changed_meanwhile_is_not_decided():
    renewal = renewal_in(20)
    decide(renewal)

    with pytest.raises(Refused, match="somebody changed it meanwhile"):
        decide(renewal, call=Call.AT_RISK, next_step="Call", next_step_on=FRIDAY)


def test_undo_puts_back_what_the_decision_replaced():
    renewal = renewal_in(60, next_step="Ask", next_step_on=FRIDAY, snoozed_until=FRIDAY)
    decision = decide(renewal)[0]

    undo_decision(decision, by=decision.by, at=NOW)

    renewal.refresh_from_db()
    assert renewal.state == RenewalState.UPCOMING
    assert (renewal.next_step, renewal.next_step_on) == ("Ask", FRIDAY)
    assert renewal.snoozed_until == FRIDAY


def test_undo_stays_in_the_history_and_out_of_what_stands():
    decision = decide(renewal_in(60))[0]

    taken_back = undo_decision(decision, by=decision.by, at=NOW)

    assert taken_back.undoes == decision
    assert RenewalDecision.objects.count() == 2
    assert not RenewalDecision.objects.standing().exists()


def test_undo_is_refused_once_the_renewal_has_changed():
    renewal = renewal_in(60)
    decision = decide(renewal)[0]
    set_next_step(
        renewal, version=2, next_step="Visit", next_step_on=FRIDAY, by=decision.by, at=NOW
    )

    with pytest.raises(Refused, match="somebody changed it meanwhile"):
        undo_decision(decision, by=decision.by, at=NOW)


def test_undo_works_once():
    decision = decide(renewal_in(60))[0]
    undo_decision(decision, by=decision.by, at=NOW)

    with pytest.raises(Refused, match="already taken back"):
        undo_decision(decision, by=decision.by, at=NOW)


def test_a_next_step_is_noted_without_a_call():
    renewal = renewal_in(60)

    set_next_step(
        renewal, version=1, next_step="Visit", next_step_on=FRIDAY, by=UserFactory(), at=NOW
    )

    renewal.refresh_from_db()
    assert (renewal.next_step, renewal.state) == ("Visit", RenewalState.UPCOMING)


def test_a_next_step_says_what():
    with pytest.raises(Refused, match="Say what the next step is"):
        set_next_step(
            renewal_in(60), version=1, next_step="", next_step_on=None, by=UserFactory(), at=NOW
        )


@pytest.mark.parametrize("until", [None, TODAY, TODAY - timedelta(days=1)])
def test_snoozing_needs_a_day_to_come(until):
    with pytest.raises(Refused) as refusal:
        snooze_renewal(renewal_in(60), version=1, until=until, by=UserFactory(), at=NOW)

    assert refusal.value.field == "until"


def test_snoozing_ends_before_the_decision_point():
    with pytest.raises(Refused, match="snooze to a day before"):
        snooze_renewal(
            renewal_in(20),
            version=1,
            until=TODAY + timedelta(days=21),
            by=UserFactory(),
            at=NOW,
        )


def test_snoozing_an_overdue_one_gives_a_week():
    renewal = renewal_in(-3)

    snooze_renewal(renewal, version=1, until=TODAY + timedelta(days=7), by=UserFactory(), at=NOW)

    renewal.refresh_from_db()
    assert renewal.snoozed_until == TODAY + timedelta(days=7)


def test_waking_takes_the_snooze_away():
    renewal = renewal_in(60, snoozed_until=FRIDAY)

    wake_renewal(renewal, version=1, by=UserFactory())

    renewal.refresh_from_db()
    assert renewal.snoozed_until is None


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2099, 1, 1)])
def test_decide_renewals_refuses_a_day_that_nobody_plans_for(day):
    renewal = renewal_in(60)

    with pytest.raises(Refused) as refusal:
        decide(renewal, call=Call.AT_RISK, next_step="Visit", next_step_on=day)

    assert refusal.value.field == "next_step_on"


def test_a_refusal_tells_its_day_as_pages_do():
    soon = renewal_in(3)

    with pytest.raises(
        Refused, match=rf"decides on {re.escape(day_text(soon.decision_point_on))}:"
    ):
        decide(soon, call=Call.MONITOR, next_step="Look again", next_step_on=FRIDAY)

import pytest

from accounts.models import Availability
from supportsuccess.lists.periods import read_period
from tests.oracle.states import (
    NAMES,
    NOW,
    PAGE,
    PERIODS,
    STATES,
    address,
    assert_finds,
    random_state,
    seen_rows,
)
from tickets.lists.handoffs import Handoffs
from tickets.models import (
    OPEN_HANDOFF_STATES,
    TAKEN_STATES,
    WAITING_STATES,
    Handoff,
    HandoffEventKind,
    HandoffOutcome,
    HandoffState,
    HandoffType,
    Priority,
)
from tickets.queries.handoffs import JUST_ENDED

pytestmark = pytest.mark.django_db
SORTS = {
    "due": lambda one: (one.state not in WAITING_STATES, one.due_at, one.pk),
    "moved": lambda one: (one.closed_at or one.accepted_at or one.offered_at, one.pk),
}


def stands_in(handoff, state):
    return {
        "open": handoff.state in OPEN_HANDOFF_STATES,
        "unanswered": handoff.state in {HandoffState.OFFERED, HandoffState.EXPIRED},
        "waiting": handoff.state in WAITING_STATES,
        "taken": handoff.state in TAKEN_STATES,
        "ended": handoff.closed_at is not None,
        "recent": handoff.state in OPEN_HANDOFF_STATES
        or (handoff.closed_at is not None and handoff.closed_at >= NOW - JUST_ENDED),
        "all": True,
    }[state]


def bounced(handoff, ways):
    offers = sum(event.kind == HandoffEventKind.OFFERED for event in handoff.events.all())
    did = {
        "offered": offers > 2,
        "returned": handoff.return_count > 0,
        "leads": handoff.state == HandoffState.RETURNED and handoff.return_count > 1,
    }
    return any(did[way] for way in ways)


def lies_in(handoff, box, *, user, away):
    teams = {membership.team_id for membership in user.memberships.all()}
    return {
        "in": handoff.receiver_id in {user.pk, *away},
        "out": handoff.sender_id in {user.pk, *away},
        "team": bool({handoff.from_team_id, handoff.to_team_id} & teams),
        "all": True,
    }[box]


def passes_past(handoff, state):
    has_happened = {
        "accepted": handoff.accepted_at is not None,
        "returned": handoff.return_count >= 1,
        "bounced": handoff.return_count >= 2,
        "judged": handoff.was_useful is not None,
        "useful": handoff.was_useful is True,
    }
    start, end = read_period(state["offered"][0]) if "offered" in state else (None, None)
    return (
        handoff.outcome in state.get("outcome", [handoff.outcome])
        and (start is None or start <= handoff.offered_at < end)
        and state.get("to_team", [str(handoff.to_team_id)]) == [str(handoff.to_team_id)]
        and all(has_happened[name] for name in state.get("happened", []))
    )


def passes(handoff, state):
    is_late = handoff.state in WAITING_STATES and handoff.due_at < NOW
    return (
        stands_in(handoff, state.get("state", ["open"])[0])
        and handoff.type in state.get("type", [handoff.type])
        and handoff.priority in state.get("priority", [handoff.priority])
        and ("bounced" not in state or bounced(handoff, state["bounced"]))
        and (is_late or "late" not in state)
        and passes_past(handoff, state)
        and state.get("customer", [str(handoff.customer_id)]) == [str(handoff.customer_id)]
        and state.get("q", [""])[0] in handoff.customer.name
    )


@pytest.mark.parametrize("which", range(3))
def test_handoffs_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(Handoffs, "size", PAGE)
    user = people[which]
    handoffs = seen_rows(user, Handoff)
    # both who are away answer to the one at the end of their covers
    away = set(Availability.objects.values_list("user", flat=True)) if which == 1 else set()
    options = {
        "q": (False, NAMES),
        "box": (False, ["in", "out", "team", "all", "all", "all"]),
        "state": (False, ["open", "unanswered", "waiting", "taken", "ended", "recent", "all"]),
        "type": (True, HandoffType.values),
        "priority": (True, Priority.values),
        "late": (False, ["1"]),
        "bounced": (True, ["offered", "returned", "leads"]),
        "outcome": (True, HandoffOutcome.values),
        "offered": (False, PERIODS),
        "to_team": (False, sorted({str(one.to_team_id) for one in handoffs})),
        "happened": (False, ["accepted", "returned", "bounced", "judged", "useful"]),
        "customer": (False, sorted({str(one.customer_id) for one in handoffs})),
    }
    for _ in range(STATES):
        state = random_state(chance, options)
        sort, falls = chance.choice(list(SORTS)), chance.random() < 0.5
        box = state.get("box", ["in"])[0]
        expected = sorted(
            (
                one
                for one in handoffs
                if passes(one, state) and lies_in(one, box, user=user, away=away)
            ),
            key=SORTS[sort],
            reverse=falls,
        )
        query = address(state, sort=f"-{sort}" if falls else sort)

        assert_finds(
            lambda params: Handoffs(user, params, now=NOW), query, state=state, expected=expected
        )

import pytest

from accounts.models import RenewalState, Role
from insights.lists.queue import Queue
from insights.models import Clearing, QueuedRenewal, Section
from tests.oracle.states import (
    NAMES,
    NOW,
    PAGE,
    STATES,
    address,
    assert_finds,
    random_state,
    renewals_at_stake,
    seen_rows,
)

pytestmark = pytest.mark.django_db


def passes_row(row, state):
    owner = str(row.owner_id) if row.owner_id else "none"
    return (
        all(
            getattr(row, name) in state[name]
            for name in ("segment", "band", "stage", "state")
            if name in state
        )
        and (state.get("owner", ["all"]) == ["all"] or owner in state["owner"])
        and state.get("q", [""])[0] in row.customer.name
    )


def stands_in(row, section):
    if section == "all":
        return True
    if section == "cleared":
        return row.clearing in Clearing.values
    if row.clearing or row.section == Section.LOCKED:
        return False
    is_due = row.section in {Section.NOTICE, Section.DECIDE}
    return section in {"todo", row.section} or (section == "due" and is_due)


@pytest.mark.parametrize("which", range(3))
def test_renewals_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(Queue, "size", PAGE)
    user = people[which]
    rows, at_stake = seen_rows(user, QueuedRenewal), renewals_at_stake(user)
    options = {
        "q": (False, NAMES),
        "owner": (False, ["all", "none", *(str(one.pk) for one in people[:2])]),
        "segment": (True, ["small", "mid_market", "enterprise"]),
        "band": (True, ["red", "yellow", "green", "unknown"]),
        "state": (True, [RenewalState.UPCOMING, RenewalState.AT_RISK]),
        "at_stake": (False, ["yes"]),
        "section": (False, ["todo", "due", "decide", "later", "cleared", "all"]),
    }
    if user.role == Role.CONTRACTOR:
        options["owner"] = (False, ["all", "none"])
    for _ in range(STATES):
        state, sort = random_state(chance, options), chance.choice(["", "decision", "-decision"])
        section = state.get("section", ["todo"])[0]
        expected = sorted(
            (
                row
                for row in rows
                if passes_row(row, state)
                and stands_in(row, section)
                and (row in at_stake or "at_stake" not in state)
            ),
            key=lambda row: (row.decision_point_on if sort else row.priority, row.pk),
            reverse=sort != "decision",
        )
        query = address(state, sort=sort)

        assert_finds(
            lambda params: Queue(user, params, now=NOW), query, state=state, expected=expected
        )

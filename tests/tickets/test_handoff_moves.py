"""The table of moves against the domain's own words, and every refusal it makes."""

import re
from itertools import pairwise

import pytest

from tickets.models import OPEN_HANDOFF_STATES, HandoffState
from tickets.models.handoff_moves import MOVES, OFFER, events_into

# The domain's states as its document writes them, without the words beside them.
DOMAIN = """
draft → offered → accepted → in_progress → completed
offered → question → offered
offered → returned → offered | withdrawn
offered → expired → offered
open → cancelled
completed → in_progress
"""
# A question is asked inside an offer: what may happen to an offer may happen while it waits.
INSIDE_AN_OFFER = {("question", target) for target in ("accepted", "returned", "expired")}
# Undo of an offer, the way out of an expired one, and a matter that one call settles.
OURS = {
    ("offered", "withdrawn"),
    ("question", "withdrawn"),
    ("expired", "withdrawn"),
    ("accepted", "completed"),
}


def domain_steps():
    steps = set()
    for line in DOMAIN.strip().splitlines():
        places = [re.findall(r"\w+", place) for place in line.split("→")]
        for sources, targets in pairwise(places):
            steps |= {(source, target) for source in sources for target in targets}
    cancelled = {(state.value, "cancelled") for state in OPEN_HANDOFF_STATES}
    return {step for step in steps if step[0] != "open"} | cancelled


def table_steps():
    return {
        (source.value, move.target.value)
        for move in MOVES
        for source in move.sources
        if move.target and move.target != source
    }


def test_moves_are_the_domains_states():
    assert table_steps() == domain_steps() | INSIDE_AN_OFFER | OURS


def test_every_state_but_an_end_has_a_way_out():
    ends = set(HandoffState) - {source for source, _ in map(steps_as_states, table_steps())}

    assert ends == {HandoffState.WITHDRAWN, HandoffState.CANCELLED}


def test_every_state_can_be_reached_from_a_draft():
    reached = {HandoffState.DRAFT}
    for _ in HandoffState:
        reached |= {move.target for move in MOVES if move.target and reached & set(move.sources)}

    assert reached == set(HandoffState)


@pytest.mark.parametrize("state", sorted(set(HandoffState) - {HandoffState.DRAFT}))
def test_every_state_is_told_by_an_event(state):
    assert events_into(state)


def test_only_a_draft_is_offered_for_the_first_time():
    assert OFFER.sources == (HandoffState.DRAFT,)


def steps_as_states(step):
    return HandoffState(step[0]), HandoffState(step[1])

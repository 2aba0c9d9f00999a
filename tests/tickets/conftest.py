"""A handoff on its way: between whom, offered on a Tuesday at ten, and taken in time."""

import pytest

from tests.factories.parties import TAKEN_IN_TIME, make_offer, make_parties
from tickets.actions import handoffs


@pytest.fixture
def parties():
    return make_parties()


@pytest.fixture
def offered(parties):
    return make_offer(parties)


@pytest.fixture
def accepted(parties, offered):
    return handoffs.accept_handoff(offered, by=parties.csm, at=TAKEN_IN_TIME)

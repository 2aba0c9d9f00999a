"""Two people save one ticket at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from supportsuccess.errors import Refused
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import ASKED_DIMENSIONS, Labeling

RACERS = 8


def save_at_once(ticket, people):
    barrier = Barrier(len(people))

    def save(person):
        barrier.wait()
        try:
            answer_nothing_unusual(ticket, by=person, at=timezone.now(), seen=0)
        except Refused as refusal:
            return refusal.message
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(save, people))


@pytest.mark.django_db(transaction=True)
def test_of_people_who_save_at_once_one_wins_and_the_others_are_told_who():
    ticket = TicketFactory()
    people = [UserFactory() for _ in range(RACERS)]

    told = save_at_once(ticket, people)

    winner = Labeling.objects.first().by
    assert told.count("") == 1
    assert sum(f"{winner} answered" in message for message in told) == RACERS - 1
    assert Labeling.objects.count() == len(ASKED_DIMENSIONS)

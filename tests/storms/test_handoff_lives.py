"""Many more random lives of handoffs than the suite has time for."""

import pytest

from tests.tickets.test_handoff_machine import live

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600)]


def test_whatever_many_people_do_the_contract_holds(is_small):
    live(examples=20 if is_small else 400, steps=50)

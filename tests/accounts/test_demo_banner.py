from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation
from tests.factories.base import make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def page(client, **organisation):
    make(Organisation, pk=1, name="Larkfield Systems", **organisation)
    client.force_login(UserFactory(name="Mina Okafor"))
    return client.get("/").content.decode()


def test_a_demo_says_so_and_whom_one_is(client):
    shown = page(client, is_demo=True, demo_day=timezone.now().date())

    assert "Larkfield Systems, its people and its customers are invented" in shown
    assert "You are Mina Okafor" in shown
    assert "demo --reset" not in shown


def test_a_demo_of_days_ago_offers_to_move_to_today(client):
    shown = page(client, is_demo=True, demo_day=timezone.now().date() - timedelta(days=5))

    assert "demo --reset" in shown


def test_a_real_company_is_no_demo(client):
    assert "invented" not in page(client, is_demo=False)

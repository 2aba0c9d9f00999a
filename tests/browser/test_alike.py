"""Alike tickets on the label panel: one key answers them all, by keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Labeling, Ticket


@pytest.fixture
def tickets(desk, sign_in):
    """Three of the outage and another, the newest first."""
    sign_in(desk(UserFactory, name="Mina Roth"))
    team, now = desk(TeamFactory), timezone.now()
    subjects = (*["Nothing syncs this morning"] * 3, "Invoice is late")
    return [
        desk(TicketFactory, subject=subject, team=team, opened_at=now - timedelta(hours=hours))
        for hours, subject in enumerate(subjects, start=1)
    ]


def groups():
    return Labeling.objects.values("audit_group").distinct().count()


def due_numbers():
    return [ticket.number for ticket in Ticket.objects.due()]


def test_one_key_answers_all_that_are_marked_and_z_takes_all_back(*, page, desk, tickets, axe):
    page.goto("/inbox/")
    for key in "jl":
        page.keyboard.press(key)
    expect(page.locator(".alike input:checked")).to_have_count(2)
    axe(page)

    for key in "wbfmu":
        page.keyboard.press(key)
    page.keyboard.press("A")
    last = page.locator("[data-label-panel]")
    expect(last).to_have_attribute("data-ticket", str(tickets[3].pk))

    assert (desk(groups), desk(due_numbers)) == (1, [tickets[3].number])
    expect(page.locator("tr[data-done]")).to_have_count(3)
    page.keyboard.press("z")
    expect(last).to_have_attribute("data-ticket", str(tickets[0].pk))
    assert len(desk(due_numbers)) == 4


def test_enter_answers_the_one_ticket_alone(*, page, desk, tickets):
    page.goto("/inbox/")
    for key in "jl":
        page.keyboard.press(key)
    expect(page.locator(".alike input:checked")).to_have_count(2)

    for key in ("w", "b", "f", "m", "u", "Enter"):
        page.keyboard.press(key)
    panel = page.locator("[data-label-panel]")
    expect(panel).to_have_attribute("data-ticket", str(tickets[1].pk))

    assert len(desk(due_numbers)) == 3

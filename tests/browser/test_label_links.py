"""The label panel beside the helpdesk: a narrow window, the keys alone, one request."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import COLOUR_RULES
from tests.browser.test_labelling import Keyboard, learning_of, slugs_of
from tests.factories.people import UserFactory
from tests.factories.tickets import MessageFactory, TicketFactory
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import Learning

BESIDE = {"width": 380, "height": 760}
FIVE_KEYS = "wbfmu"  # workaround, bug, frustrated, a competitor, hard to use


@pytest.fixture
def agent(desk, sign_in):
    person = desk(UserFactory, name="Mina Roth")
    sign_in(person)
    return person


@pytest.fixture
def ticket(desk):
    made = desk(TicketFactory, number="INC-47", url="https://helpdesk.example/47")
    desk(MessageFactory, ticket=made)
    desk(TicketFactory, opened_at=timezone.now() - timedelta(days=1))
    return made


@pytest.fixture
def keyboard(page):
    return Keyboard(page)


def open_link(page, name):
    page.set_viewport_size(BESIDE)
    page.goto(f"/label/?source=test&id={name}")


def requests_of(page):
    """What the page asks for, its icon not counted, which Chromium fetches when it likes."""
    sent = []
    page.on("request", lambda request: "/static/" in request.url or sent.append(request.url))
    return sent


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= BESIDE["width"]


def test_five_dimensions_take_six_keys_and_one_request(*, page, desk, agent, ticket, keyboard):
    open_link(page, "inc-47")
    sent = requests_of(page)

    keyboard.press([*FIVE_KEYS, "Enter"])
    expect(page.get_by_text("Answered by Mina Roth")).to_be_visible()

    assert keyboard.presses == 6
    assert len(sent) == 1
    assert len(desk(slugs_of, ticket)) == 5


def test_common_case_takes_one_key_and_stays(*, page, desk, agent, ticket, keyboard):
    open_link(page, "INC-47")
    sent = requests_of(page)

    keyboard.press("n")
    expect(page.get_by_text("INC-47 labelled")).to_be_visible()
    expect(page.locator("[data-label-panel]")).to_have_attribute("data-ticket", str(ticket.pk))

    assert (keyboard.presses, len(sent)) == (1, 1)
    expect(page.get_by_role("link", name="Next due ticket")).to_be_visible()
    assert desk(learning_of, ticket) == Learning.ANSWERED


def test_z_takes_it_back_and_the_link_stays_open(*, page, desk, agent, ticket, keyboard):
    open_link(page, "INC-47")
    keyboard.press("n")
    expect(page.get_by_text("INC-47 labelled")).to_be_visible()

    keyboard.press("z")
    expect(page.get_by_text("INC-47 is as it was before.")).to_be_visible()

    assert "/label/?source=test&id=INC-47" in page.url
    assert desk(learning_of, ticket) == Learning.DUE


def test_v_goes_back_to_the_helpdesk(*, page, agent, ticket, keyboard):
    page.context.route("https://helpdesk.example/**", lambda route: route.fulfill(body="Ticket 47"))
    open_link(page, "INC-47")

    with page.context.expect_page() as opened:
        keyboard.press("v")

    assert opened.value.url == "https://helpdesk.example/47"


def test_ticket_that_has_come_is_found_by_trying_again(*, page, desk, agent, keyboard):
    open_link(page, "late")
    expect(page.get_by_role("link", name="Try again")).to_be_focused()
    late = desk(TicketFactory, external_id="late")

    keyboard.press(["Enter"])

    expect(page.locator("[data-label-panel]")).to_have_attribute("data-ticket", str(late.pk))


def test_one_of_several_is_chosen_by_its_key(*, page, desk, agent, keyboard):
    older, _ = (
        desk(TicketFactory, number="47", external_id=f"{n}", opened_at=day)
        for n, day in enumerate([timezone.now() - timedelta(days=9), timezone.now()])
    )
    open_link(page, "47")

    keyboard.press("2")

    expect(page.locator("[data-label-panel]")).to_have_attribute("data-ticket", str(older.pk))


def test_answered_panel_is_sound_in_a_narrow_window(*, page, desk, agent, ticket, axe):
    desk(answer_nothing_unusual, ticket, by=agent, at=timezone.now())
    open_link(page, "INC-47")

    assert fits(page)
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page, rules=COLOUR_RULES)

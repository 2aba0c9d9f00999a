"""What a person meets at the edges: a session that ended, a dialog that closed, a wrong field."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actions.renewals import decide_renewals
from accounts.models import Call, Role
from tests.browser.test_renewals import book_of_two, state_of
from tests.factories.base import change
from tests.factories.handoffs import HandoffFactory
from tests.factories.parties import make_offer, make_parties
from tests.factories.people import UserFactory

PASSWORD = "correct horse battery staple"  # noqa: S105 - the database is thrown away


@pytest.fixture
def csm(*, desk, sign_in):
    user = desk(book_of_two)
    sign_in(user)
    return user


def with_password(user):
    change(user, password=make_password(PASSWORD))
    return type(user).objects.get(pk=user.pk)


def open_at_risk(page):
    page.keyboard.press("j")
    page.keyboard.press("3")
    expect(page.get_by_role("textbox", name="Next step")).to_be_focused()


def test_text_waits_for_the_sign_in(*, page, desk, sign_in, csm):
    sign_in(desk(with_password, csm))
    page.goto("/renewals/?owner=all")
    open_at_risk(page)
    page.keyboard.type("Ask who decides")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("By").fill("fri")
    page.keyboard.press("Enter")
    page.get_by_label("Email").fill(csm.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/renewals/?owner=all")

    open_at_risk(page)

    expect(page.get_by_role("textbox", name="Next step")).to_have_value("Ask who decides")


def test_a_button_after_the_session_leads_back_to_its_page(*, page, desk, sign_in):
    agent = desk(UserFactory, role=Role.AGENT)
    handoff = desk(HandoffFactory, sender=agent)
    sign_in(desk(with_password, agent))
    page.goto(f"/handoffs/{handoff.pk}/")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Withdraw").last.click()
    page.get_by_label("Email").fill(agent.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/handoffs/{handoff.pk}/")
    expect(page.get_by_text("What you pressed was not done.")).to_be_visible()


def test_the_keys_go_on_from_the_row_when_a_dialog_closes(page, csm):
    page.goto("/renewals/?owner=all")
    open_at_risk(page)
    page.keyboard.type("Call")
    page.keyboard.press("Tab")
    page.keyboard.type("fri")
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("tr[data-last] [data-row-link]")).to_be_focused()


def test_a_wrong_field_is_where_one_stands(page, csm):
    page.goto("/renewals/?owner=all")
    open_at_risk(page)
    page.keyboard.type("Call")
    page.get_by_label("By").fill("banana")
    page.keyboard.press("Enter")

    expect(page.locator("dialog [aria-invalid=true]")).to_be_focused()


def decide_elsewhere(name, *, by):
    renewal = state_of(name)
    decide_renewals(
        {renewal.pk: renewal.version},
        call=Call.AT_RISK,
        next_step="Call their sponsor",
        next_step_on=timezone.now().date() + timedelta(days=3),
        by=by,
        at=timezone.now(),
    )


def meet_a_conflict(page, desk, csm):
    page.goto("/renewals/")
    open_at_risk(page)
    page.keyboard.type("Ask who decides")
    page.get_by_label("By").fill("+7")
    desk(decide_elsewhere, "Halden Lifts", by=csm)
    page.keyboard.press("Enter")


def test_a_decision_that_somebody_else_changed_shows_both_and_is_sent_again(page, desk, csm):
    meet_a_conflict(page, desk, csm)
    told = page.get_by_role("alert").filter(has_text="You changed it in another window")
    expect(told).to_contain_text("At risk, next step “Call their sponsor” by")
    page.get_by_role("textbox", name="Next step").press("Enter")

    expect(page.get_by_text("Halden Lifts: at risk")).to_be_visible()
    assert desk(state_of, "Halden Lifts").next_step == "Ask who decides"


def test_text_that_met_a_conflict_is_there_when_the_form_opens_again(page, desk, csm):
    meet_a_conflict(page, desk, csm)
    expect(page.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("3")

    expect(page.get_by_role("textbox", name="Next step")).to_have_value("Ask who decides")
    expect(page.get_by_text("It says now: Call their sponsor")).to_be_visible()


@pytest.mark.parametrize("key", ["1", "3", "n", "t"])
def test_focus_is_on_the_row_when_its_dialog_has_closed(page, csm, key):
    page.goto("/renewals/")
    page.keyboard.press("j")
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    if key in "3n":
        page.get_by_role("textbox", name="Next step").fill("Walk them through the fix")
        page.get_by_label("By").fill("+7")

    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_be_hidden()
    row = page.locator("tr[data-row]").filter(has_text="Halden Lifts")
    expect(row.locator("[data-row-link]")).to_be_focused()


def test_focus_goes_to_the_field_that_is_wrong(page, csm):
    page.goto("/renewals/")
    open_at_risk(page)
    page.get_by_role("textbox", name="Next step").fill("Walk them through the fix")
    page.get_by_label("By").fill("soon")

    page.keyboard.press("Enter")

    expect(page.get_by_text("Not a day.")).to_be_visible()
    expect(page.get_by_label("By")).to_be_focused()


def test_focus_goes_to_the_field_that_is_wrong_on_a_page(page, desk, csm):
    page.goto(f"/renewals/{desk(state_of, 'Halden Lifts').pk}/at-risk/")
    page.get_by_role("textbox", name="Next step").fill("Walk them through the fix")
    page.get_by_label("By").fill("soon")

    page.keyboard.press("Enter")

    expect(page.get_by_label("By")).to_be_focused()


def test_help_names_a_button_without_its_key(page, desk, sign_in):
    parties = desk(make_parties)
    offered = desk(make_offer, parties, at=timezone.now() - timedelta(hours=1))
    sign_in(parties.csm)
    page.goto(offered.get_absolute_url())

    page.keyboard.press("?")

    expect(page.get_by_role("dialog").get_by_text("Accept", exact=True)).to_be_visible()

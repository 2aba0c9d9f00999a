"""A form whose sending fails: its text stays, and it is sent again as the same operation."""

from urllib.parse import parse_qs

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Touch
from supportsuccess.bulk.choice import WAITED_FOR
from supportsuccess.outbox.models import Job
from tests.browser.test_renewals import book_of_two, state_of
from tests.factories.parties import make_parties
from tests.factories.tickets import TicketFactory
from tickets.models import Handoff

NEED = "They ask for a plan by Friday."
BACK_SOON = "<h1>Back in a moment</h1>"
EXPECTED = ("503", "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
BANNER = "You are offline; nothing was lost."


@pytest.fixture
def parties(desk, sign_in):
    found = desk(make_parties)
    sign_in(found.agent)
    return found


@pytest.fixture
def form(page, parties):
    """The page on which something is handed over, its text typed."""
    page.goto(f"{reverse('tickets:handoff_new')}?customer={parties.customer.pk}")
    page.get_by_label("What the customer needs").fill(NEED)
    return page


@pytest.fixture
def sent(page):
    """The operation ids with which something was posted, in their order."""
    ids = []

    def note(request):
        if request.method == "POST" and "operation_id=" in (request.post_data or ""):
            ids.extend(parse_qs(request.post_data)["operation_id"])

    page.on("request", note)
    return ids


@pytest.fixture(autouse=True)
def expected(complaints):
    """What browsers write about the failures that these tests make."""
    yield
    complaints[:] = [text for text in complaints if not any(part in text for part in EXPECTED)]


def fail_once(page, path):
    """The next post there meets a server that is starting."""
    answers = iter([{"status": 503, "body": BACK_SOON, "content_type": "text/html"}])

    def meet(route):
        answer = next(answers, None) if route.request.method == "POST" else None
        route.fulfill(**answer) if answer else route.continue_()

    page.route(path, meet)


def back(page):
    """As by the browser's button; `go_back` waits for a load, which a kept page does not have."""
    page.evaluate("history.back()")


def hand_over(page):
    page.get_by_role("button", name="Hand over").click()


def decide(page):
    page.get_by_role("textbox", name="Next step").press("Enter")


def test_after_a_503_the_page_before_sends_the_same_operation(*, form, sent, desk):
    fail_once(form, "**/handoffs/new/**")
    hand_over(form)
    expect(form.get_by_role("heading", name="Back in a moment")).to_be_visible()
    back(form)
    expect(form.get_by_label("What the customer needs")).to_have_value(NEED)
    hand_over(form)

    expect(form.get_by_text("Offered to Ines Duarte.")).to_be_visible()
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert desk(Handoff.objects.count) == 1


def test_a_reload_of_the_503_sends_the_same_operation(*, form, sent, desk):
    fail_once(form, "**/handoffs/new/**")
    hand_over(form)
    expect(form.get_by_role("heading", name="Back in a moment")).to_be_visible()

    form.reload()

    expect(form.get_by_text("Offered to Ines Duarte.")).to_be_visible()
    assert sent[0] == sent[1]


def test_a_dialog_that_met_a_503_sends_the_same_operation(*, page, sent, desk, sign_in):
    sign_in(desk(book_of_two))
    page.goto("/renewals/")
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.get_by_role("textbox", name="Next step").fill("Walk them through the fix")
    page.get_by_label("By").fill("+7")
    fail_once(page, "**/at-risk/**")
    decide(page)
    expect(page.get_by_text("The service is busy or restarting")).to_be_visible()
    decide(page)

    expect(page.locator("tr[data-row]").filter(has_text="At risk")).to_have_count(1)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert desk(state_of, "Halden Lifts").next_step == "Walk them through the fix"


def test_what_is_changed_after_a_503_is_another_operation(*, form, sent):
    fail_once(form, "**/handoffs/new/**")
    hand_over(form)
    back(form)
    form.get_by_label("What the customer needs").fill(f"{NEED} And a price.")
    hand_over(form)

    expect(form.get_by_text("Offered to Ines Duarte.")).to_be_visible()
    assert sent[0] != sent[1]


NOTE_KEPT = "addEventListener('pageshow', (event) => { window.wasKept = event.persisted; });"
NOT_KEPT = "addEventListener('unload', () => {});"  # such a page is asked for again
KEPT = pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "asked-again"])


@pytest.fixture
def touch(page, parties):
    """The page on which a touch is logged, its note typed."""
    page.add_init_script(NOTE_KEPT)
    page.goto("/customers/")
    page.goto(reverse("insights:customer_touch", args=[parties.customer.pk]))
    page.get_by_role("textbox", name="Note").fill(NEED)
    return page


def log_it(page):
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("button", name="Log it")).to_be_hidden()


@KEPT
def test_what_was_done_and_is_sent_again_after_back_is_done_once(*, touch, desk, is_kept):
    if not is_kept:
        touch.evaluate(NOT_KEPT)
    log_it(touch)
    back(touch)
    expect(touch.get_by_role("textbox", name="Note")).to_have_value(NEED)
    assert touch.evaluate("wasKept") == is_kept
    log_it(touch)

    assert desk(Touch.objects.count) == 1


@KEPT
def test_what_is_changed_after_back_is_done_too(*, touch, desk, is_kept):
    if not is_kept:
        touch.evaluate(NOT_KEPT)
    log_it(touch)
    back(touch)
    touch.get_by_role("textbox", name="Note").fill(f"{NEED} And a price.")
    log_it(touch)

    assert desk(Touch.objects.count) == 2


def test_a_dialog_that_led_away_and_is_sent_again_after_back_is_done_once(*, page, parties, desk):
    desk(TicketFactory.create_batch, WAITED_FOR + 1)
    page.goto("/inbox/?sort=opened")
    page.locator("tbody .pick input").first.check()
    bar = page.get_by_role("form", name="Selected rows")
    bar.get_by_role("checkbox", name=f"All {WAITED_FOR + 1} due tickets").check()
    bar.get_by_role("button", name="Nothing unusual").click()
    button = page.get_by_role("dialog").get_by_role("button", name="Nothing unusual")
    button.click()
    page.wait_for_url("**/jobs/*/")
    back(page)
    button.click()
    page.wait_for_url("**/jobs/*/")

    assert desk(Job.objects.count) == 1


def test_what_is_sent_again_from_a_page_opened_anew_is_done_again(*, touch, desk):
    address = touch.url
    log_it(touch)
    touch.goto(address)
    touch.get_by_role("textbox", name="Note").fill(NEED)
    log_it(touch)

    assert desk(Touch.objects.count) == 2


def test_without_a_connection_a_form_waits_and_is_sent_with_the_next(*, form, sent, desk):
    form.context.set_offline(True)
    hand_over(form)
    expect(form.get_by_role("alert").filter(has_text=BANNER)).to_contain_text("goes out when")
    expect(form.get_by_label("What the customer needs")).to_have_value(NEED)
    assert desk(Handoff.objects.count) == 0
    form.context.set_offline(False)

    expect(form.get_by_text("Offered to Ines Duarte.")).to_be_visible()
    assert desk(Handoff.objects.count) == 1


def test_without_a_connection_a_list_says_so_until_it_is_back(*, page, parties):
    page.goto("/tickets/")
    page.context.set_offline(True)
    banner = page.get_by_role("alert").filter(has_text=BANNER)
    expect(banner).to_be_visible()

    page.context.set_offline(False)

    expect(banner).to_be_hidden()


def test_wrong_input_keeps_the_text(form):
    form.get_by_label("Priority").evaluate("(field) => field.removeAttribute('required')")
    form.get_by_label("Type").evaluate("(field) => { field.options[1].value = 'nonsense'; }")
    form.get_by_label("Type").select_option(index=1)
    hand_over(form)

    expect(form.locator("[aria-invalid=true]").first).to_be_visible()
    expect(form.get_by_label("What the customer needs")).to_have_value(NEED)


def test_two_quick_clicks_do_it_once(*, form, sent, desk):
    button = form.get_by_role("button", name="Hand over")

    button.dblclick(no_wait_after=True)

    expect(form.get_by_text("Offered to Ines Duarte.")).to_be_visible()
    assert len(sent) == 1
    assert desk(Handoff.objects.count) == 1

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.factories.people import UserFactory

GUIDE = "/styleguide/"


def open_guide(page):
    page.goto(GUIDE)
    return page


def current_row(page):
    return page.locator("tr[data-last] .row-link")


def turn_keys(page, state):
    page.keyboard.press("?")
    page.get_by_role("button", name=f"Turn them {state}").click()
    expect(page.locator("html")).to_have_attribute("data-keys", state)
    page.wait_for_load_state()


def test_keys_move_select_and_open_rows(page):
    open_guide(page)

    for key in ("j", "j", "k", "x"):
        page.keyboard.press(key)
    expect(current_row(page)).to_contain_text("Halden Lifts")
    expect(page.locator("tbody :checked")).to_have_value("1")
    expect(page.locator("[data-picked=sample]")).to_contain_text("1 selected")
    page.keyboard.press("Enter")

    page.wait_for_url("**/styleguide/1/")


def test_keys_peek_at_a_row_and_close_it_again(page):
    open_guide(page)

    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#panel h2")).to_have_text("Halden Lifts")
    assert page.url.endswith("?peek=1")
    page.keyboard.press("Escape")

    expect(page.locator("#panel h2")).to_have_count(0)
    assert "peek" not in page.url
    expect(page.locator("tr[data-row='1'] .row-link")).to_be_focused()


def test_a_pasted_address_opens_the_same_panel(page):
    page.goto(f"{GUIDE}?peek=4")

    expect(page.locator("#panel h2")).to_have_text("Kestrel Group · Nordics")


def test_row_key_opens_its_page_in_the_panel(page):
    open_guide(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")

    expect(page.locator("#panel h2")).to_have_text("Aster Rail")


def test_keys_are_text_while_one_types(page):
    open_guide(page)

    page.keyboard.press("/")
    page.keyboard.type("jx?")

    expect(page.locator("input[name=q]")).to_have_value("jx?")
    expect(current_row(page)).to_have_count(0)
    expect(page.locator("#keys-dialog")).to_be_hidden()


def test_escape_leaves_a_field_so_that_keys_work_again(page):
    open_guide(page)

    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.keyboard.press("j")

    expect(current_row(page)).to_have_count(1)


def test_keys_do_nothing_behind_a_dialog(page):
    open_guide(page)

    page.keyboard.press("d")
    expect(page.locator("#sample-dialog")).to_be_visible()
    page.keyboard.press("j")

    expect(current_row(page)).to_have_count(0)


def test_question_mark_lists_the_keys_valid_here(page, axe):
    open_guide(page)

    page.keyboard.press("?")

    dialog = page.locator("#keys-dialog")
    expect(dialog).to_be_visible()
    for words in ("Next row", "Peek at the row", "Show in the panel", "Filter", "Undo"):
        expect(dialog.get_by_text(words, exact=True).first).to_be_visible()
    axe(page)


def test_keys_can_be_turned_off_and_on(page):
    open_guide(page)

    turn_keys(page, "off")
    page.keyboard.press("j")
    expect(current_row(page)).to_have_count(0)
    turn_keys(page, "on")
    page.keyboard.press("j")

    expect(current_row(page)).to_have_count(1)


def test_theme_is_chosen_before_the_first_paint_and_kept(page):
    open_guide(page)

    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark", exact=True).click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{GUIDE}?again")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 24)"


def test_menu_on_a_phone_is_a_drawer(new_context, axe):
    page = new_context(viewport=PHONE).new_page()
    open_guide(page)

    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()

    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    axe(page)


def test_text_of_a_form_survives_leaving_the_page(page):
    open_guide(page)
    page.get_by_label("What does the customer need?").first.fill("Sync fails since 4.2")

    page.goto(f"{GUIDE}?again")

    expect(page.get_by_label("What does the customer need?").first).to_have_value(
        "Sync fails since 4.2"
    )


def test_lost_connection_is_told_in_a_toast(page):
    open_guide(page)

    page.evaluate(
        """document.body.dispatchEvent(new CustomEvent("htmx:sendError", {bubbles: true,
             detail: {xhr: {status: 0}}}))"""
    )

    expect(page.locator("#toasts")).to_contain_text("No connection. Nothing was lost")


def test_first_tab_skips_to_the_content(page):
    open_guide(page)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_toast_is_undone_with_z(page):
    open_guide(page)
    page.route("**/undo/7/", lambda route: route.fulfill(body="undone"))
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("toast", {detail: {toasts: [
             {text: "Handed over to Rob Maier", level: "success", undo: "/undo/7/"}]}}))"""
    )
    expect(page.locator("#toasts")).to_contain_text("Handed over to Rob Maier")

    with page.expect_request("**/undo/7/") as caught:
        page.keyboard.press("z")

    assert caught.value.method == "POST"
    assert "operation_id=" in caught.value.post_data


def test_toast_is_dismissed(page):
    open_guide(page)
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("toast",
             {detail: {toasts: [{text: "<b>Already accepted</b>", level: "error"}]}}))"""
    )
    toast = page.locator("#toasts [data-toast]")
    expect(toast).to_contain_text("<b>Already accepted</b>")

    toast.get_by_role("button", name="Dismiss").click()

    expect(toast).to_have_count(0)


def test_form_is_sent_once_however_often_one_clicks(page):
    open_guide(page)
    sent = []

    def keep(route):
        sent.append(route.request)
        route.fulfill(status=204)

    page.route("**/slow/", keep)
    page.evaluate(
        """document.querySelector("form[data-keep]").setAttribute("action", "/slow/");
           document.querySelector("form[data-keep]").method = "post";"""
    )
    page.get_by_label("What does the customer need?").first.fill("Once")

    page.evaluate(
        """const button = document.querySelector("form[data-keep] .button-primary");
           for (let i = 0; i < 3; i += 1) button.click();"""
    )

    expect(page.locator("form[data-keep]")).to_have_attribute("aria-busy", "true")
    assert len(sent) == 1


def test_menu_opens_below_its_button_and_closes_with_escape(page, axe):
    open_guide(page)

    page.get_by_role("button", name="Theme").click()
    menu = page.locator("#theme-menu")
    expect(menu).to_be_visible()
    button = page.get_by_role("button", name="Theme").bounding_box()
    assert menu.bounding_box()["y"] >= button["y"] + button["height"] - 1
    axe(page)
    page.keyboard.press("Escape")

    expect(menu).to_be_hidden()


def test_expired_session_leads_to_the_sign_in_page_and_back(page, desk, sign_in):
    sign_in(desk(UserFactory))
    open_guide(page)
    page.context.clear_cookies()

    page.evaluate("htmx.ajax('GET', '/accounts/sessions/', {target: '#panel'})")

    page.wait_for_url("**/accounts/login/?next=%2Fstyleguide%2F")

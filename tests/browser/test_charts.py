from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from insights.models import ScorecardMeasure
from tests.browser.conftest import PHONE, WIDE
from tests.factories.base import make
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import CurrentHealthFactory, HealthSnapshotFactory

GUIDE = "/styleguide/"
SENTENCE = "−23: reopens −20, missing data −3"
LEAST_TEXT = """() => Math.min(...Array.from(document.querySelectorAll(".chart-drawing text"),
    (text) => parseFloat(getComputedStyle(text).fontSize)
        * text.ownerSVGElement.getBoundingClientRect().width / 480))"""
OUTSIDE = """() => Array.from(document.querySelectorAll(".chart-drawing text")).filter((text) => {
    const [own, all] = [text, text.ownerSVGElement].map((it) => it.getBoundingClientRect());
    return own.width && (own.left < all.left - 1 || own.right > all.right + 1);
}).map((text) => text.textContent)"""


@pytest.fixture
def customer(desk):
    """One whose reopened tickets took twenty points in six weeks."""
    health = desk(
        CurrentHealthFactory,
        customer=desk(CustomerFactory),
        score=Decimal(58),
        contributions={"reopen_rate": {"score": 0, "weight": 1, "contribution": 58, "reading": 1}},
        change={
            "sentence": SENTENCE,
            "since": "2026-10-01",
            "from": 81,
            "parts": [{"key": "reopen_rate", "effect": -20}, {"key": "missing", "effect": -3}],
        },
    )
    desk(
        make,
        ScorecardMeasure,
        version=health.version,
        key="reopen_rate",
        group="support",
        weight=10,
        curve=[[0, 100], [1, 0]],
    )
    for ago, score in ((100, 85), (90, 81), (40, 81), (12, None), (3, 58)):
        day = timezone.now().date() - timedelta(days=ago)
        desk(HealthSnapshotFactory, customer=health.customer, day=day, score=score)
    return health.customer


def health_url(customer):
    return f"/customers/{customer.pk}/health/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_health_is_legible_and_accessible(
    *, new_context, desk, sign_in, axe, customer, scheme, viewport
):
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    sign_in(desk(UserFactory, role=Role.CSM), context=page.context)

    page.goto(health_url(customer))
    page.get_by_text("Show the numbers").first.click()

    assert page.evaluate(LEAST_TEXT) >= 11
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    axe(page)


@pytest.mark.parametrize("width", [390, 320])
def test_every_form_is_legible_on_a_phone(new_context, width):
    page = new_context(viewport={"width": width, "height": 844}).new_page()

    page.goto(GUIDE)

    assert page.evaluate(LEAST_TEXT) >= 11
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_form_is_accessible_with_its_numbers(*, new_context, axe, scheme, viewport):
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    page.goto(GUIDE)

    for summary in page.get_by_text("Show the numbers").all():
        summary.click()

    axe(page)


def test_numbers_open_by_keyboard(page):
    page.goto(GUIDE)
    chart = page.locator("#light-bars")
    expect(chart.get_by_role("table")).to_be_hidden()

    chart.locator("summary").focus()
    page.keyboard.press("Enter")

    expect(chart.get_by_role("row", name="Defect")).to_contain_text("14 % to 26 %")


def test_a_mark_is_reached_and_followed_by_keyboard(page):
    page.goto(GUIDE)
    mark = page.locator("#light-waterfall").get_by_role("link", name="reopens: −11 points")

    mark.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    ring = mark.locator(".chart-area").evaluate("area => getComputedStyle(area).strokeWidth")
    page.keyboard.press("Enter")

    assert ring == "3px"
    page.wait_for_url("**/styleguide/?measure=reopens")


def test_a_cause_opens_its_measure(*, page, desk, sign_in, customer):
    sign_in(desk(UserFactory, role=Role.CSM))
    page.goto(health_url(customer))

    page.get_by_role("link", name="reopens: −20.0 points").focus()
    page.keyboard.press("Enter")

    expect(page.locator("tr:target")).to_contain_text("Reopened tickets")


def test_charts_keep_their_shapes_in_forced_colours(new_context):
    page = new_context(forced_colors="active").new_page()

    page.goto(GUIDE)

    bar = page.locator("#light-columns .chart-bar").first
    assert bar.evaluate("bar => getComputedStyle(bar).fill") != "none"
    fall, rise = (page.locator(f"#light-waterfall .chart-{way}").first for way in ("fall", "rise"))
    fills = [it.evaluate("bar => getComputedStyle(bar).fill") for it in (fall, rise)]
    assert fills[0] != fills[1]

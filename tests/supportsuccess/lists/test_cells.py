from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.utils.safestring import SafeString, mark_safe

from supportsuccess.lists import cells

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOSTILE = "\"><script>alert(1)</script>'&{}"


def structure_of(html):
    """The tags with the names of their attributes: what hostile text must not change."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append(
        (tag, [name for name, _ in attributes])
    )
    parser.feed(html)
    return found


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("950", "950"),
        ("999.49", "999"),
        ("999.50", "1k"),
        ("1234", "1.23k"),
        ("9996", "10k"),
        ("12340", "12.3k"),
        ("312000", "312k"),
        ("999499", "999k"),
        ("999500", "1M"),
        ("1250000", "1.25M"),
        ("12900000", "12.9M"),
        ("-9800", "−9.8k"),
    ],
)
def test_compact_keeps_three_digits(amount, text):
    assert cells.compact(Decimal(amount)) == text


def test_money_is_short_and_exact_on_hover():
    cell = cells.money(Decimal("312000.50"), currency="EUR")

    assert cell == '<span class="money" title="€312,000.50">€312k</span>'


def test_money_puts_the_sign_before_the_currency():
    assert ">−CHF 9.8k<" in cells.money(Decimal(-9800), currency="CHF")


@pytest.mark.parametrize(
    "cell",
    [
        cells.money(None, currency="EUR"),
        cells.number(None),
        cells.percent(None),
        cells.day(None),
        cells.due(None, today=TODAY),
        cells.days_from(None, today=TODAY),
        cells.age(None, now=NOW),
        cells.ago(None, now=NOW),
    ],
)
def test_unknown_value_is_never_zero(cell):
    assert cell == cells.UNKNOWN


@pytest.mark.parametrize(
    ("days", "text", "tone"),
    [
        (9, "in 9 d", "due-soon"),
        (14, "in 14 d", "due-soon"),
        (15, "in 15 d", "due"),
        (0, "today", "due-soon"),
        (-3, "3 d ago", "due-past"),
    ],
)
def test_due_says_how_far_and_how_urgent(days, text, tone):
    cell = cells.due(TODAY + timedelta(days=days), today=TODAY)

    assert f">{text}<" in cell
    assert f'class="{tone}"' in cell


def test_due_gives_the_day_on_hover():
    assert 'title="Wed 11 Mar 2026"' in cells.due(date(2026, 3, 11), today=TODAY)


def test_days_from_never_warns():
    assert 'class="due"' in cells.days_from(date(2026, 2, 1), today=TODAY)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=59), "59 d"),
        (timedelta(days=140), "4 mo"),
        (timedelta(days=730), "2 y"),
    ],
)
def test_duration_uses_its_largest_unit(length, text):
    assert cells.duration(length) == text


def test_ago_tells_past_and_future():
    assert ">50 min ago<" in cells.ago(NOW - timedelta(minutes=50), now=NOW)
    assert ">just now<" in cells.ago(NOW - timedelta(seconds=59), now=NOW)
    assert ">in 3 h<" in cells.ago(NOW + timedelta(hours=3), now=NOW)


def test_age_gives_the_moment_on_hover():
    assert 'title="Mon 2 Mar 2026, 08:30 UTC">60 min<' not in cells.age(NOW, now=NOW)
    assert 'title="Mon 2 Mar 2026, 08:30 UTC">1 h<' in cells.age(NOW - timedelta(hours=1), now=NOW)


def test_percent_and_number_use_a_real_minus():
    assert cells.percent(0.624) == "62\N{NO-BREAK SPACE}%"
    assert cells.percent(-0.05, places=1) == "−5.0\N{NO-BREAK SPACE}%"
    assert cells.number(-17216) == "−17,216"


def test_what_rounds_to_nothing_has_no_sign():
    assert cells.number(-0.001, places=1) == "0.0"
    assert cells.percent(-0.001) == "0\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("points", "text"), [(4, "+4"), (-23, "−23"), (Decimal("0.4"), "±0"), (0, "±0")]
)
def test_change_shows_its_sign(points, text):
    assert f">{text}<" in cells.change(points)


def test_change_is_empty_where_nothing_is_known():
    assert not cells.change(None)


def test_health_says_its_band_in_words():
    assert cells.health(58.4, band="yellow").count("Yellow") == 2
    assert ">58<" in cells.health(58.4, band="yellow")


def test_unknown_health_hides_a_score_that_means_nothing():
    assert "Unknown</span>" in cells.health(99, band="unknown")
    assert "99" not in cells.health(99, band="unknown")


@pytest.mark.parametrize(("done", "filled"), [(-1, 0), (0, 0), (3, 3), (9, 5)])
def test_dots_stay_within_bounds(done, filled):
    cell = cells.dots(done)

    assert f"dots-{filled}" in cell
    assert f'aria-label="{filled} of 5"' in cell


def test_person_has_initials_of_first_and_last_name():
    assert ">JB<" in cells.person("Jon van der Berg")
    assert ">A<" in cells.person("Aya")


def test_nobody_is_said():
    assert "Nobody" in cells.person("")


@pytest.mark.parametrize(
    "cell",
    [
        cells.badge,
        cells.person,
        cells.avatar,
        lambda text: cells.link(text, href=text),
        lambda text: cells.two_lines(text, second=text),
        lambda text: cells.money(Decimal(5), currency=text),
    ],
)
def test_hostile_text_is_escaped(cell):
    made = cell(HOSTILE)

    assert isinstance(made, SafeString)
    assert structure_of(made) == structure_of(cell("Plain"))


@pytest.mark.parametrize("cell", [cells.badge, cells.person, cells.avatar])
def test_trusted_text_leaves_no_door_open_for_the_same_text_untrusted(cell):
    cell(mark_safe("<i>same</i>"))

    assert "<i>" not in cell("<i>same</i>")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x"])
def test_link_leads_only_to_pages(href):
    assert cells.link("Ticket", href=href) == "Ticket"


def test_link_to_a_page_is_a_link():
    assert cells.link("A & B", href="/x/?a=1&b=2") == '<a href="/x/?a=1&amp;b=2">A &amp; B</a>'


def test_trend_is_told_to_screen_readers():
    assert '<span class="visually-hidden"> falling</span>' in cells.trend("down")


def test_no_cell_has_inline_style():
    made = [cells.trend("up"), cells.dots(3), cells.health(1, band="red"), cells.person("A B")]

    assert not any("style=" in cell for cell in made)

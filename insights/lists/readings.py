"""What a measure read of a customer, leading to the rows that it read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from supportsuccess.lists import cells
from supportsuccess.lists.html import html
from supportsuccess.lists.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.safestring import SafeString

    from insights.queries.health import CustomerHealth, Share

COUNT, RATE = "tickets_open_urgent", "tickets_reopened_90_days"


class Row(NamedTuple):
    """One measure of a score, with its reading as the page shows it."""

    share: Share
    reading: SafeString


def measured(health: CustomerHealth) -> list[Row]:
    """Every measure of a customer's score with what it read."""
    if health.as_of is None:
        return []
    return [
        Row(share, _reading(share, _places(health, at=health.as_of))) for share in health.shares
    ]


def _places(health: CustomerHealth, *, at: datetime) -> dict[str, str]:
    """Where the rows behind the readings are, by what measures call them."""
    lately, long_ago = (str(Period(at - timedelta(days=days), at)) for days in (30, 90))
    asked = {
        "tickets_open_urgent": {"only": "urgent"},
        "tickets_opened_30_days": {"opened": lately},
        "tickets_opened_90_days": {"opened": long_ago},
        "tickets_solved_90_days": {"first_solved": long_ago},
        "tickets_reopened_90_days": {"first_solved": long_ago, "only": "reopened"},
    }
    return {name: _tickets(health.customer_id, query) for name, query in asked.items()}


def _tickets(customer_id: int, query: Mapping[str, str]) -> str:
    return f"{reverse('tickets:tickets')}?{urlencode({'customer': str(customer_id), **query})}"


def _reading(share: Share, places: Mapping[str, str]) -> SafeString:
    if share.reading is None:
        return html('<span class="muted">missing</span>')
    unit = html('<span class="faint" data-number="term">{}</span>', share.unit)
    if share.drill_down == COUNT:
        return html("{} {}", cells.opens("count", share.figure, href=places[COUNT]), unit)
    if share.drill_down == RATE:
        return _rate(share, part=places[RATE], whole=places["tickets_solved_90_days"])
    return html("{} {}", _computed(share, places.get(share.drill_down, "")), unit)


def _rate(share: Share, *, part: str, whole: str) -> SafeString:
    """A share of some rows: the rows counted, and those that they are of."""
    return html(
        '<span data-number="rate"><a class="number" data-rate="part" href="{}">{}</a>'
        ' <a class="number faint" data-rate="whole" href="{}">{}</a></span>',
        part,
        share.figure,
        whole,
        share.unit,
    )


def _computed(share: Share, url: str) -> SafeString:
    """A reading that is neither a count nor a share, leading to the rows it is made from."""
    if not url:
        return html('<span data-number="left" data-left="{}">{}</span>', share.key, share.figure)
    marked = '<a class="number" data-number="left" data-left="{}" href="{}">{}</a>'
    return html(marked, share.key, url, share.figure)

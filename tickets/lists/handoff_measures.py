"""How handing over goes, for both sides: each figure with its interval, its number and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from supportsuccess.lists import cells
from supportsuccess.lists.html import html
from supportsuccess.rates import Rate
from tickets.models import HandoffOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from supportsuccess.lists.periods import Period
    from tickets.queries.handoff_measures import Figures

# of fewer no share is said
LEAST_EVENTS = 5
HOUR_MINUTES = 60
TOO_FEW = SafeString('<span class="faint">too few</span>')
DEFINITIONS = {
    "Offered": "Handoffs whose last offer lies in these days, drafts left out. A rate is a share of"
    " them, with Wilson's 95 % interval; of fewer than 5 no share is said.",
    "To acceptance": "Business time of the receiving team's calendar from the last offer to its"
    " acceptance: half of the accepted took no longer, then nine of ten.",
    "Accepted": "Accepted at least once ÷ offered.",
    "Questions": "The receiver asked at least one question ÷ offered.",
    "Returned": "Returned at least once ÷ offered.",
    "Bounced": "Returned at least twice, so that both leads decide ÷ offered.",
    "Came back": "One of the same customer and type had ended in the 90 days before ÷ offered.",
    "Useful": "Judged useful by the receiver ÷ judged at all.",
    "Outcomes": "What the receivers said became of those that are completed.",
}


RATES = {
    "Accepted": "accepted",
    "Questions": "asked",
    "Returned": "returned",
    "Bounced": "bounced",
    "Came back": "repeated",
}


class Measure(NamedTuple):
    """A figure of a team, with its rows and what it is."""

    label: str
    value: object
    definition: str


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of the contract, and the filter of the list that names its team."""

    id: str
    caption: str
    team_filter: str


RECEIVING = Side(id="receiving", caption="Teams that receive", team_filter="to_team")
OFFERING = Side(id="offering", caption="Teams that hand over", team_filter="from_team")


def side_of(side: Side, figures: Sequence[Figures], *, period: Period) -> dict[str, object]:
    """What the page says of one side: its teams, each with its measures."""
    teams = [(one.team, _measures(one, side=side, period=period)) for one in figures]
    return {"id": side.id, "caption": side.caption, "teams": teams}


def _measures(figures: Figures, *, side: Side, period: Period) -> list[Measure]:
    def rows_url(**asked: str) -> str:
        query = {"box": "all", "state": "all", "offered": str(period)}
        team = {side.team_filter: str(figures.team_id)}
        return f"{reverse('tickets:handoffs')}?{urlencode({**query, **team, **asked})}"

    def rate(part: str) -> object:
        shown = Rate(figures.happened[part], figures.offered)
        return _rate(shown, part_url=rows_url(happened=part), whole_url=rows_url())

    useful = Rate(figures.happened["useful"], figures.happened["judged"])
    shown = {
        "Offered": cells.opens("count", figures.offered, href=rows_url()),
        "To acceptance": _times(figures, href=rows_url(happened="accepted")),
        **{label: rate(part) for label, part in RATES.items()},
        "Useful": _rate(
            useful, part_url=rows_url(happened="useful"), whole_url=rows_url(happened="judged")
        ),
        "Outcomes": _outcomes(
            (HandoffOutcome(name).label, count, rows_url(outcome=name))
            for name, count in figures.outcomes.items()
        ),
    }
    return [Measure(label, value, DEFINITIONS[label]) for label, value in shown.items()]


def _rate(rate: Rate, *, part_url: str, whole_url: str) -> object:
    if rate.n < LEAST_EVENTS or rate.share is None or rate.interval is None:
        return TOO_FEW
    low, high = (round(100 * edge) for edge in rate.interval)
    return html(
        '<span data-number="rate"><a class="number" data-rate="part" href="{}">{}</a>'
        ' <span class="faint">{} to {} of <a class="number" data-rate="whole" href="{}">{}</a>'
        "</span></span>",
        part_url,
        cells.percent(rate.share),
        low,
        high,
        whole_url,
        rate.n,
    )


def _times(figures: Figures, *, href: str) -> object:
    half, most = figures.time_at(0.5), figures.time_at(0.9)
    if half is None or most is None or len(figures.times) < LEAST_EVENTS:
        return TOO_FEW
    words = f"{_hours(half)}, 9 of 10 in {_hours(most)}"
    return html(
        '<a class="number" data-number="left" data-left="acceptance_time" href="{}">{}</a>',
        href,
        words,
    )


def _hours(length: timedelta) -> str:
    """Business time in hours: a day of it is no day of the clock."""
    minutes = round(length.total_seconds() / HOUR_MINUTES)
    hours, rest = divmod(minutes, HOUR_MINUTES)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def _outcomes(outcomes: Iterable[tuple[str, int, str]]) -> object:
    lines = [
        (label, cells.opens("count", count, href=url)) for label, count, url in sorted(outcomes)
    ]
    return format_html_join(", ", "{} {}", lines) or cells.NOTHING

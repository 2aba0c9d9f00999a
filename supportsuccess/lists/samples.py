"""What the style guide shows: invented rows through the real components."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django import forms
from django.http import QueryDict

from supportsuccess.lists import cells, chart_samples, charts, empty
from supportsuccess.lists.cells import Band, Trend
from supportsuccess.lists.table import Column, FilledTable, RowKey, Table
from supportsuccess.lists.toolbar import Chip

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class SampleRow(NamedTuple):
    pk: int
    name: str
    tier: str
    arr: Decimal
    currency: str
    decision_on: date | None
    score: int | None
    band: Band
    moved: int | None
    why: str
    trend: Trend
    labelled: int
    owner: str
    seen_at: datetime
    state: str


ROWS = [
    SampleRow(
        1, "Halden Lifts", "Enterprise", Decimal(312000), "EUR", date(2026, 3, 11), 58, "yellow",
        -23, "reopens −11, champion left −8, competitor −4", "down", 4, "Rob Maier",
        NOW - timedelta(minutes=50), "Offered",
    ),
    SampleRow(
        2, "Aster Rail", "Enterprise", Decimal(186500), "GBP", date(2026, 3, 30), 81, "green", 2,
        "response speed +3, volume −1", "up", 5, "Ines Duarte", NOW - timedelta(days=3), "Accepted",
    ),
    SampleRow(
        3, "Northsound", "Mid-market", Decimal(42000), "USD", date(2026, 5, 19), None, "unknown",
        None, "no ticket and no touch for 140 days", "unknown", 0, "", NOW - timedelta(140), "",
    ),
    SampleRow(
        4, "Kestrel Group · Nordics", "Mid-market", Decimal(1250000), "EUR", date(2026, 2, 27), 31,
        "red", -9, "blocked since Tuesday −6, two critical tickets past target −3", "down", 2,
        "Mina Sato", NOW - timedelta(hours=5), "Returned",
    ),
    SampleRow(
        5, "Orchard Row", "Small", Decimal(9800), "EUR", TODAY, 77, "green", 0,
        "nothing moved", "flat", 5, "Pool Scale", NOW - timedelta(days=12), "",
    ),
]  # fmt: skip
STATE_TONES: dict[str, cells.Tone] = {"Offered": "warn", "Accepted": "good", "Returned": "bad"}

TABLE = Table[SampleRow](
    id="sample",
    caption="Renewals, sample",
    label=lambda row: row.name,
    url="lists:styleguide_row",
    default_sort="decision",
    peek="yes",
    pick="ids",
    row_keys=[RowKey(key="e", label="Show in the panel", url="lists:styleguide_row")],
    columns=[
        Column(
            label="Customer",
            key="customer",
            order=["sort_name"],
            lead="yes",
            cell=lambda row: cells.two_lines(row.name, second=row.tier),
        ),
        Column(
            label="ARR",
            key="arr",
            order=["arr"],
            align="end",
            cell=lambda row: cells.money(row.arr, currency=row.currency),
        ),
        Column(
            label="Decision",
            key="decision",
            order=["decision_on"],
            align="end",
            help="Days until this renewal is really decided",
            cell=lambda row: cells.due(row.decision_on, today=TODAY),
        ),
        Column(
            label="Health",
            key="health",
            order=["score"],
            cell=lambda row: cells.health(row.score, band=row.band),
        ),
        Column(label="Change", align="end", cell=lambda row: cells.change(row.moved)),
        Column(label="Why", grow="yes", priority=2, cell=lambda row: row.why),
        Column(label="Trend", priority=4, cell=lambda row: cells.trend(row.trend)),
        Column(
            label="Labels",
            priority=3,
            card_label="Labels",
            cell=lambda row: cells.dots(row.labelled),
        ),
        Column(label="Owner", priority=2, cell=lambda row: cells.person(row.owner)),
        Column(
            label="Handoff",
            priority=3,
            cell=lambda row: cells.badge(row.state, STATE_TONES[row.state]) if row.state else "",
        ),
        Column(
            label="Last touch",
            align="end",
            priority=4,
            cell=lambda row: cells.age(row.seen_at, now=NOW),
        ),
    ],
)


class SampleForm(forms.Form):
    reason = forms.CharField(
        label="What does the customer need?",
        help_text="One sentence, as you would say it to a colleague.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    customer = forms.CharField(initial="Halden Lifts")
    type = forms.ChoiceField(
        choices=[("risk", "Renewal risk"), ("growth", "Expansion opportunity")], required=False
    )
    due_on = forms.DateField(
        label="Due", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    urgency = forms.ChoiceField(
        choices=[("high", "High"), ("normal", "Normal")], widget=forms.RadioSelect, initial="normal"
    )
    told = forms.BooleanField(label="The customer knows about this", required=False)


def table(params: QueryDict) -> FilledTable[SampleRow]:
    return TABLE.over(
        ROWS, params=params, empty=empty.nothing_matches("No customer", clear_url="?")
    )


def styleguide(params: QueryDict) -> dict[str, object]:
    """Everything the page shows, in the words of its template."""
    return {
        "table": table(params),
        "form": SampleForm(auto_id="plain_%s"),
        "wrong_form": SampleForm({"customer": "Halden Lifts"}, auto_id="wrong_%s"),
        "today": TODAY,
        "now": NOW,
        "row": ROWS[0],
        "light_charts": chart_samples.charts_of("light"),
        "dark_charts": chart_samples.charts_of("dark"),
        "line": [81, 80, 82, 79, None, 74, 70, 71, 66, 60, 58],
        "chips": [
            Chip(label="All", url="?", is_current=True, count=128),
            Chip(label="Decide now", url="?box=now", is_current=False, count=9),
            Chip(label="Lapsed", url="?box=lapsed", is_current=False, count=1),
        ],
        "tabs": [
            {"label": "Overview", "url": "?", "is_current": True, "count": None},
            {"label": "Tickets", "url": "?tab=tickets", "is_current": False, "count": 63},
            {"label": "Handoffs", "url": "?tab=handoffs", "is_current": False, "count": 2},
        ],
        "nothing": empty.nothing_yet(
            "No imports yet",
            text="Bring 90 days of tickets and one file of contracts.",
            action_label="Import a file",
            action_url="?",
        ),
        "unmatched": empty.nothing_matches("Nothing matches “servanta”", clear_url="?"),
        "done": empty.all_done("Inbox is empty", text="41 labelled today, in 7 minutes."),
    }


def peeked(row: SampleRow) -> dict[str, object]:
    """What the side panel says of one row."""
    return {"peeked": row, "spark": charts.sparkline([81, 74, 66, 58], label="Health, six weeks")}

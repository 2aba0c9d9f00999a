"""Label coverage in words and a chart, each number with its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from supportsuccess.lists import charts
from supportsuccess.lists.charts import Bar, Bars
from tickets.models import Learning, Origin
from tickets.queries.label_coverage import COVERED_DAYS

if TYPE_CHECKING:
    from tickets.queries.label_coverage import Coverage

EVERY_ORIGIN = {
    Origin.PERSON: "By a person",
    Origin.ACCEPTED_SUGGESTION: "By a suggestion that a person accepted",
    Origin.IMPORTED: "By an import",
    Origin.INHERITED: "By their problem",
    Origin.RULE: "By a rule",
    Origin.EXEMPT: "As exempt",
}


def coverage_chart(coverage: Coverage) -> Bars:
    """What became of the tickets, the answers by their origin."""
    shares = [
        (EVERY_ORIGIN[origin], count, {"learning": Learning.ANSWERED, "answered_by": origin})
        for origin, count in coverage.answered.items()
    ]
    shares += [
        ("Exempt: nobody is asked", coverage.exempt, {"learning": Learning.EXEMPT}),
        ("Due: nobody has answered yet", coverage.due, {"learning": Learning.DUE}),
    ]
    return Bars(
        id="coverage",
        title=title(coverage),
        n=coverage.tickets,
        of=f"tickets opened in the last {COVERED_DAYS} days",
        definition="A ticket whose answers came from several origins counts to the one that took"
        " a person most.",
        unit=charts.counted("tickets"),
        category="Answered",
        empty=f"No ticket was opened in the last {COVERED_DAYS} days.",
        marks=[
            Bar(label=label, value=count, url=tickets_url(coverage, **asked))
            for label, count, asked in shares
            if count
        ],
    )


def title(coverage: Coverage) -> str:
    """The finding."""
    if not coverage.tickets:
        return "Nothing to answer"
    share = round(100 * coverage.without_people / coverage.tickets)
    return (
        f"{share}\N{NO-BREAK SPACE}% of the tickets were answered without a person, or are exempt"
    )


def tickets_url(coverage: Coverage, **asked: str) -> str:
    """The tickets behind a number."""
    query = {"opened": str(coverage.period), **asked}
    return f"{reverse('tickets:tickets')}?{urlencode(query)}"

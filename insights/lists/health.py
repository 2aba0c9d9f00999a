"""A customer's health as charts: the stored days, and what moved the score."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from supportsuccess.lists import cells, charts
from supportsuccess.lists.charts import DayMark, Line, Reference, Step, Waterfall

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from insights.queries.health import CustomerHealth, StoredDay

HISTORY_WEEKS = 26
# A score is stored on the first of each month at the least: more days without one are a hole.
STORED_WITHIN_DAYS = 31
WHOLE = charts.counted("points")
TENTHS = charts.counted("points", places=1)


def score_line(stored: Sequence[StoredDay], *, health: CustomerHealth, today: date) -> Line:
    """The stored scores up to today, over the edges of the bands."""
    known = [each for each in stored if each.score is not None]
    return Line(
        id="history",
        title=_history_words(known),
        n=len(known),
        of="stored days",
        definition="A score is stored for a day on which it moved by 0.1, its coverage or band"
        " changed, or a month began, and stands until the next such day. A hole is a month without"
        " one, or a day on which too little was known.",
        empty=f"No score was stored in the last {HISTORY_WEEKS} weeks; the nightly run stores one.",
        unit=TENTHS,
        marks=[DayMark(day=each.day, value=each.score) for each in stored],
        references=_edges(health),
        joined="steps",
        joins_days=STORED_WITHIN_DAYS,
        between=(today - timedelta(weeks=HISTORY_WEEKS), today),
        reaches=(0, 100),
    )


def change_waterfall(health: CustomerHealth) -> Waterfall | None:
    """From the score compared with to the one of now; none where the stored parts don't add up."""
    if health.score is None or health.compared_score is None or health.compared_on is None:
        return None
    if not health.is_explained:
        return None
    then = cells.day_text(health.compared_on)
    measures = {share.key for share in health.shares}
    return Waterfall(
        id="change",
        title=health.sentence or f"The score differs by less than a point from that of {then}",
        n=len(health.causes),
        of="causes",
        definition=f"What each measure, missing data and a changed scorecard did to the score of"
        f" {then}: together exactly the difference.",
        unit=TENTHS,
        start_label=then,
        start=health.compared_score,
        steps=[
            Step(
                label=cause.name,
                effect=cause.effect,
                url=f"#measure-{cause.key}" if cause.key in measures else "",
            )
            for cause in health.causes
        ],
        end_label="Now",
        end=health.score,
        end_url="#shares",
    )


def _history_words(known: Sequence[StoredDay]) -> str:
    if not known:
        return f"Health of the last {HISTORY_WEEKS} weeks"
    first, last = known[0], known[-1]
    was, became = WHOLE.write(first.score or 0), WHOLE.write(last.score or 0)
    since, until = cells.day_text(first.day), cells.day_text(last.day)
    if first is last:
        return f"Health was {became} on {until}"
    if was == became:
        return f"Health was {became} on {until}, as on {since}"
    way = "rose" if (last.score or 0) > (first.score or 0) else "fell"
    return f"Health {way} from {was} on {since} to {became} on {until}"


def _edges(health: CustomerHealth) -> list[Reference]:
    if health.edges is None:
        return []
    yellow, green = health.edges
    return [Reference(yellow, f"Yellow from {yellow}"), Reference(green, f"Green from {green}")]

"""The charts of the style guide: invented numbers through the real components."""

from datetime import date, timedelta
from decimal import Decimal

from supportsuccess.lists import charts
from supportsuccess.lists.charts import Bar, DayMark, HeatCell, HeatRow, Reference, Step

FIRST = date(2026, 1, 5)
POINTS = charts.counted("points")
TICKETS = charts.counted("tickets")
SCORES = (81, 79, 80, 74, None, None, 66, 67, 61, 58)
OPENED = (4, 6, 5, None, 9, 12, 0, 7)
SHARES = (
    ("Configuration", Decimal("0.42"), Decimal("0.35"), Decimal("0.49")),
    ("Training, first weeks included", Decimal("0.27"), Decimal("0.21"), Decimal("0.34")),
    ("Defect", Decimal("0.19"), Decimal("0.14"), Decimal("0.26")),
    ("Not yet known", None, None, None),
)
HOURS = (
    ("Halden Lifts", (3, 8, 14, 22)),
    ("Aster Rail", (2, 1, 0, 4)),
    ("Northsound", (None, 6, 9, None)),
)


def charts_of(theme: str) -> list[charts.Figure]:
    """One of each form, and one of nothing; `theme` keeps the ids apart."""
    return [
        _line(theme),
        _columns(theme),
        _bars(theme),
        _waterfall(theme),
        _heat(theme),
        _nothing(theme),
    ]


def _line(theme: str) -> charts.Line:
    return charts.Line(
        id=f"{theme}-line",
        title="Health fell from 81 to 58 in nine weeks",
        n=8,
        of="weekly scores",
        definition="The score at each week's end; the band is its 95 % interval. Two weeks are"
        " missing: nothing was measured.",
        unit=POINTS,
        marks=[
            DayMark(
                day=_week(place),
                value=score,
                low=score and score - 6,
                high=score and score + 5,
                url=f"?week={place}" if place in {3, 6} else "",
            )
            for place, score in enumerate(SCORES)
        ],
        references=[Reference(75, "Green from 75"), Reference(50, "Yellow from 50")],
        reaches=[40, 100],
        interval="95 % interval",
    )


def _columns(theme: str) -> charts.Columns:
    return charts.Columns(
        id=f"{theme}-columns",
        title="Tickets doubled in February",
        n=43,
        of="tickets",
        definition="Tickets opened in each week. One was not imported; in another there were none.",
        unit=TICKETS,
        marks=[
            DayMark(day=_week(place), value=opened, url=f"?opened={place}")
            for place, opened in enumerate(OPENED)
        ],
    )


def _bars(theme: str) -> charts.Bars:
    return charts.Bars(
        id=f"{theme}-bars",
        title="Two of five reopened tickets were configuration",
        n=214,
        of="reopened tickets",
        definition="Share of reopened tickets by cause, with Wilson's 95 % interval.",
        unit=charts.share(),
        category="Cause",
        interval="95 % interval",
        marks=[
            Bar(
                label=label,
                value=value,
                low=low,
                high=high,
                url=f"?cause={place}" if value else "",
            )
            for place, (label, value, low, high) in enumerate(SHARES)
        ],
    )


def _waterfall(theme: str) -> charts.Waterfall:
    return charts.Waterfall(
        id=f"{theme}-waterfall",
        title="−23: reopens −11, champion left −8, competitor −7, other +3",
        n=4,
        of="causes",
        definition="What each measure added or took in six weeks; exact to the last digit.",
        unit=POINTS,
        start_label="Six weeks ago",
        start=Decimal(81),
        steps=[
            Step(label="reopens", effect=Decimal("-11.2"), url="?measure=reopens"),
            Step(label="champion left", effect=Decimal("-8.1")),
            Step(label="competitor", effect=Decimal("-6.9"), url="?measure=competitor"),
            Step(label="response speed", effect=Decimal("3.2")),
        ],
        end_label="Now",
        end=Decimal(58),
    )


def _heat(theme: str) -> charts.Heat:
    return charts.Heat(
        id=f"{theme}-heat",
        title="Halden Lifts waits longest, and longer each month",
        n=61,
        of="tickets",
        definition="Median hours to the first answer, by the month in which the ticket was opened.",
        unit=charts.counted("hours"),
        corner="Customer",
        columns=["Nov", "Dec", "Jan", "Feb"],
        rows=[
            HeatRow(
                label=label,
                cells=[
                    HeatCell(value=value, url=f"?wait={value}" if value and value > 10 else "")
                    for value in hours
                ],
            )
            for label, hours in HOURS
        ],
        edges=[4, 8, 12, 20],
    )


def _nothing(theme: str) -> charts.Columns:
    return charts.Columns(
        id=f"{theme}-nothing",
        title="Touches a week",
        n=0,
        of="touches",
        definition="Two-way touches with a contact.",
        unit=charts.counted("touches"),
        marks=[],
        empty="No touch was logged yet.",
    )


def _week(place: int) -> date:
    return FIRST + timedelta(weeks=place)

"""What each form of chart draws, says and keeps in its table."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from supportsuccess.lists import charts
from supportsuccess.lists.charts import Bar, DayMark, HeatCell, HeatRow, Reference, Step

FIRST = date(2026, 1, 5)
POINTS = charts.counted("points")
WORDS = {
    "id": "it",
    "title": "It fell",
    "n": 3,
    "of": "days",
    "definition": "Read.",
    "unit": POINTS,
}


def weekly(*values, **fields):
    return [
        DayMark(day=FIRST + timedelta(weeks=n), value=v, **fields) for n, v in enumerate(values)
    ]


def line(*values, **fields):
    return charts.Line(**WORDS | {"marks": weekly(*values)} | fields)


def columns(*values, **fields):
    return charts.Columns(**WORDS | {"marks": weekly(*values)} | fields)


def bars(*marks, **fields):
    return charts.Bars(**WORDS | {"marks": marks} | fields)


def waterfall(*effects, start, end):
    return charts.Waterfall(
        **WORDS,
        start_label="Then",
        start=Decimal(start),
        steps=[Step(label=f"cause {e}", effect=Decimal(e), url=f"#c{e}") for e in effects],
        end_label="Now",
        end=Decimal(end),
    )


def heat(*values, edges=(5, 10)):
    row = HeatRow(label="Halden", cells=[HeatCell(value=v, url="?h") for v in values])
    names = [f"month {n}" for n, _ in enumerate(values)]
    return charts.Heat(**WORDS, corner="Customer", columns=names, rows=[row], edges=edges)


EVERY_FORM = [
    line(81, 74),
    columns(4, 0),
    bars(Bar(label="Defect", value=4)),
    waterfall("-1", start=3, end=2),
    heat(4, 12),
]


@pytest.mark.parametrize("chart", EVERY_FORM, ids=lambda chart: type(chart).__name__)
def test_a_chart_says_its_finding_what_it_stands_on_and_how_it_is_computed(chart):
    page = str(chart)

    assert '<p class="chart-title" id="it-title">It fell</p>' in page
    assert re.search(r"n = 3 days[^<]*\. Read\.</p>", page)
    assert "<table" in page


@pytest.mark.parametrize("chart", EVERY_FORM, ids=lambda chart: type(chart).__name__)
def test_a_chart_keeps_to_the_policy(chart):
    assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=", str(chart))


@pytest.mark.parametrize(
    "chart",
    [
        line(empty="None yet."),
        columns(None, None, empty="None yet."),
        bars(Bar(label="Defect", value=None), empty="None yet."),
    ],
    ids=lambda chart: type(chart).__name__,
)
def test_of_nothing_a_sentence_is_left(chart):
    page = str(chart)

    assert '<p class="chart-empty">None yet.</p>' in page
    assert "<svg" not in page
    assert "<table" not in page


def test_a_drawing_without_links_is_an_image_with_its_words():
    page = str(line(81, 74))

    assert 'role="img" aria-labelledby="it-title" aria-describedby="it-note"' in page


def test_a_mark_is_a_link_with_its_words_in_drawing_and_table():
    page = str(line(marks=weekly(81, url="/tickets/?week=1&open=1")))

    assert 'role="group"' in page
    address = 'href="/tickets/?week=1&amp;open=1"'
    assert f'<a class="chart-mark" {address} aria-label="5 Jan 2026: 81 points">' in page
    assert f"<a {address}>5 Jan 2026</a>" in page


def test_an_address_that_would_run_something_is_none():
    page = str(bars(Bar(label="Defect", value=1, url="javascript:alert(1)")))

    assert "javascript" not in page
    assert 'role="img"' in page


def test_what_comes_from_outside_is_escaped():
    page = str(bars(Bar(label="<b>", value=1), title="<i>", definition="<u>"))

    assert not re.search(r"<[biu]>", page)


def test_a_line_breaks_where_nothing_is_known():
    page = str(line(81, 79, None, 66, 67))

    assert page.count("<polyline") == 2
    assert page.count("<circle") == 4
    assert page.count('class="unknown"') == 1


def test_a_line_breaks_over_a_hole_in_time():
    marks = [DayMark(day=FIRST + timedelta(days=n), value=n) for n in (0, 5, 50, 60)]

    assert str(line(marks=marks)).count("<polyline") == 1
    assert str(line(marks=marks, joins_days=31)).count("<polyline") == 2


def test_a_line_that_stands_until_its_next_day_goes_in_steps():
    [straight] = re.findall(r'<polyline class="chart-line" points="([^"]+)"', str(line(81, 60)))
    page = str(line(81, 60, joined="steps"))
    [steps] = re.findall(r'<polyline class="chart-line" points="([^"]+)"', page)

    first, last = (point.split(",") for point in straight.split())
    assert [p.split(",") for p in steps.split()] == [first, [last[0], first[1]], last]


def test_a_band_is_drawn_only_where_it_is_known():
    marks = [*weekly(81, 79, low=70, high=90), DayMark(day=date(2026, 2, 2), value=75)]
    page = str(line(marks=marks, interval="95 % interval"))

    assert page.count("<polygon") == 1
    assert "70 to 90" in page
    assert '<th scope="col" class="end">95 % interval</th>' in page


def test_reference_labels_stand_where_the_line_is_not():
    page = str(line(81, 58, references=[Reference(75, "Green"), Reference(50, "Yellow")]))

    anchors = dict(
        reversed(found) for found in re.findall(r'halo" text-anchor="(\w+)"[^>]*>(\w+)<', page)
    )
    assert anchors == {"Green": "end", "Yellow": "start"}


def test_of_many_marks_only_the_last_and_what_opens_something_has_a_dot():
    marks = weekly(*range(40))
    marks[7] = DayMark(day=marks[7].day, value=7, url="?week=7")

    assert str(line(marks=marks)).count("<circle") == 2


def test_a_period_without_data_is_no_zero():
    page = str(columns(4, None, 0))

    assert page.count('class="chart-bar"') == 2
    assert page.count(">?</text>") == 1
    assert "Week of 19 Jan 2026: 0 points" in page


def test_columns_stand_on_zero_and_hang_beneath_it():
    page = str(columns(4, -4))

    rects = re.findall(r'"chart-bar" x="[^"]+" y="([^"]+)" width="[^"]+" height="([^"]+)"', page)
    (top, height), (below, _) = [tuple(map(float, rect)) for rect in rects]
    [zero] = re.findall(r'"chart-zero" x1="[^"]+" x2="[^"]+" y1="([^"]+)"', page)
    assert top + height == pytest.approx(float(zero), abs=0.2)
    assert below == pytest.approx(float(zero), abs=0.2)


@pytest.mark.parametrize("chart", [columns(58, 60), bars(Bar(label="Defect", value=58))])
def test_what_has_a_length_starts_at_zero(chart):
    assert str(chart).count('class="chart-zero"') == 1


def test_whiskers_show_an_interval():
    page = str(columns(marks=weekly(4, low=3, high=6)))

    assert page.count('class="chart-whisker"') == 1
    assert "5 Jan 2026: 4 points, 3 to 6" in page


def test_bars_have_words_values_and_whiskers():
    marks = [
        Bar(label="Defect", value=Decimal("0.42"), low=Decimal("0.35"), high=Decimal("0.5")),
        Bar(label="Unlabelled", value=None),
    ]
    page = str(bars(*marks, unit=charts.share(), category="Cause"))

    assert "Defect: 42\N{NO-BREAK SPACE}%, 35" in page
    assert page.count('class="chart-bar"') == page.count('class="chart-whisker"') == 1
    assert ">unknown</text>" in page
    assert '<th scope="col">Cause</th>' in page


def test_a_long_name_is_whole_in_the_table_only():
    name = "Response speed against the target of its priority"
    page = str(bars(Bar(label=name, value=1)))

    assert ">Response speed against the…</text>" in page
    assert f'<th scope="row">{name}</th>' in page


def test_a_waterfall_shows_each_signed_step_and_what_it_reached():
    page = str(waterfall("-11", "2", start=81, end=72))

    assert "cause -11: −11 points" in page
    assert page.count('class="chart-fall"') == page.count('class="chart-rise"') == 1
    cells = re.findall(r'<td class="end">([^<]*)</td>', page)
    assert cells == ["", "81", "−11", "70", "+2", "72", "", "72"]


def test_a_waterfall_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match="reach 70, not 71"):
        waterfall("-11", start=81, end=71)


def test_heat_is_a_table_with_figures_and_shades():
    page = str(heat(4, 5, 12, None))

    assert "<svg" not in page
    for tone, value in (("0", "4"), ("1", "5"), ("2", "12")):
        assert re.search(rf'<td class="end heat-{tone}"[^>]*><a href="\?h">{value}</a>', page)
    assert 'class="end heat-none"' in page
    assert re.findall(r'<li class="heat-\d">([^<]+)', page) == ["under 5", "5 to 10", "10 and more"]


@pytest.mark.parametrize("edges", [(), (5, 5), (9, 5), (1, 2, 3, 4, 5)])
def test_shades_need_a_few_rising_edges(edges):
    with pytest.raises(ValueError, match="edges that rise"):
        heat(4, edges=edges)


def test_labels_have_decimals_only_where_one_needs_them():
    unit = charts.counted("points", places=1)

    assert unit.labels([0, 50, 1000]) == ["0", "50", "1,000"]
    assert unit.labels([0, 0.5, 1]) == ["0.0", "0.5", "1.0"]


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        (charts.counted("h", places=1), -2.5, ["−2.5", "−2.5 h", "−2.5"]),
        (charts.counted("h", places=1), -0.04, ["0.0", "0.0 h", "±0.0"]),
        (charts.share(), 0.5, ["50\xa0%", "50\xa0%", "+50\xa0%"]),
        (charts.money("EUR"), Decimal(-312_000), ["−€312k", "−€312k", "−€312k"]),
        (charts.money("CHF"), Decimal(0), ["CHF 0", "CHF 0", "±CHF 0"]),
    ],
)
def test_a_unit_writes_a_value_as_cells_do(unit, value, written):
    assert [unit.write(value), unit.named(value), unit.signed(value)] == written

"""Charts as SVG and tables from the server: declared once, they know no domain.

Presentation attributes and classes only: the policy forbids inline styles and scripts.
"""

from supportsuccess.lists.charts.bars import Bars
from supportsuccess.lists.charts.columns import Columns
from supportsuccess.lists.charts.figure import Chart, Figure
from supportsuccess.lists.charts.heat import Heat, HeatCell, HeatRow
from supportsuccess.lists.charts.line import Line, Reference
from supportsuccess.lists.charts.marks import Bar, DayMark
from supportsuccess.lists.charts.meter import Tone, meter
from supportsuccess.lists.charts.spark import sparkline
from supportsuccess.lists.charts.units import Unit, counted, money, share
from supportsuccess.lists.charts.waterfall import Step, Waterfall

__all__ = [
    "Bar",
    "Bars",
    "Chart",
    "Columns",
    "DayMark",
    "Figure",
    "Heat",
    "HeatCell",
    "HeatRow",
    "Line",
    "Reference",
    "Step",
    "Tone",
    "Unit",
    "Waterfall",
    "counted",
    "meter",
    "money",
    "share",
    "sparkline",
]

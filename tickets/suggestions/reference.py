"""What the same program comes to on open sets of texts: what to expect before own labels are there.

Printed by `evaluate_suggestions`; sources and how to read them are in decision 0013.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from supportsuccess.rates import Rate

TAKEN_ON = date(2026, 11, 28)


class Reference(NamedTuple):
    """A set of texts and the label told from them, on rows that were held out."""

    texts: str
    label: str
    rows: int
    right: Rate
    commonest_right: Rate
    suggested: Rate
    suggested_right: Rate
    calibration_error: float


AIRLINES = "10,007 messages to airlines, 2015"
HELP_DESK = "IT help desk, words stripped"
REFERENCES = (
    Reference(
        texts=f"{AIRLINES}, the newest held out",
        label="sentiment, 3 values",
        rows=10007,
        right=Rate(1583, 2001),
        commonest_right=Rate(1193, 2001),
        suggested=Rate(1692, 2001),
        suggested_right=Rate(1382, 1692),
        calibration_error=0.0207,
    ),
    Reference(
        texts="of them the negative ones, the newest held out",
        label="reason, 10 values",
        rows=6294,
        right=Rate(747, 1259),
        commonest_right=Rate(411, 1259),
        suggested=Rate(237, 1259),
        suggested_right=Rate(201, 237),
        calibration_error=0.054,
    ),
    Reference(
        texts=HELP_DESK,
        label="area, 5 values",
        rows=2157,
        right=Rate(329, 431),
        commonest_right=Rate(79, 431),
        suggested=Rate(269, 431),
        suggested_right=Rate(235, 269),
        calibration_error=0.0591,
    ),
    Reference(
        texts=HELP_DESK,
        label="category, 9 values",
        rows=3855,
        right=Rate(651, 771),
        commonest_right=Rate(524, 771),
        suggested=Rate(742, 771),
        suggested_right=Rate(632, 742),
        calibration_error=0.0333,
    ),
)

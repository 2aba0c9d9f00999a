"""What we learned and what we computed: health and renewals."""

from insights.models.health import BacktestRun, BacktestScore, CurrentHealth, HealthSnapshot
from insights.models.renewals import (
    DUE_SECTIONS,
    Clearing,
    ListedCustomer,
    LossRate,
    QueuedRenewal,
    RenewalOutlook,
    RenewalSnapshot,
    Section,
)
from insights.models.scorecards import MeasureGroup, Scorecard, ScorecardMeasure, ScorecardVersion

__all__ = [
    "DUE_SECTIONS",
    "BacktestRun",
    "BacktestScore",
    "Clearing",
    "CurrentHealth",
    "HealthSnapshot",
    "ListedCustomer",
    "LossRate",
    "MeasureGroup",
    "QueuedRenewal",
    "RenewalOutlook",
    "RenewalSnapshot",
    "Scorecard",
    "ScorecardMeasure",
    "ScorecardVersion",
    "Section",
]

"""What we learned and what we computed: health and renewals."""

from insights.models.health import BacktestRun, BacktestScore, CurrentHealth, HealthSnapshot
from insights.models.renewals import QueuedRenewal, RenewalOutlook, RenewalSnapshot
from insights.models.scorecards import MeasureGroup, Scorecard, ScorecardMeasure, ScorecardVersion

__all__ = [
    "BacktestRun",
    "BacktestScore",
    "CurrentHealth",
    "HealthSnapshot",
    "MeasureGroup",
    "QueuedRenewal",
    "RenewalOutlook",
    "RenewalSnapshot",
    "Scorecard",
    "ScorecardMeasure",
    "ScorecardVersion",
]

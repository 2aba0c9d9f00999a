import json
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from django.utils import timezone

from accounts.models import Band, Customer
from accounts.queries.organisation import our_organisation
from insights.actions import health
from insights.jobs import health as runs
from insights.jobs import renewals
from insights.models import BacktestRun, CurrentHealth
from supportsuccess import arguments, audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Job, JobState

BY = audit.System("recompute_health")


@dataclass(frozen=True)
class Outcome:
    """What a run came to, in the words of the report."""

    day: date
    bands: dict[str, int]
    run: BacktestRun | None = None


class Command(BaseCommand):
    help = "Compute the health of all customers now, or as of a past day into a back-test run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=arguments.day, help="a past day, like 2026-05-31")
        parser.add_argument("--customer", type=int, help="only the customer with this id")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, as_of: date | None, customer: int | None, **options: Any) -> None:
        begun = time.perf_counter()
        if customer is not None and not Customer.objects.filter(pk=customer).exists():
            raise CommandError(f"There is no customer {customer}.")
        try:
            outcome = self._then(as_of, customer) if as_of else self._now(customer)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        report = _report(outcome, seconds=time.perf_counter() - begun)
        self.stdout.write(json.dumps(report) if options["json"] else _as_text(report))

    def _now(self, customer: int | None) -> Outcome:
        now = timezone.now()
        day = our_organisation().ended_day(now)
        if customer is None:
            self._run(runs.start_recompute(day, by=BY, queue=outbox.HERE))
        else:
            health.score_changed([customer], day=day, at=now)
            renewals.refresh_queue([customer], at=now)
        scored = CurrentHealth.objects.all()
        if customer is not None:
            scored = scored.filter(customer=customer)
        counts = scored.values_list("band").annotate(Count("pk"))
        return Outcome(day, dict(counts))

    def _then(self, day: date, customer: int | None) -> Outcome:
        known_at = timezone.now()
        ends_at = min(_end_of(day), known_at)
        run, job = runs.start_backtest(
            as_of=ends_at,
            known_at=known_at,
            by=BY,
            ranges=[(customer, customer)] if customer is not None else None,
            queue=outbox.HERE,
        )
        self._run(job)
        run.refresh_from_db()
        return Outcome(day, run.summary["bands"], run)

    def _run(self, job: Job) -> None:
        ended = jobs.run_here(job)
        for error in ended.errors:
            self.stderr.write(error)
        if ended.state != JobState.DONE:
            raise CommandError(f"The run ended as {ended.state}; its steps can be tried again.")


def _end_of(day: date) -> datetime:
    zone = ZoneInfo(our_organisation().timezone)
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)


def _report(outcome: Outcome, *, seconds: float) -> dict[str, Any]:
    bands = {band.value: outcome.bands.get(band.value, 0) for band in Band}
    customers = sum(bands.values())
    report: dict[str, Any] = {
        "day": outcome.day.isoformat(),
        "customers": customers,
        "seconds": round(seconds, 2),
        "unknown_share": round(bands[Band.UNKNOWN] / customers, 4) if customers else None,
        "bands": bands,
    }
    if outcome.run is not None:
        report |= {"run": outcome.run.pk, "told_by_source": outcome.run.summary["told_by_source"]}
    return report


def _as_text(report: dict[str, Any]) -> str:
    bands = ", ".join(f"{count} {band}" for band, count in report["bands"].items())
    unknown = report["unknown_share"]
    share = "" if unknown is None else f"; unknown {unknown:.1%}"
    head = f"{report['customers']} customers in {report['seconds']} s as of {report['day']}"
    return f"{head}: {bands}{share}"

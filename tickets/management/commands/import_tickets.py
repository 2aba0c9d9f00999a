import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Source
from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.imports import command_line, formats
from supportsuccess.imports.models import ImportBatch
from tickets.adapters.ticket_logs import TicketLog
from tickets.queries.resolutions import resolution_of, totals_of


class Command(BaseCommand):
    help = (
        "Import a ticket log: check all its rows, then record them. Importing it twice changes "
        "nothing; a killed import goes on when it is started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True)
        parser.add_argument(
            "--shift-to", metavar="DATE", help="move the log to end before this day"
        )
        parser.add_argument("--customer", metavar="NAME", help="whose tickets a file without is")
        parser.add_argument("--refusals", type=Path, help="where to write the refused rows")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, file: Path, **options: Any) -> None:
        by = audit.System("import_tickets")
        try:
            log = _log(options["format"])
            given = {name: options[name] for name in ("shift_to", "customer") if options[name]}
            settings = command_line.read_options(log.name, given)
            batch = command_line.check_file(file, format_name=log.name, options=settings, by=by)
            command_line.run_file(batch, by=by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        report = _report(batch, refusals=command_line.write_refusals(batch, options["refusals"]))
        self._print(report)
        if options["json"]:
            self.stdout.write(json.dumps(report))

    def _print(self, report: dict[str, Any]) -> None:
        for kind, numbers in report["counts"].items():
            told = ", ".join(f"{number:,} {name}" for name, number in numbers.items())
            self.stdout.write(f"{kind}: {told}")
        totals = ", ".join(f"{number:,} {name}" for name, number in report["totals"].items())
        self.stdout.write(f"Now here: {totals}")
        for which, hours in report["resolution_hours"].items():
            self.stdout.write(f"Hours to {which} resolution: {_told(hours)}")
        if report["shifted_weeks"]:
            self.stdout.write(f"All its times were moved by {report['shifted_weeks']} weeks.")
        if report["refusals"]:
            self.stdout.write(f"Refused rows: {report['refusals']}")


def _log(name: str) -> TicketLog:
    found = formats.find(name)
    if not isinstance(found, TicketLog):
        raise Refused(f"{found.label} is no ticket log.")
    return found


def _report(batch: ImportBatch, *, refusals: str) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "state": batch.state,
        "counts": batch.counts,
        "totals": totals_of(batch.format),
        "resolution_hours": resolution_of(batch.format),
        "shifted_weeks": Source.objects.get(key=batch.format).shifted_weeks,
        "refusals": refusals,
    }


def _told(hours: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value:,}" for name, value in hours.items() if value is not None)

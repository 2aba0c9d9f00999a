import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.imports import command_line
from supportsuccess.imports.models import ImportBatch

FORMAT = "customers"


class Command(BaseCommand):
    help = (
        "Import customers, contracts, lines and who answers for them from one CSV file. "
        "Importing it twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="crm", help="the system the file was taken from")
        parser.add_argument("--dry-run", action="store_true", help="judge all rows, write nothing")
        parser.add_argument("--refusals", type=Path, help="where to write the refused rows")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, file: Path, **options: Any) -> None:
        by = audit.System("import_customers")
        try:
            settings = command_line.read_options(FORMAT, {"source": options["source"]})
            batch = command_line.check_file(file, format_name=FORMAT, options=settings, by=by)
            if not options["dry_run"]:
                command_line.run_file(batch, by=by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        report = _report(batch, refusals=command_line.write_refusals(batch, options["refusals"]))
        self._print(report, dry=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(report))

    def _print(self, report: dict[str, Any], *, dry: bool) -> None:
        if dry:
            self.stdout.write("Nothing was written. Running it would come to:")
        for kind, numbers in report["counts"].items():
            told = ", ".join(f"{number:,} {name}" for name, number in numbers.items())
            self.stdout.write(f"{kind}: {told}")
        if report["refusals"]:
            self.stdout.write(f"Refused rows: {report['refusals']}")


def _report(batch: ImportBatch, *, refusals: str) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "state": batch.state,
        "counts": batch.counts,
        "refusals": refusals,
    }

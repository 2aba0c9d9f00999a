import os
import secrets
import time
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.models import Organisation
from insights.demo.bulk import load_benchmark
from insights.demo.customers_for import write_customers_for
from insights.demo.load import is_taken, load
from insights.demo.people import SIGN_INS
from supportsuccess.embedded.first_start import loading_demo
from supportsuccess.errors import Refused

FORGET_EVERYTHING = """
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public;
    GRANT USAGE ON SCHEMA public TO PUBLIC"""


class Command(BaseCommand):
    help = "Load Larkfield Systems, the invented demo company, or a company to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="forget everything in the demo and load it anew"
        )
        parser.add_argument("--customers", type=int, help="a benchmark company of so many")
        parser.add_argument("--tickets", type=int, help="and its tickets (50 for each customer)")
        parts = parser.add_subparsers(dest="part")
        file = parts.add_parser("customers-for", help="a fictional customer file for a ticket log")
        file.add_argument("source", help="the log's format, like servicenow")
        file.add_argument("--out", type=Path, required=True, help="the CSV file to write")

    def handle(self, *, part: str | None = None, **options: Any) -> None:
        try:
            if part == "customers-for":
                self._write_customers(options["source"], options["out"])
            else:
                self._load(**options)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _write_customers(self, source: str, path: Path) -> None:
        try:
            rows = write_customers_for(source, path, day=timezone.now().date())
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror}.") from error
        self._say(f"{rows} rows in {path}. Import them with import_customers {path}")

    def _load(
        self, *, reset: bool, customers: int | None, tickets: int | None, **_options: Any
    ) -> None:
        begun = time.perf_counter()
        if reset and not _is_ours_to_forget():
            raise CommandError("This is a real company's database: --reset is for the demo only.")
        with _password() as password:
            if reset:
                _forget()
            elif not _has_tables():
                call_command("migrate", verbosity=0)
            told: dict[str, Any] = {"password": password, "now": timezone.now(), "say": self._say}
            if customers is None:
                load(**told)
            else:
                load_benchmark(customers=customers, tickets=tickets or customers * 50, **told)
        self._say(f"Loaded in {time.perf_counter() - begun:.0f} s. Sign in as")
        for address in SIGN_INS:
            self._say(f"  {address}@example.com  {password}")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _password() -> AbstractContextManager[str]:
    """Of its people: on one machine kept for the next start, with a database of one's own given."""
    if os.environ.get("DATABASE_URL"):
        return nullcontext(os.environ.get("SS_DEMO_PASSWORD") or secrets.token_urlsafe(9))
    return loading_demo()


def _forget() -> None:
    connections.close_all()
    with connections["owner"].cursor() as cursor:
        cursor.execute(FORGET_EVERYTHING)
    call_command("migrate", verbosity=0)


def _has_tables() -> bool:
    """Whether anything was ever migrated: an empty database is made ready here."""
    return MigrationRecorder(connections["default"]).has_table()


def _is_ours_to_forget() -> bool:
    """Whether this is a demo, or a load cut short before it said so: nothing else is forgotten."""
    ours = Organisation.objects.first()
    return ours.is_demo if ours else not is_taken()

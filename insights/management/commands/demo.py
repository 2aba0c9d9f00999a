import os
import secrets
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from accounts.models import Organisation
from insights.demo.load import load
from insights.demo.people import SIGN_INS
from supportsuccess.errors import Refused

FORGET_EVERYTHING = """
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public;
    GRANT USAGE ON SCHEMA public TO PUBLIC"""


class Command(BaseCommand):
    help = "Load Larkfield Systems, the invented demo company."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="forget everything in the demo and load it anew"
        )

    def handle(self, *, reset: bool, **_options: Any) -> None:
        begun = time.perf_counter()
        password = os.environ.get("SS_DEMO_PASSWORD") or secrets.token_urlsafe(9)
        if reset:
            self._forget()
        try:
            load(password=password, now=timezone.now(), say=self._say)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self._say(f"Loaded in {time.perf_counter() - begun:.0f} s. Sign in as")
        for address in SIGN_INS:
            self.stdout.write(f"  {address}@example.com  {password}")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _forget(self) -> None:
        if Organisation.objects.filter(is_demo=False).exists():
            raise CommandError("This is a real company's database: --reset is for the demo only.")
        connections.close_all()
        with connections["owner"].cursor() as cursor:
            cursor.execute(FORGET_EVERYTHING)
        call_command("migrate", verbosity=0)

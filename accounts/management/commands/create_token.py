from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import tokens
from accounts.models import TokenScope, User
from supportsuccess import arguments, audit
from supportsuccess.errors import Refused


class Command(BaseCommand):
    help = "Make an API token for a person and print it alone; it can't be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scope", action="append", choices=TokenScope.values, required=True)
        parser.add_argument("--name", default="made on the command line")
        parser.add_argument("--days", type=arguments.days, default=90, help="until it ends (90)")

    def handle(
        self, *, email: str, scope: list[str], name: str, days: int, **_options: Any
    ) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody with the address {email} works here.")
        now = timezone.now()
        try:
            key = tokens.create_token(
                user,
                name=name,
                scopes=set(scope),
                expires_at=now + timedelta(days=days),
                by=audit.System("create_token"),
                at=now,
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(key)

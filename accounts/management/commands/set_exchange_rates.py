from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import rates
from supportsuccess import arguments, audit
from supportsuccess.errors import Refused


class Command(BaseCommand):
    help = "Say what one unit of a currency is worth in the company's own: GBP=1.16 USD=0.91."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rates", nargs="+", metavar="CODE=RATE")
        parser.add_argument("--on", type=arguments.day, help="from this day on (today)")

    def handle(self, *, on: date | None, **options: Any) -> None:
        try:
            rates.set_exchange_rates(
                dict(_read(pair) for pair in options["rates"]),
                on=on or datetime.now(UTC).date(),
                by=audit.System("set_exchange_rates"),
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("Amounts in these currencies count from the next computation on.")


def _read(pair: str) -> tuple[str, Decimal]:
    code, _, number = pair.partition("=")
    try:
        rate = Decimal(number)
    except InvalidOperation:
        raise CommandError(f"“{pair}” is not a currency and its rate, like USD=0.91.") from None
    if not (len(code) == 3 and code.isascii() and code.isupper() and rate.is_finite()):
        raise CommandError(f"“{pair}” is not a currency and its rate, like USD=0.91.")
    return code, rate

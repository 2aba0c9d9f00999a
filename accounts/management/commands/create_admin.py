import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import people
from accounts.models import Role
from supportsuccess import audit
from supportsuccess.errors import Refused


class Command(BaseCommand):
    help = "Make the first person: an administrator, who adds everybody else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Administrator")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *, email: str, name: str, password_stdin: bool, **_options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked_password()
        try:
            people.create_person(
                email,
                name=name,
                role=Role.ADMIN,
                password=password,
                by=audit.System("create_admin"),
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{email} can sign in now.")


def _asked_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Password again: "):
        raise CommandError("The two passwords differ.")
    return password

"""A new database: its tables, and the demo company on the first start."""

import os
from io import TextIOBase

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db.models import F, Value
from django.db.models.functions import Concat

from supportsuccess.embedded import paths

DEMO_DOMAIN = "@example.com"


def migrate(output: TextIOBase) -> None:
    call_command("migrate", verbosity=1, stdout=output)


def load_demo_once(output: TextIOBase) -> None:
    """Load the demo company into a database without people; a load that was cut short, again."""
    if "demo" not in get_commands():
        return
    unfinished = paths.make_state_dir() / "demo.unfinished"
    if get_user_model().objects.exists() and not unfinished.exists():
        return
    arguments = ["--reset"] if unfinished.exists() else []
    unfinished.touch()
    os.environ["SS_DEMO_PASSWORD"] = demo_password()
    call_command("demo", *arguments, stdout=output)
    unfinished.unlink()


def demo_password() -> str:
    """The one that was given, else one made on the first start."""
    given = os.environ.get("SS_DEMO_PASSWORD")
    if given:
        paths.keep_secret("demo_password", given)
    return paths.kept_secret("demo_password", length=9)


def demo_sign_ins() -> list[str]:
    """One sign-in per role: the people whose address is their role's name."""
    people = get_user_model().objects.filter(email=Concat(F("role"), Value(DEMO_DOMAIN)))
    return sorted(people.values_list("email", flat=True))

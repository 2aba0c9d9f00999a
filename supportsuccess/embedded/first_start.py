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


def how_to_sign_in() -> str:
    """One sign-in per role of the demo: the people whose address is their role's name."""
    people = get_user_model().objects.all()
    demo = people.filter(email=Concat(F("role"), Value(DEMO_DOMAIN))).order_by("email")
    if emails := list(demo.values_list("email", flat=True)):
        listed = "\n".join(f"  {email}" for email in emails)
        return f"Sign in as one of\n{listed}\nwith the password {demo_password()}"
    if people.exists():
        return "Sign in with your address and password"
    return "Nobody can sign in yet: make the first person with ./ss manage create_admin EMAIL"

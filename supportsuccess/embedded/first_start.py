"""A new database: its tables, and the demo company on the first start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOBase

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db.models import F, Value
from django.db.models.functions import Concat

from supportsuccess.embedded import paths
from supportsuccess.errors import Refused

DEMO_DOMAIN = "@example.com"
UNFINISHED, DEMO_PASSWORD = "demo.unfinished", "demo_password"


def migrate(output: TextIOBase) -> None:
    call_command("migrate", verbosity=1, stdout=output)


def load_demo_once(output: TextIOBase) -> None:
    """Load the demo company into a database without people; a load that was cut short, again."""
    if "demo" not in get_commands():
        return
    is_unfinished = (paths.make_state_dir() / UNFINISHED).exists()
    if get_user_model().objects.exists() and not is_unfinished:
        return
    call_command("demo", *(["--reset"] if is_unfinished else []), stdout=output)


@contextmanager
def loading_demo() -> Iterator[str]:
    """Yields the password of its people; a load that is cut short is known to the next start."""
    unfinished = paths.make_state_dir() / UNFINISHED
    unfinished.touch()
    password = os.environ.get("SS_DEMO_PASSWORD") or demo_password()
    try:
        yield password
    except Refused:
        unfinished.unlink()  # nothing was begun
        raise
    paths.keep_secret(DEMO_PASSWORD, password)
    unfinished.unlink()


def demo_password() -> str:
    """The one that its people were loaded with."""
    return paths.kept_secret(DEMO_PASSWORD, length=9)


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

"""`manage.py import_tickets` in small sections, killed at the n-th statement it sends."""

import os
import signal
import sys

import django
from django.core.management import call_command
from django.db import connection


def main(killed_at, *arguments):
    django.setup()
    from supportsuccess.imports import sections  # noqa: PLC0415 - after the setup
    from tickets.actions import recording  # noqa: PLC0415 - after the setup

    sections.ROWS_PER_SECTION = recording.ROWS_PER_SECTION = 40
    left = int(killed_at)

    def kill_in_time(execute, *call):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*call)

    with connection.execute_wrapper(kill_in_time):
        call_command("import_tickets", *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])

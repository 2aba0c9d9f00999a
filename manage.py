#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from supportsuccess.embedded.command import database_for_command
from supportsuccess.embedded.processes import CannotStart


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsuccess.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        with database_for_command(command):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        sys.exit(f"ss: {mistake}")
    except CannotStart as refusal:
        sys.exit(f"ss: {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell says it; a traceback would say nothing


if __name__ == "__main__":
    main()

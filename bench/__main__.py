"""`./ss bench [NAME…] [--json]`: every module bench/NAME.py that has a function `figures`."""

import argparse
import dataclasses
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable

import django

import bench
from bench.company import company_here
from bench.figures import HEADING, Figure
from supportsuccess.embedded.command import database_for_command
from supportsuccess.embedded.processes import CannotStart


def benchmarks() -> dict[str, Callable[[], Iterable[Figure]]]:
    found = {}
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name != "__main__":
            loaded = importlib.import_module(f"bench.{module.name}")
            if callable(figures := getattr(loaded, "figures", None)):
                found[module.name] = figures
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./ss bench", description=bench.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    return parser.parse_args()


def measure(wanted: list[str]) -> list[Figure]:
    known = benchmarks()
    if unknown := set(wanted) - known.keys():
        sys.exit(
            f"ss: there is no benchmark {', '.join(sorted(unknown))}; known: {', '.join(known)}"
        )
    print(HEADING)
    taken = []
    for name in wanted or known:
        for figure in known[name]():
            print(figure.as_line(), flush=True)
            taken.append(figure)
    return taken


def main() -> int:
    given = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsuccess.settings")
    try:
        with database_for_command("bench"):
            django.setup()
            company = company_here()
            print(company)
            taken = measure(given.names)
    except CannotStart as refusal:
        sys.exit(f"ss: {refusal}")
    if given.json:
        told = {
            "company": dataclasses.asdict(company),
            "is_for_benchmarks": company.is_for_benchmarks,
            "figures": [figure.as_json() for figure in taken],
        }
        print(json.dumps(told))
    return int(any(figure.verdict == "too slow" for figure in taken))


if __name__ == "__main__":
    sys.exit(main())

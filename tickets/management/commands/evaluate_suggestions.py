import csv
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from supportsuccess.errors import Refused
from supportsuccess.rates import Rate
from tickets.suggestions.figures import Figures, ValueFigures

if TYPE_CHECKING:
    from tickets.suggestions.fitting import Example

SEED = 0


class Command(BaseCommand):
    help = "Fit a text model to the rows of a file and print what it is worth on rows held out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file, perhaps compressed (.gz)")
        parser.add_argument("--text", action="append", required=True, help="a column of text")
        parser.add_argument("--label", required=True, help="the column to be told from the text")
        parser.add_argument(
            "--in-order",
            action="store_true",
            help="the rows are in the order of time: hold the last out",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: Path, text: list[str], label: str, **options: Any) -> None:
        from tickets.suggestions import fitting  # noqa: PLC0415 - statistics: this command alone waits

        begun = time.perf_counter()
        try:
            examples = _examples(file, text=text, label=label)
            if not options["in_order"]:
                random.Random(SEED).shuffle(examples)  # noqa: S311 - a split that can be repeated
            figures = fitting.fit(examples).figures
        except (OSError, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        report = _report(figures, seconds=time.perf_counter() - begun)
        self.stdout.write(json.dumps(report) if options["json"] else _as_text(report))


def _examples(file: Path, *, text: list[str], label: str) -> "list[Example]":
    """The rows with text and label; of equal texts the first, so that none is held out and seen."""
    from tickets.suggestions.fitting import Example  # noqa: PLC0415 - statistics: as above

    found: dict[str, Example] = {}
    for row in _rows(file, columns=[*text, label]):
        words = " ".join(filter(None, (row[name].strip() for name in text)))
        if words and row[label]:
            found.setdefault(words, Example(words, row[label]))
    return list(found.values())


def _rows(file: Path, *, columns: list[str]) -> Iterator[dict[str, str]]:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := set(columns) - set(reader.fieldnames or ()):
            there = ", ".join(reader.fieldnames or ())
            raise CommandError(
                f"There is no column {', '.join(sorted(missing))}; there is {there}."
            )
        yield from reader


def _report(figures: Figures, *, seconds: float) -> dict[str, Any]:
    return {
        "rows": figures.rows,
        "held_out": figures.held_out,
        "accuracy": _rate(figures.accuracy),
        "majority": {"value": figures.commonest, **_rate(figures.baseline)},
        "calibration_error": round(figures.calibration_error, 4),
        "suggested": _rate(figures.suggested),
        "suggested_right": _rate(figures.suggested_right),
        "values": {
            name: _value(value)
            for name, value in sorted(figures.values.items(), key=lambda item: -item[1].labels)
        },
        "bins": [each._asdict() for each in figures.bins],
        "seconds": round(seconds, 1),
    }


def _value(value: ValueFigures) -> dict[str, Any]:
    return {
        "labels": value.labels,
        "threshold": None if value.threshold is None else round(value.threshold, 3),
        "precision": _rate(value.precision),
        "recall": _rate(value.recall),
        "silence": value.silence,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "count": rate.part,
        "n": rate.n,
        "share": None if rate.share is None else round(rate.share, 4),
        "interval": None if rate.interval is None else [round(end, 4) for end in rate.interval],
    }


def _as_text(report: dict[str, Any]) -> str:
    lines = [
        f"{report['rows']:,} rows, {report['held_out']:,} of them held out, {report['seconds']} s",
        f"right           {_words(report['accuracy'])}",
        f"the commonest   {_words(report['majority'])}: {report['majority']['value']}",
        f"suggested       {_words(report['suggested'])}",
        f"of those right  {_words(report['suggested_right'])}",
        f"calibration is off by {report['calibration_error']:.1%} on average",
    ]
    for name, value in report["values"].items():
        told = value["silence"] and f"silent: {value['silence']}"
        told = told or f"precision {_words(value['precision'])}, recall {_words(value['recall'])}"
        lines.append(f"  {name} ({value['labels']:,} labels): {told}")
    return "\n".join(lines)


def _words(rate: dict[str, Any]) -> str:
    if rate["share"] is None:
        return "unknown"
    low, high = rate["interval"]
    return f"{rate['share']:.1%} ({low:.1%} to {high:.1%}, {rate['count']:,} of {rate['n']:,})"

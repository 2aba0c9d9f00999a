"""Importing a file from the command line: the same batch and jobs, in the command's own process.

A killed command is resumed by calling it again with the same file and options.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils import timezone

from supportsuccess.imports import actions, formats, queries
from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.imports.reading import MB
from supportsuccess.outbox import HERE, jobs

if TYPE_CHECKING:
    from supportsuccess.audit import System
    from supportsuccess.outbox.models import Job

BAR_WIDTH = 30


def check_file(path: Path, *, format_name: str, options: dict[str, Any], by: System) -> ImportBatch:
    """Upload a file and check all its rows, or go on where a killed command stopped.

    Raises CommandError for a file that can't be read as a whole, and Refused.
    """
    batch = _unfinished(path, format_name, options) or actions.upload_file(
        _blocks(path), file_name=path.name, format=format_name, options=options, by=by
    )
    if batch.state == BatchState.UPLOADED:
        actions.check_import(batch, by=by, queue=HERE)
    return _finished(batch, while_in=BatchState.CHECKING, told="Checking")


def run_file(batch: ImportBatch, *, by: System) -> ImportBatch:
    """Import a checked file. Raises CommandError when it failed half-way, and Refused."""
    if batch.state == BatchState.CHECKED:
        actions.run_import(batch, by=by, at=timezone.now(), queue=HERE)
    return _finished(batch, while_in=BatchState.RUNNING, told="Importing")


def read_options(format_name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The options of a format, judged by its form. Raises CommandError."""
    form = formats.find(format_name).options_form(given)
    unknown = sorted(name for name, value in given.items() if value and name not in form.fields)
    if unknown:
        raise CommandError(f"The format {format_name} takes no --{unknown[0].replace('_', '-')}.")
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise CommandError(f"--{name.replace('_', '-')}: {errors[0]}")
    return dict(form.cleaned_data)


def write_refusals(batch: ImportBatch, path: Path | None) -> str:
    """Write the refused rows as CSV where there are any; the file's name."""
    if not batch.refusals.exists():
        return ""
    target = path or Path(f"{Path(batch.file_name).name}.refused.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        file.writelines(queries.refusals_csv(batch))
    return str(target)


def _finished(batch: ImportBatch, *, while_in: BatchState, told: str) -> ImportBatch:
    batch.refresh_from_db()
    if batch.state == while_in and batch.job is not None:
        job = jobs.run_here(batch.job, progress=_bar(told))
        batch.refresh_from_db()
        if batch.state == BatchState.FAILED:
            raise CommandError(" ".join(job.errors) or f"{told} was cancelled.")
    return batch


def _unfinished(path: Path, format_name: str, options: dict[str, Any]) -> ImportBatch | None:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return queries.unfinished(
        sha256=digest.hexdigest(), format_name=format_name, options=options
    ).first()


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(MB):
                yield block
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error


def _bar(told: str) -> Callable[[Job], None]:
    if not sys.stderr.isatty():
        return lambda _job: None

    def show(job: Job) -> None:
        percent = job.percent or 0
        filled = "█" * (percent * BAR_WIDTH // 100)
        end = "" if job.is_open else "\n"
        sys.stderr.write(f"\r{told:<10} {filled:░<{BAR_WIDTH}} {percent:3d} %{end}")
        sys.stderr.flush()

    return show

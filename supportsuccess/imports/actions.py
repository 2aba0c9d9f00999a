"""Upload, check, run, undo. The work itself is done by jobs."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.imports import formats
from supportsuccess.imports.models import BatchState, ImportBatch, ImportChunk
from supportsuccess.imports.reading import MAX_FILE, MB
from supportsuccess.lists.cells import day_text
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Job
from supportsuccess.people import Actor

BUSY = {
    BatchState.CHECKING: "This file is being checked. Wait until that has ended.",
    BatchState.RUNNING: "This file is being imported. Wait until that has ended.",
    BatchState.UNDONE: "This import was undone. Upload the file again to import it anew.",
}


@transaction.atomic
def upload_file(
    blocks: Iterable[bytes],
    *,
    file_name: str,
    format: str,  # noqa: A002 - the word of the page, the command and the table
    options: dict[str, Any],
    by: Actor,
) -> ImportBatch:
    """Store a file for an import. Raises Refused when it is empty or larger than 50 MB."""
    formats.find(format)
    with audit.group("upload_file", by=by):
        batch = ImportBatch.objects.create(
            format=format,
            file_name=file_name.replace("\0", "")[-200:],
            sha256="",
            size=0,
            options=options,
            by_id=by.pk,
            by_label=str(by),
        )
        batch.sha256, batch.size = _store_chunks(batch, blocks)
        batch.save(update_fields=["sha256", "size"])
    return batch


@transaction.atomic
def check_import(batch: ImportBatch, *, by: Actor, queue: str = outbox.LONG) -> Job:
    """Read the whole file and judge every row. Raises Refused when it is busy or was run."""
    with audit.group("check_import", batch, by=by):
        batch = _locked(batch)
        if batch.run_at is not None:
            raise Refused(BUSY.get(BatchState(batch.state), "This file was imported already."))
        _refuse_unless(batch, BatchState.UPLOADED, BatchState.CHECKED, BatchState.FAILED)
        steps = [{"batch_id": batch.pk}]
        job = jobs.start(
            "check_import", title=f"Check {batch.file_name}", by=by, steps=steps, queue=queue
        )
        _begin(batch, BatchState.CHECKING, job)
    return job


@transaction.atomic
def run_import(
    batch: ImportBatch,
    *,
    by: Actor,
    at: datetime,
    queue: str = outbox.LONG,
) -> Job:
    """Import a checked file. Raises Refused when it has not been checked, or nothing is left."""
    with audit.group("run_import", batch, by=by):
        batch = _locked(batch)
        _refuse_unless(batch, BatchState.CHECKED)
        if not batch.row_count:
            raise Refused("No row of this file can be used. See why in its refusals.")
        job = jobs.start(
            "run_import",
            title=f"Import {batch.file_name}",
            by=by,
            steps=[{"batch_id": batch.pk, "section": 0}],
            total=batch.row_count,
            queue=queue,
        )
        batch.run_at = at
        _begin(batch, BatchState.RUNNING, job)
    return job


@transaction.atomic
def undo_import(
    batch: ImportBatch,
    *,
    by: Actor,
    at: datetime,
    queue: str = outbox.LONG,
) -> Job:
    """Withdraw an import at once and retire what it created. Raises Refused after seven days."""
    with audit.group("undo_import", batch, by=by):
        batch = _locked(batch)
        _refuse_unless(batch, BatchState.DONE, BatchState.FAILED)
        until = batch.can_be_undone_until
        if until is None:
            raise Refused("This file was never imported: there is nothing to undo.")
        if at > until:
            raise Refused(f"An import can be undone for 7 days; this was until {day_text(until)}.")
        job = jobs.start(
            "undo_import",
            title=f"Undo {batch.file_name}",
            by=by,
            steps=[{"batch_id": batch.pk}],
            total=1,
            queue=queue,
        )
        batch.withdrawn_at = at
        _begin(batch, BatchState.UNDONE, job)
    return job


def _store_chunks(batch: ImportBatch, blocks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for number, chunk in enumerate(_megabytes(blocks)):
        size += len(chunk)
        if size > MAX_FILE:
            raise Refused(
                "The file is larger than 50 MB. Pack it with gzip or split it.", field="file"
            )
        digest.update(chunk)
        ImportChunk.objects.create(batch=batch, number=number, content=chunk)
    if not size:
        raise Refused("The file is empty. Choose the file that was exported.", field="file")
    return digest.hexdigest(), size


def _megabytes(blocks: Iterable[bytes]) -> Iterable[bytes]:
    waiting = bytearray()
    for block in blocks:
        waiting += block
        while len(waiting) >= MB:
            yield bytes(waiting[:MB])
            del waiting[:MB]
    if waiting:
        yield bytes(waiting)


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)


def _refuse_unless(batch: ImportBatch, *states: BatchState) -> None:
    if batch.state not in states:
        told = BUSY.get(BatchState(batch.state), "Check this file first, then import it.")
        raise Refused(told)


def _begin(batch: ImportBatch, state: BatchState, job: Job) -> None:
    batch.state, batch.job = state, job
    batch.save(update_fields=["state", "job", "run_at", "withdrawn_at"])

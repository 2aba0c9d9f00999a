"""What the page of an import's job shows: the import itself, and what was refused."""

from datetime import datetime
from typing import Any

from supportsuccess.imports.models import ImportBatch
from supportsuccess.outbox.details import Details, describes
from supportsuccess.outbox.models import Job


@describes("check_import", "run_import", "undo_import")
def describe(job: Job, user: Any, _now: datetime) -> Details:
    """The import that a job checks, runs or undoes, for whoever may see it."""
    batches = ImportBatch.objects.visible_to(user)
    batch = batches.filter(pk=job.arguments[0]["batch_id"]).first()
    refused = batch.refusals.values("row").distinct().count() if batch else 0
    return Details("imports/job_details.html", {"batch": batch, "refused": refused})

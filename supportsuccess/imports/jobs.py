"""The steps that check, run and undo an import."""

from datetime import datetime

from django.utils import timezone

from supportsuccess import outbox
from supportsuccess.imports import formats, sections
from supportsuccess.imports.formats import Outcome
from supportsuccess.imports.models import (
    KEEP_FILES_FOR,
    BatchState,
    ImportBatch,
    ImportChunk,
    ImportSection,
    RefusalPhase,
)
from supportsuccess.outbox import jobs, schedules
from supportsuccess.outbox.models import Job, JobState


@jobs.step("check_import")
def check_section(job: Job, *, batch_id: int, section: int | None = None) -> None:
    """First read the whole file, then check a section a step."""
    batch = ImportBatch.objects.get(pk=batch_id)
    if section is None:
        _read_file(job, batch)
        return
    outcome = formats.find(batch.format).check(sections.load(batch, section))
    _note(job, batch, outcome, phase=RefusalPhase.CHECK)
    _go_on(job, batch, section)


@jobs.step("run_import")
def run_section(job: Job, *, batch_id: int, section: int | None = None) -> None:
    """Import a section a step, then let the format finish."""
    batch = ImportBatch.objects.get(pk=batch_id)
    if section is None:
        formats.find(batch.format).finish(batch)
        return
    if section == 0:
        _take_over_refusals(job, batch)
    outcome = formats.find(batch.format).run(sections.load(batch, section))
    _note(job, batch, outcome, phase=RefusalPhase.RUN)
    _go_on(job, batch, section)
    if section + 1 == batch.sections.count():
        job.then(batch_id=batch.pk)


@jobs.step("undo_import")
def undo(job: Job, *, batch_id: int) -> None:
    """Retire what a withdrawn batch created."""
    batch = ImportBatch.objects.get(pk=batch_id)
    formats.find(batch.format).undo(batch)
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    job.advance(1)


@jobs.ending("check_import")
def end_check(job: Job) -> None:
    """Say how the check ended; a cancelled one may begin again."""
    state = BatchState.CHECKED if job.state == JobState.DONE else BatchState.FAILED
    _end(job, state, checked_at=job.finished_at)


@jobs.ending("run_import")
def end_run(job: Job) -> None:
    """Say how the import ended; one that failed half-way can be undone."""
    _end(job, BatchState.DONE if job.state == JobState.DONE else BatchState.FAILED)


@schedules.daily("forget_import_files", hour_utc=3)
def promise_forgetting_files(*, due_at: datetime) -> None:
    outbox.promise("forget_import_files", queue=outbox.LONG, at=due_at.isoformat())


@outbox.handler("forget_import_files")
def forget_files(*, at: str) -> None:
    """Delete the files themselves, which hold personal data; what became of them stays."""
    old = ImportBatch.objects.filter(
        uploaded_at__lt=datetime.fromisoformat(at) - KEEP_FILES_FOR
    ).exclude(state__in=[BatchState.CHECKING, BatchState.RUNNING])
    ImportChunk.objects.filter(batch__in=old).delete()
    ImportSection.objects.filter(batch__in=old).delete()


def _read_file(job: Job, batch: ImportBatch) -> None:
    batch.refusals.all().delete()
    outcome = sections.cut(batch)
    batch.save(update_fields=["encoding", "delimiter", "columns", "row_count"])
    _note(job, batch, outcome, phase=RefusalPhase.READ)
    job.set_total(batch.row_count)
    if batch.row_count:
        job.then(batch_id=batch.pk, section=0)


def _take_over_refusals(job: Job, batch: ImportBatch) -> None:
    if formats.find(batch.format).reads_again:
        batch.refusals.filter(phase=RefusalPhase.CHECK).delete()
    refused = batch.refusals.values("row").distinct().count()
    job.add_to_result(**{"rows.refused": refused})


def _go_on(job: Job, batch: ImportBatch, section: int) -> None:
    job.advance(batch.sections.get(number=section).row_count)
    if batch.sections.filter(number=section + 1).exists():
        job.then(batch_id=batch.pk, section=section + 1)


def _note(job: Job, batch: ImportBatch, outcome: Outcome, *, phase: RefusalPhase) -> None:
    sections.refuse(batch, phase, outcome.refusals)
    outcome.count("rows", refused=len({refusal.row for refusal in outcome.refusals}))
    for kind, numbers in outcome.counts.items():
        job.add_to_result(**{f"{kind}.{name}": number for name, number in numbers.items()})


def _end(job: Job, state: BatchState, **moments: datetime | None) -> None:
    batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=job.arguments[0]["batch_id"])
    batch.state, batch.counts = state, _by_kind(job.result)
    for name, moment in moments.items():
        setattr(batch, name, moment)
    batch.save(update_fields=["state", "counts", *moments])


def _by_kind(result: dict[str, int]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for key, number in sorted(result.items()):
        kind, _, name = key.rpartition(".")
        counts.setdefault(kind, {})[name] = number
    return counts

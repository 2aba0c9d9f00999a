from collections.abc import Iterator, Sequence

import pytest

from supportsuccess import audit, outbox
from supportsuccess.imports import Format, Outcome, Section, actions, formats, register
from supportsuccess.imports.models import ImportBatch
from supportsuccess.outbox import jobs

BY = audit.System("test")


class Fruit(Format):
    """A format of these tests: keeps what it was given instead of writing rows."""

    name = "fruit"
    label = "Fruit"
    required_columns = ("name",)

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.called: list[str] = []

    def check(self, section: Section) -> Outcome:
        self.called.append(f"check {section.number}")
        return self._judge(section)

    def run(self, section: Section) -> Outcome:
        self.called.append(f"run {section.number}")
        outcome = self._judge(section)
        self.stored += [row["name"] for _, row in section.rows() if row["name"]]
        return outcome

    def finish(self, batch: ImportBatch) -> None:
        self.called.append("finish")

    def undo(self, batch: ImportBatch) -> None:
        self.called.append("undo")
        self.stored.clear()

    def _judge(self, section: Section) -> Outcome:
        outcome = Outcome()
        for number, row in section.rows():
            if row["name"]:
                outcome.count("fruit", created=1)
            else:
                outcome.refuse(number, "name", "is empty", value="=1+1")
        return outcome


@pytest.fixture
def fruit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fruit]:
    """The only format there is, whatever the apps register."""
    monkeypatch.setattr(formats, "registered", {})
    monkeypatch.setattr(formats, "load", lambda: None)
    registered = Fruit()
    register(registered)
    return registered


def upload(*blocks: bytes, **options: str) -> ImportBatch:
    return actions.upload_file(
        blocks, file_name="fruit.csv", format="fruit", options=options, by=BY
    )


def checked(*blocks: bytes, **options: str) -> ImportBatch:
    batch = upload(*blocks, **options)
    jobs.run_here(actions.check_import(batch, by=BY, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def errors(batch: ImportBatch) -> Sequence[str]:
    assert batch.job is not None
    return batch.job.errors

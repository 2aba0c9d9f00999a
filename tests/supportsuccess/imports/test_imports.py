from datetime import timedelta

import pytest
from django.utils import timezone

from supportsuccess import outbox
from supportsuccess.audit.models import Change, EventGroup
from supportsuccess.errors import Refused
from supportsuccess.imports import actions, formats, queries, register, sections
from supportsuccess.imports import jobs as import_jobs
from supportsuccess.imports.models import BatchState, ImportBatch, ImportChunk, ImportSection
from supportsuccess.imports.reading import MB
from supportsuccess.outbox import jobs
from tests.supportsuccess.imports.conftest import BY, Fruit, checked, errors, upload

pytestmark = pytest.mark.django_db
NOW = timezone.now()
FILE = b"name,colour\napple,red\n,blue\npear,green,yellow\nplum,blue\n"


def run(batch: ImportBatch) -> ImportBatch:
    jobs.run_here(actions.run_import(batch, by=BY, at=NOW, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def undo(batch: ImportBatch) -> ImportBatch:
    jobs.run_here(actions.undo_import(batch, by=BY, at=NOW, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def test_check_counts_refuses_and_writes_nothing(fruit: Fruit) -> None:
    batch = checked(FILE)

    assert batch.state == BatchState.CHECKED
    assert batch.counts == {"fruit": {"created": 2}, "rows": {"refused": 2}}
    assert (batch.row_count, batch.columns, batch.delimiter) == (3, ["name", "colour"], ",")
    assert fruit.stored == []


def test_preview_shows_the_first_rows(fruit: Fruit) -> None:
    assert queries.preview_rows(checked(FILE))[0] == [2, ["apple", "red"]]
    assert queries.preview_rows(upload(FILE)) == []


def test_refusals_are_handed_out_as_harmless_csv(fruit: Fruit) -> None:
    assert list(queries.refusals_csv(checked(FILE))) == [
        "row,column,reason,value\r\n",
        "3,name,is empty,'=1+1\r\n",
        "4,,has 3 cells where the header has 2,\r\n",
    ]


def test_run_takes_every_section_then_finishes(
    fruit: Fruit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "ROWS_PER_SECTION", 2)
    batch = run(checked(FILE))

    assert batch.state == BatchState.DONE
    assert batch.counts == {"fruit": {"created": 2}, "rows": {"refused": 2}}
    assert fruit.stored == ["apple", "plum"]
    assert fruit.called == ["check 0", "check 1", "run 0", "run 1", "finish"]
    assert batch.job is not None
    assert (batch.job.done, batch.job.total) == (3, 3)
    assert batch.refusals.count() == 2


def test_import_is_one_group_of_the_audit(fruit: Fruit) -> None:
    batch = run(checked(FILE))

    group = EventGroup.objects.of(batch).get(action="run_import")
    states = Change.objects.of(batch).filter(group=group, after__has_key="state")
    assert [change.after["state"] for change in states.order_by("pk")] == ["running", "done"]


def test_same_file_may_be_imported_twice_and_is_known(fruit: Fruit) -> None:
    first, second = run(checked(FILE)), checked(FILE)

    assert list(ImportBatch.objects.same_file_as(second)) == [first]
    assert run(second).state == BatchState.DONE


def test_undo_withdraws_at_once_and_retires_later(fruit: Fruit) -> None:
    batch = run(checked(FILE))
    actions.undo_import(batch, by=BY, at=NOW)
    batch.refresh_from_db()

    assert (batch.state, batch.withdrawn_at, batch.undone_at) == (BatchState.UNDONE, NOW, None)
    outbox.deliver_due()
    batch.refresh_from_db()
    assert batch.undone_at is not None
    assert fruit.stored == []


def test_undone_file_may_be_imported_again_from_a_new_upload(fruit: Fruit) -> None:
    undone = undo(run(checked(FILE)))

    with pytest.raises(Refused, match="Upload the file again"):
        actions.check_import(undone, by=BY)
    again = checked(FILE)
    assert not ImportBatch.objects.same_file_as(again).exists()
    assert run(again).state == BatchState.DONE


def test_undo_is_refused_after_seven_days(fruit: Fruit) -> None:
    batch = run(checked(FILE))

    with pytest.raises(Refused, match="7 days"):
        actions.undo_import(batch, by=BY, at=NOW + timedelta(days=8))


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (upload, "Check this file first"),
        (lambda content: run(checked(content)), "Check this file first"),
    ],
)
def test_only_a_checked_file_is_run(fruit: Fruit, prepare: object, told: str) -> None:
    assert callable(prepare)
    batch = prepare(FILE)

    with pytest.raises(Refused, match=told):
        actions.run_import(batch, by=BY, at=NOW)


def test_file_being_checked_is_not_checked_again(fruit: Fruit) -> None:
    batch = upload(FILE)
    actions.check_import(batch, by=BY)

    with pytest.raises(Refused, match="being checked"):
        actions.check_import(batch, by=BY)


def test_imported_file_is_not_checked_again(fruit: Fruit) -> None:
    with pytest.raises(Refused, match="imported already"):
        actions.check_import(run(checked(FILE)), by=BY)


def test_unreadable_file_fails_its_check_with_the_reason(fruit: Fruit) -> None:
    batch = checked(b"colour\nred\n")

    assert batch.state == BatchState.FAILED
    assert "The column 'name' is missing" in errors(batch)[0]


def test_file_without_rows_is_refused(fruit: Fruit) -> None:
    assert "header and no rows" in errors(checked(b"name,colour\n"))[0]


def test_file_whose_rows_are_all_unreadable_is_not_run(fruit: Fruit) -> None:
    batch = checked(b"name,colour\na,b,c\n")

    with pytest.raises(Refused, match="No row"):
        actions.run_import(batch, by=BY, at=NOW)


def test_encoding_can_be_given_when_the_found_one_is_wrong(fruit: Fruit) -> None:
    batch = checked("name,colour\nZoë,red\n".encode(), encoding="cp1252")

    assert batch.encoding == "cp1252"
    assert queries.preview_rows(batch)[0][1][0] == "ZoÃ«"


def test_cancelled_run_fails_and_can_be_undone(fruit: Fruit) -> None:
    batch = checked(FILE)
    jobs.cancel(actions.run_import(batch, by=BY, at=NOW), by=BY)
    batch.refresh_from_db()

    assert batch.state == BatchState.FAILED
    assert undo(batch).state == BatchState.UNDONE


def test_check_that_failed_can_be_repeated(fruit: Fruit) -> None:
    batch = checked(b"colour\nred\n")
    fruit.required_columns = ("colour",)
    jobs.run_here(actions.check_import(batch, by=BY, queue=outbox.HERE))

    batch.refresh_from_db()
    assert batch.columns == ["colour"]


def test_upload_is_stored_by_the_megabyte_with_its_hash(fruit: Fruit) -> None:
    batch = upload(b"a" * (MB - 1), b"bb" * MB)

    assert batch.size == 3 * MB - 1
    sizes = [len(chunk.content) for chunk in batch.chunks.order_by("number")]
    assert sizes == [MB, MB, MB - 1]
    assert b"".join(sections.stored_blocks(batch)) == b"a" * (MB - 1) + b"bb" * MB


def test_upload_over_the_limit_is_refused_and_leaves_nothing(
    fruit: Fruit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MAX_FILE", MB)

    with pytest.raises(Refused, match="larger than 50 MB"):
        upload(b"a" * MB, b"b")
    assert not ImportBatch.objects.exists()
    assert not ImportChunk.objects.exists()


def test_empty_upload_is_refused(fruit: Fruit) -> None:
    with pytest.raises(Refused, match="file is empty"):
        upload(b"")


def test_unknown_format_is_refused_naming_the_known_ones(fruit: Fruit) -> None:
    with pytest.raises(Refused, match="fruit"):
        formats.find("nobody_knows")


def test_formats_are_offered_by_name_and_label_once(fruit: Fruit) -> None:
    assert ("fruit", "Fruit") in formats.choices()
    with pytest.raises(ValueError, match="two import formats"):
        register(Fruit())


def test_files_are_forgotten_after_a_month_and_their_refusals_kept(fruit: Fruit) -> None:
    batch = run(checked(FILE))

    import_jobs.forget_files(at=(NOW + timedelta(days=29)).isoformat())
    assert ImportSection.objects.exists()
    import_jobs.forget_files(at=(NOW + timedelta(days=31)).isoformat())
    assert not ImportSection.objects.exists()
    assert not ImportChunk.objects.exists()
    assert batch.refusals.exists()


class Person:
    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def has_perm(self, permission: str) -> bool:
        return permission in self.permissions


@pytest.mark.parametrize(("permissions", "seen"), [((), 0), (("imports.run_import",), 1)])
def test_imports_are_seen_by_those_who_may_import(
    fruit: Fruit, permissions: tuple[str, ...], seen: int
) -> None:
    upload(FILE)

    assert ImportBatch.objects.visible_to(Person(*permissions)).count() == seen  # type: ignore[arg-type]  # a stand-in

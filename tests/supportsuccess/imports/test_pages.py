import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from supportsuccess import outbox
from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.lists.table import PAGE_SIZE
from supportsuccess.outbox.models import Job
from tests.counting import count_queries
from tests.factories.imports import BatchFactory
from tests.factories.people import UserFactory
from tests.tickets.adapters.files import BY, csv_bytes, imported, incident, servicenow_row
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
NEW = "/imports/new/?format=servicenow"


@pytest.fixture
def lead(client):
    person = UserFactory(role=Role.LEAD)
    client.force_login(person)
    return person


def upload(client, rows, **fields):
    file = SimpleUploadedFile("log.csv.gz", csv_bytes(rows, packed=True))
    return client.post(NEW, {"file": file, **fields})


def test_imports_are_empty_with_a_way_to_begin(client, lead):
    page = client.get(reverse("imports:list")).content.decode()

    assert "Nothing was imported yet" in page
    assert reverse("imports:new") in page


def test_imports_beyond_a_page_stand_on_the_next(client, lead):
    first, *_ = BatchFactory.create_batch(PAGE_SIZE + 1)

    listing = client.get(reverse("imports:list")).context["listing"]
    later = client.get(reverse("imports:list") + listing.next_url).context["listing"]

    assert len(listing.page.rows) == PAGE_SIZE
    assert [row.pk for row in later.page.rows] == [first.pk]


def test_imports_are_found_by_file_state_and_format(client, lead):
    failed = BatchFactory(file_name="may.csv", state=BatchState.FAILED, format="servicenow")
    BatchFactory(file_name="may.csv", format="servicenow")

    page = client.get("/imports/?q=may&state=failed&format=servicenow&format=italian")

    assert [row.pk for row in page.context["listing"].page.rows] == [failed.pk]


def test_upload_offers_each_format_with_its_own_options(client, lead):
    of_servicenow = client.get(NEW).content.decode()
    of_italian = client.get("/imports/new/?format=italian").content.decode()

    assert 'name="shift_to"' in of_servicenow
    assert 'name="customer"' not in of_servicenow
    assert 'name="customer"' in of_italian


def test_upload_checks_then_runs_then_undoes(client, lead):
    rows = [*incident("INC001"), servicenow_row(number="INC002", incident_state="-100")]

    answer = upload(client, rows)
    batch = ImportBatch.objects.get()
    outbox.deliver_due()
    checked = client.get(answer.url).content.decode()
    client.post(reverse("imports:run", args=[batch.pk]))
    outbox.deliver_due()
    done = client.get(answer.url).content.decode()
    client.post(reverse("imports:undo", args=[batch.pk]))
    outbox.deliver_due()

    assert answer.url == reverse("imports:detail", args=[batch.pk])
    assert "Importing it would come to" in checked
    assert "What it came to" in done
    assert "Undo this import" in done
    assert Ticket.objects.get().retired_at is not None
    assert ImportBatch.objects.get().state == BatchState.UNDONE


def test_upload_of_an_empty_file_says_so(client, lead):
    answer = client.post(NEW, {"file": SimpleUploadedFile("log.csv", b"")})

    assert answer.status_code == 422


def test_upload_refuses_a_day_that_is_yet_to_come(client, lead):
    answer = upload(client, incident("INC001"), shift_to="2999-01-01")

    assert answer.status_code == 422
    assert "Choose today or an earlier day." in answer.content.decode()


def test_import_page_polls_while_its_job_is_open(client, lead):
    answer = upload(client, incident("INC001"))
    waiting = client.get(answer.url).content.decode()
    outbox.deliver_due()
    part = client.get(answer.url, headers={"HX-Request": "true", "HX-Target": "import"})

    assert 'hx-trigger="every 2s"' in waiting
    assert b"hx-trigger" not in part.content
    assert part.content.strip().startswith(b'<div id="import"')


def test_import_page_says_that_a_log_was_moved(client, lead):
    answer = upload(client, incident("INC001"), shift_to="2026-03-04")

    assert "ends just before 2026-03-04" in client.get(answer.url).content.decode()


def test_refusals_are_a_file(client, lead):
    batch = imported(
        [*incident("INC001"), servicenow_row(number="INC002", priority="=1+1")], at=timezone.now()
    )

    answer = client.get(reverse("imports:refusals", args=[batch.pk]))

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "row,column,reason,value"
    assert lines[1].startswith("5,priority,")
    assert lines[1].endswith(",'=1+1")


def test_refusals_are_grouped_by_kind_on_the_page(client, lead):
    bad = [servicenow_row(number=f"INC{n}", incident_state="-100") for n in range(3)]
    batch = imported([*incident("INC001"), *bad], at=timezone.now())

    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()

    assert "incident_state" in page
    assert "Row 5, incident_state: “-100” is not one of New" in re.sub(r"\s+", " ", page)


def test_run_of_an_unchecked_file_is_refused(client, lead):
    upload(client, incident("INC001"))

    answer = client.post(reverse("imports:run", args=[ImportBatch.objects.get().pk]))

    assert answer.status_code == 409


def test_run_twice_runs_once(client, lead):
    upload(client, incident("INC001"))
    outbox.deliver_due()
    url = reverse("imports:run", args=[ImportBatch.objects.get().pk])

    first, second = client.post(url), client.post(url)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Job.objects.filter(kind="run_import").count() == 1


def test_imports_cost_the_same_queries_for_many_as_for_one(client, lead):
    imported(incident("INC001"), at=timezone.now())
    one = count_queries(client, reverse("imports:list"))
    for number in range(3):
        imported(incident(f"INC10{number}"), at=timezone.now())

    assert count_queries(client, reverse("imports:list")) == one


def test_job_page_shows_progress_and_result(client, lead):
    answer = upload(client, incident("INC001"))
    job = Job.objects.get()
    waiting = client.get(reverse("outbox:job", args=[job.pk])).content.decode()
    outbox.deliver_due()
    done = client.get(reverse("outbox:job", args=[job.pk])).content.decode()

    assert answer.status_code == 302
    assert 'hx-trigger="every 2s"' in waiting
    assert reverse("imports:detail", args=[ImportBatch.objects.get().pk]) in done
    assert "Took" in done
    assert "Cancel before" not in done


def test_job_page_of_an_import_offers_what_was_refused(client, lead):
    upload(client, [*incident("INC001"), servicenow_row(number="INC002", incident_state="-100")])
    outbox.deliver_due()

    page = client.get(reverse("outbox:job", args=[Job.objects.get().pk])).content.decode()

    assert reverse("imports:refusals", args=[ImportBatch.objects.get().pk]) in page


def test_job_can_be_cancelled_before_it_begins(client, lead):
    upload(client, incident("INC001"))
    job = Job.objects.get()

    client.post(reverse("outbox:job_cancel", args=[job.pk]))
    again = client.post(reverse("outbox:job_cancel", args=[job.pk]))

    assert Job.objects.get().state == "cancelled"
    assert ImportBatch.objects.get().state == BatchState.FAILED
    assert again.status_code == 409


def test_jobs_are_ones_own(client, lead):
    imported(incident("INC001"), at=timezone.now(), by=BY)

    page = client.get(reverse("outbox:jobs")).content.decode()
    job = Job.objects.order_by("pk")[0]

    assert "No jobs" in page
    assert client.get(reverse("outbox:job", args=[job.pk])).status_code == 404

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from supportsuccess.audit import operations
from supportsuccess.audit.models import EventGroup, OperationResult

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.supportsuccess.audit.pages")]
ID = "9f0c1f1e-6a51-4f0e-9a0e-8a1f2b3c4d5e"
ANN, BEA = {"X-Person": "7"}, {"X-Person": "8"}


@pytest.fixture(autouse=True)
def _sign_in_by_header(settings: Settings) -> None:
    settings.MIDDLEWARE = [
        "tests.supportsuccess.audit.pages.SignInByHeader",
        "supportsuccess.audit.middleware.OperationMiddleware",
    ]


@pytest.fixture
def _no_answer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "ANSWERED_WITHIN", timedelta(0))


def send(path: str, form: dict[str, Any] | None = None, **headers: str) -> Any:
    client = Client(raise_request_exception=False)
    form = {"operation_id": ID, "text": "hello"} | (form or {})
    return client.post(path, form, headers=ANN | headers)


def notes() -> int:
    return EventGroup.objects.filter(action="make_note").count()


def test_form_sent_twice_is_done_once_and_answered_with_the_first_location() -> None:
    first, second = send("/make/"), send("/make/")

    assert notes() == 1
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.headers["Location"] == first.headers["Location"]


def test_forms_without_an_operation_id_are_each_done() -> None:
    send("/make/", {"operation_id": ""})
    send("/make/", {"operation_id": ""})

    assert notes() == 2


def test_same_operation_id_of_another_person_is_done() -> None:
    send("/make/")
    send("/make/", **BEA)

    assert notes() == 2


def test_same_operation_id_with_other_content_is_refused() -> None:
    send("/make/")

    answer = send("/make/", {"text": "other"})

    assert answer.status_code == 422
    assert "already used with other content" in answer.content.decode()
    assert "<h1" in answer.content.decode()
    assert notes() == 1


def test_what_a_script_sent_is_refused_where_it_looks() -> None:
    send("/make/")

    answer = send("/make/", {"text": "other"}, **{"HX-Request": "true"})

    assert answer.status_code == 422
    assert answer.content.decode().strip().startswith('<div class="notice notice-bad"')


def test_same_operation_id_with_another_file_is_refused() -> None:
    send("/make/", {"file": SimpleUploadedFile("a.csv", b"1")})

    assert send("/make/", {"file": SimpleUploadedFile("a.csv", b"2")}).status_code == 422


def test_repeat_may_carry_another_csrf_token() -> None:
    send("/make/", {"csrfmiddlewaretoken": "one"})

    assert send("/make/", {"csrfmiddlewaretoken": "two"}).status_code == 302
    assert notes() == 1


def test_second_action_of_a_request_does_not_collide_with_the_first() -> None:
    send("/both/")

    groups = EventGroup.objects.latest_first().values_list("action", "operation_id")[:2]
    assert list(groups) == [("read_note", None), ("make_note", UUID(ID))]


def test_refused_operation_may_be_tried_again() -> None:
    assert [send("/refuse/").status_code, send("/refuse/").status_code] == [409, 409]


def test_htmx_form_sent_twice_goes_to_the_first_location() -> None:
    first = send("/make/")

    again = send("/make/", **{"HX-Request": "true"})

    assert again.status_code == 200
    assert again.headers["HX-Redirect"] == first.headers["Location"]


@pytest.mark.usefixtures("_no_answer_is_waited_for")
def test_repeat_after_a_lost_answer_returns_to_the_page_it_came_from() -> None:
    send("/break/")

    again = send("/break/", Referer="http://testserver/tickets/?q=1")

    assert (again.status_code, again.headers["Location"]) == (302, "/tickets/?q=1")
    assert notes() == 1


@pytest.mark.usefixtures("_no_answer_is_waited_for")
def test_repeat_after_a_lost_answer_never_leads_to_another_site() -> None:
    send("/break/")

    again = send("/break/", Referer="https://elsewhere.example/")

    assert again.headers["Location"] == "/"


def test_api_repeat_gets_the_stored_answer() -> None:
    key = {"Idempotency-Key": "order 17"}
    first, second = send("/api/", {}, **key), send("/api/", {}, **key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["Content-Type"] == "application/json"


def test_api_repeat_without_a_stored_answer_serializes_again() -> None:
    key = {"Idempotency-Key": ID}
    first = send("/api/", {}, **key)
    OperationResult.objects.all().delete()

    assert send("/api/", {}, **key).json() == {"again": first.json()["note"]}


def test_answer_that_must_not_be_stored_is_not() -> None:
    send("/secret/")

    assert bytes(OperationResult.objects.get().body) == b""


def test_old_answers_are_deleted() -> None:
    send("/make/")

    assert operations.delete_old_results(at=timezone.now()) == 0
    assert operations.delete_old_results(at=timezone.now() + timedelta(days=8)) == 1


def test_request_id_is_taken_over_noted_and_returned() -> None:
    response = send("/make/", **{"X-Request-ID": "from-the-proxy.1"})

    assert response.headers["X-Request-ID"] == "from-the-proxy.1"
    assert EventGroup.objects.latest_first()[0].request_id == "from-the-proxy.1"


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "<script>"])
def test_request_id_that_is_no_plain_word_is_replaced(given: str) -> None:
    response = send("/make/", **{"X-Request-ID": given})

    assert response.headers["X-Request-ID"] not in {"", given}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/make/", "/slow/", "/api/"])
def test_racing_repeats_are_done_once_and_answered_alike(path: str) -> None:
    ready = threading.Barrier(8)
    headers = {"Idempotency-Key": str(uuid4())} if path == "/api/" else {}

    def race(_: int) -> Any:
        ready.wait()
        try:
            return send(path, **headers)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(race, range(8)))

    assert notes() == 1
    assert {answer.status_code for answer in answers} <= {200, 201, 302}
    assert len({answer.headers.get("Location") for answer in answers}) == 1

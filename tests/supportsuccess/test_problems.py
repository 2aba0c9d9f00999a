import pytest

from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.tokens import bearer, token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    headers = bearer(token_for())
    return lambda path, **options: client.get(f"/api/v1/{path}", headers=headers, **options)


def test_problem_names_the_field_and_the_remedy(api):
    body = api("customers/?limit=0").json()

    assert body["errors"] == [{"field": "limit", "detail": "Give a number from 1 to 200."}]
    assert body["status"] == 422


def test_problem_carries_the_id_of_the_request(api):
    response = api("customers/?cursor=nonsense")

    assert response.json()["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize("path", ["customers/999999/", "nonsense/", "customers/x/"])
def test_problem_answers_an_address_that_is_none(api, path):
    response = api(path)

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_restricted_customer_answers_as_a_missing_one(api):
    hidden = CustomerFactory(is_restricted=True)

    missing, restricted = api("customers/999999/"), api(f"customers/{hidden.pk}/")

    known = {"request_id"}
    assert {k: v for k, v in missing.json().items() if k not in known} == {
        k: v for k, v in restricted.json().items() if k not in known
    }


def test_pages_of_the_api_follow_one_another(api):
    CustomerFactory.create_batch(3, profile=None)

    first = api("customers/?limit=2").json()
    second = api(f"customers/?{first['next'].partition('?')[2]}").json()

    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)


def test_schema_describes_every_problem(client):
    schema = client.get("/api/schema/?format=json", headers=bearer(token_for())).json()

    responses = schema["paths"]["/api/v1/customers/"]["get"]["responses"]
    assert schema["openapi"] == "3.1.0"
    assert {"200", "401", "403", "422"} <= responses.keys()


def test_docs_page_needs_nothing_from_outside(client):
    client.force_login(UserFactory())

    page = client.get("/api/docs/").content.decode()

    assert "https://" not in page
    assert "swagger-ui-bundle.js" in page

"""The API against its own description: whatever is sent, it answers as it says it would."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from accounts.models import Customer, Renewal, Role, User
from insights.actions import health
from insights.queries.customer_ranges import LAST_ID
from tests.factories.parties import make_offer, make_parties
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketFactory
from tests.factories.tokens import bearer, token_for
from tests.storms.stories import NOW
from tickets.models import Handoff, HandoffType, Labeling, Problem, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
load_all_checks()
CHOSEN = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
EXAMPLES, EXAMPLES_SMALL = 2000, 300
ROWS = {
    "customer": Customer,
    "ticket": Ticket,
    "tickets": Ticket,
    "receiver": User,
    "sender": User,
}
BY_PLACE = {
    "customers": Customer,
    "health": Customer,
    "tickets": Ticket,
    "labels": Labeling,
    "problems": Problem,
    "handoffs": Handoff,
    "renewals": Renewal,
}


@pytest.fixture
def rows():
    """Some of everything, so that paths hit."""
    parties = make_parties()
    MembershipFactory(user__role=Role.CSM, team=parties.success)
    for kind in (HandoffType.RENEWAL_RISK, HandoffType.EXPANSION):
        make_offer(parties, at=NOW, type=kind)
    TicketFactory.create_batch(3, customer=parties.customer)
    ProblemFactory.create_batch(2)
    renewal_due(NOW.date(), customer=parties.customer)
    health.score_day(1, LAST_ID, day=NOW.date(), at=NOW)
    return parties


@pytest.fixture
def api(rows):
    """The description, as somebody with every permission may ask for it and do what it says."""
    token = token_for(UserFactory(role=Role.ADMIN))
    app, headers = get_wsgi_application(), bearer(token)
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", app, headers=headers)
    schema.config.update(headers=headers)
    return schema


def operations(api):
    return [found.ok() for found in api.get_all_operations()]


def place_real_ids(case, draw):
    """Put ids of rows that are there where the case has invented ones, now and then."""
    place = case.path.split("/")[3]
    if "id" in case.path_parameters and draw(st.booleans()):
        case.path_parameters["id"] = draw(ids(BY_PLACE[place]))
    for given_values in (case.query, case.body):
        for name in ROWS.keys() & given_values if isinstance(given_values, dict) else ():
            if draw(st.booleans()):
                one = draw(ids(ROWS[name]))
                given_values[name] = [one] if name == "tickets" else one


def ids(model):
    return st.sampled_from([*model.objects.values_list("pk", flat=True)] or [1])


@pytest.mark.parametrize("mode", GenerationMode, ids=str)
def test_api_answers_as_it_says_it_does(api, is_small, mode):
    found = []
    every = operations(api)
    examples = (EXAMPLES_SMALL if is_small else EXAMPLES) // len(every) // len(GenerationMode)

    for operation in every:

        @settings(
            max_examples=examples + 1,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode), draw=st.data())
        def answers(case, draw):
            place_real_ids(case, draw.draw)
            response = case.call()
            case.validate_response(response, checks=CHOSEN)

        found += failures_of(answers, operation.label)
    assert not found, "\n\n".join(found)


def failures_of(answers, label):
    """What one operation does wrong; the others are asked all the same."""
    try:
        answers()
    except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001 - all are told at the end
        parts = getattr(failure, "exceptions", [])
        return ["\n".join([label, str(failure), *map(str, parts)])]
    return []

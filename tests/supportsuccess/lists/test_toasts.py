import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxMiddleware

from supportsuccess.lists import toasts


@pytest.fixture
def answer(rf):
    """What a view's response becomes on its way out, with messages in cookies."""

    def answer(view, *, headers):
        chain = HtmxMiddleware(toasts.HtmxToasts(view))
        request = rf.post("/", headers=headers)
        return SessionMiddleware(MessageMiddleware(chain))(request)

    return answer


def accept(request):
    toasts.done(request, "Handed over to «Rob»", undo_url="/undo/7/")
    return HttpResponse("row")


HTMX = {"HX-Request": "true"}


def test_toast_of_a_partial_travels_in_a_header(answer):
    response = answer(accept, headers=HTMX)

    assert json.loads(response["HX-Trigger"])["toast"]["toasts"] == [
        {"text": "Handed over to «Rob»", "level": "success", "undo": "/undo/7/"}
    ]
    assert "messages" not in response.cookies


def test_toast_of_a_page_waits_for_the_page(answer):
    response = answer(accept, headers={})

    assert "HX-Trigger" not in response
    assert "messages" in response.cookies


@pytest.mark.parametrize(
    "response",
    [HttpResponseClientRedirect("/next/"), HttpResponse(status=302, headers={"Location": "/"})],
)
def test_toast_of_a_redirect_is_shown_where_it_leads(answer, response):
    def redirecting(request):
        toasts.refused(request, "Already accepted")
        return response

    sent = answer(redirecting, headers=HTMX)

    assert "HX-Trigger" not in sent
    assert "messages" in sent.cookies


def test_toast_that_a_template_has_shown_is_not_shown_twice(answer):
    def shown(request):
        toasts.done(request, "Saved")
        return HttpResponse([str(message) for message in get_messages(request)])

    assert "HX-Trigger" not in answer(shown, headers=HTMX)

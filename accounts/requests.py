"""A request whose sender is known: what every view behind the sign-in gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

if TYPE_CHECKING:
    from accounts.models import User


class AuthedRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


class ApiRequest(Request):
    """A request to an endpoint, which its permission lets nobody make who is not known."""

    user: User

"""Where a form was sent from, for the way back."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from django.http import HttpRequest


def referring_page(request: "HttpRequest") -> str:
    """The page of ours that the request came from; empty for any other."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    if referrer.netloc != request.get_host():
        return ""
    return referrer._replace(scheme="", netloc="", fragment="").geturl()

"""The API's routes, its description, and what answers an address that is none."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.urls import include, path, re_path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.api.customers import CustomerEndpoint
from insights.api.health import HealthEndpoint
from insights.api.renewals import RenewalEndpoint
from tickets.api.handoffs import HandoffEndpoint
from tickets.api.labels import LabelEndpoint
from tickets.api.problems import ProblemEndpoint
from tickets.api.tickets import TicketEndpoint

# The description's page brings its own styles and images inside its script.
DOCS_CSP: Mapping[str, Collection[str]] = settings.SECURE_CSP | {
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
}
docs = csp_override(DOCS_CSP)(SpectacularSwaggerSplitView.as_view(url_name="api:schema"))
router = SimpleRouter(use_regex_path=True)
router.register("customers", CustomerEndpoint, basename="customer")
router.register("tickets", TicketEndpoint, basename="ticket")
router.register("labels", LabelEndpoint, basename="label")
router.register("problems", ProblemEndpoint, basename="problem")
router.register("handoffs", HandoffEndpoint, basename="handoff")
router.register("renewals", RenewalEndpoint, basename="renewal")
router.register("health", HealthEndpoint, basename="health")


class Missing(APIView):
    """No endpoint has this address."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound


urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    re_path(r"", Missing.as_view()),  # any text, line breaks too
]
app_name = "api"

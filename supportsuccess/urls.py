from django.urls import include, path

from supportsuccess import probes

handler400 = "supportsuccess.problems.bad_request"
handler429 = "supportsuccess.problems.too_many_requests"
handler500 = "supportsuccess.problems.server_error"

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("supportsuccess.api")),
    path("", include("supportsuccess.lists.urls")),
    path("", include("supportsuccess.imports.urls")),
    path("", include("supportsuccess.outbox.urls")),
    path("", include("supportsuccess.bulk.urls")),
    path("", include("accounts.urls")),
    path("", include("tickets.urls")),
    path("", include("insights.urls")),
]

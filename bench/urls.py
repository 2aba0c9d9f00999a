"""The program's own routes and, beside them, the floors under them."""

from django.urls import path

from bench import floor_pages
from supportsuccess.urls import urlpatterns as ours

urlpatterns = [
    path("floor/inbox/", floor_pages.inbox),
    path("floor/renewals/", floor_pages.renewals),
    path("floor/customers/<int:pk>/", floor_pages.customer),
    path("floor/tickets/", floor_pages.tickets),
    path("floor/palette/<str:text>/", floor_pages.palette, name="floor_palette"),
    *ours,
]

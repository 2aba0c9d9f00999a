"""The program's own routes and, beside them, the floors under them."""

from django.urls import path

from bench import floor_pages
from supportsuccess.urls import urlpatterns as ours

urlpatterns = [
    path("floor/inbox/", floor_pages.inbox),
    path("floor/tickets/chosen/", floor_pages.chosen_tickets),
    path("floor/tickets/common/<str:text>/", floor_pages.common_word, name="floor_common"),
    path("floor/tickets/rare/<str:text>/", floor_pages.rare_word, name="floor_rare"),
    path("floor/tickets/<int:pk>/", floor_pages.ticket),
    path("floor/tickets/<int:pk>/label/", floor_pages.label, name="floor_label"),
    path("floor/customers/", floor_pages.customers),
    path("floor/renewals/", floor_pages.renewals),
    path("floor/customers/<int:pk>/", floor_pages.customer),
    path("floor/tickets.json", floor_pages.tickets),
    path("floor/palette/<str:text>/", floor_pages.palette, name="floor_palette"),
    *ours,
]

from django.urls import path

from tickets.views import inbox, labels, tickets

app_name = "tickets"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("tickets/<int:pk>/", tickets.detail, name="detail"),
    path("tickets/<int:pk>/hand-over/", tickets.hand_over, name="hand_over"),
    path("tickets/<int:pk>/label/", labels.label, name="label"),
    path("tickets/<int:pk>/label/undo/<int:group_id>/", labels.undo, name="label_undo"),
    path("tickets/<int:pk>/exempt/", labels.exempt, name="exempt"),
    path("tickets/<int:pk>/reopen/", labels.reopen, name="reopen"),
]

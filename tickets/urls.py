from django.urls import path

from tickets.views import (
    handoff_steps,
    handoffs,
    inbox,
    label_links,
    labels,
    suggestions,
    tickets,
)

app_name = "tickets"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("tickets/", inbox.tickets, name="tickets"),
    path("tickets/<int:pk>/", tickets.detail, name="detail"),
    path("tickets/<int:pk>/hand-over/", tickets.hand_over, name="hand_over"),
    path("tickets/<int:pk>/label/", labels.label, name="label"),
    path("tickets/<int:pk>/label/undo/<int:group_id>/", labels.undo, name="label_undo"),
    path("tickets/<int:pk>/exempt/", labels.exempt, name="exempt"),
    path("tickets/<int:pk>/reopen/", labels.reopen, name="reopen"),
    path("label/", label_links.label_linked, name="label_linked"),
    path("setup/labels/suggestions/", suggestions.suggestions, name="suggestions"),
    path("setup/labels/suggestions/train/", suggestions.train, name="suggestions_train"),
    path("handoffs/", handoffs.handoff_list, name="handoffs"),
    path("handoffs/new/", handoffs.handoff_new, name="handoff_new"),
    path("handoffs/<int:pk>/", handoffs.handoff_detail, name="handoff"),
    path("handoffs/<int:pk>/accept/", handoff_steps.accept, name="handoff_accept"),
    path("handoffs/<int:pk>/ask/", handoff_steps.ask, name="handoff_ask"),
    path("handoffs/<int:pk>/answer/", handoff_steps.answer, name="handoff_answer"),
    path("handoffs/<int:pk>/return/", handoff_steps.give_back, name="handoff_return"),
    path("handoffs/<int:pk>/offer-again/", handoff_steps.offer_again, name="handoff_offer_again"),
    path("handoffs/<int:pk>/withdraw/", handoff_steps.withdraw, name="handoff_withdraw"),
    path("handoffs/<int:pk>/next-step/", handoff_steps.next_step, name="handoff_next_step"),
    path("handoffs/<int:pk>/complete/", handoff_steps.complete, name="handoff_complete"),
    path("handoffs/<int:pk>/judge/", handoff_steps.judge, name="handoff_judge"),
    path("handoffs/<int:pk>/reassign/", handoff_steps.reassign, name="handoff_reassign"),
    path("handoffs/<int:pk>/reopen/", handoff_steps.reopen, name="handoff_reopen"),
    path("handoffs/<int:pk>/cancel/", handoff_steps.cancel, name="handoff_cancel"),
    path("handoffs/<int:pk>/add-ticket/", handoff_steps.add_ticket, name="handoff_add_ticket"),
]

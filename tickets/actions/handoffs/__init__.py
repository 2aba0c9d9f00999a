"""Handoffs: every move of the contract between who hands over and who takes over.

`tickets.models.handoff_moves` is the table of what may follow what. Every action locks the
handoff's row, asks the table, writes state, event, holder and notices in one transaction. What
looks beyond one handoff locks the customer's row first; an assignment comes last.
"""

from tickets.actions.handoffs.answers import accept_handoff, ask_question, return_handoff
from tickets.actions.handoffs.decisions import decide_handoff
from tickets.actions.handoffs.expiry import (
    expire_due,
    expire_handoff,
    expire_if_due,
    remind_if_due,
    remind_of_offer,
)
from tickets.actions.handoffs.leavers import (
    take_over_from_leaver,
    take_over_from_leavers,
    take_over_if_left,
)
from tickets.actions.handoffs.offers import (
    add_ticket,
    answer_question,
    offer_again,
    offer_handoff,
    withdraw_handoff,
)
from tickets.actions.handoffs.steps import AlreadyOpen, TooLate
from tickets.actions.handoffs.thanks import thank_sender
from tickets.actions.handoffs.verification import verify_outcomes
from tickets.actions.handoffs.work import (
    cancel_handoff,
    complete_handoff,
    judge_useful,
    reassign_handoff,
    reopen_handoff,
    set_next_step,
)

__all__ = [
    "AlreadyOpen",
    "TooLate",
    "accept_handoff",
    "add_ticket",
    "answer_question",
    "ask_question",
    "cancel_handoff",
    "complete_handoff",
    "decide_handoff",
    "expire_due",
    "expire_handoff",
    "expire_if_due",
    "judge_useful",
    "offer_again",
    "offer_handoff",
    "reassign_handoff",
    "remind_if_due",
    "remind_of_offer",
    "reopen_handoff",
    "return_handoff",
    "set_next_step",
    "take_over_from_leaver",
    "take_over_from_leavers",
    "take_over_if_left",
    "thank_sender",
    "verify_outcomes",
    "withdraw_handoff",
]

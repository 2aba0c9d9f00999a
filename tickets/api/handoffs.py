from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Customer, User
from accounts.requests import ApiRequest
from accounts.viewsets import Endpoint
from supportsuccess.lists.keyset import Keyset
from tickets.actions import handoffs
from tickets.models import (
    Handoff,
    HandoffOutcome,
    HandoffType,
    LeadsDecision,
    Priority,
    ReturnReason,
    Ticket,
)

LARGEST_ID = 2**63 - 1


class HandoffSerializer(serializers.ModelSerializer[Handoff]):
    class Meta:
        model = Handoff
        fields = (
            "id",
            "customer",
            "type",
            "priority",
            "state",
            "need",
            "sender",
            "receiver",
            "from_team",
            "to_team",
            "offered_at",
            "due_at",
            "accepted_at",
            "return_reason",
            "return_count",
            "next_step",
            "next_step_on",
            "outcome",
            "was_useful",
            "closed_at",
            "version",
        )
        read_only_fields = fields


class OfferSerializer(serializers.Serializer[Any]):
    """What is handed over, and why; without a receiver it goes to who answers for it."""

    customer = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    type = serializers.ChoiceField(choices=HandoffType.choices)
    priority = serializers.ChoiceField(choices=Priority.choices, default=Priority.NORMAL)
    need = serializers.CharField(max_length=5000)
    tickets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        default=list,
        max_length=200,
    )
    receiver = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class NoteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000)


class ReturnSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=ReturnReason.choices)
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")


class NextStepSerializer(serializers.Serializer[Any]):
    next_step = serializers.CharField(max_length=300)
    next_step_on = serializers.DateField()


class OutcomeSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=HandoffOutcome.choices)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class OfferAgainSerializer(serializers.Serializer[Any]):
    """To whom, and what they need; where left out, it is as it was."""

    need = serializers.CharField(max_length=5000, allow_blank=True, default="")
    receiver = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class LeadsDecisionSerializer(serializers.Serializer[Any]):
    """What a lead wants to become of it; without a receiver it is offered to the last one again."""

    decision = serializers.ChoiceField(choices=LeadsDecision.choices)
    reason = serializers.CharField(max_length=300)
    receiver = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class TicketOfHandoffSerializer(serializers.Serializer[Any]):
    ticket = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class ReassignSerializer(serializers.Serializer[Any]):
    """Who holds it as far as you know, and who is to; whoever is late is told who holds it."""

    from_user = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    to = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    reason = serializers.CharField(max_length=300)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class JudgementSerializer(serializers.Serializer[Any]):
    is_useful = serializers.BooleanField()


class HandoffEndpoint(Endpoint[Handoff]):
    """Matters handed from one person to another: a contract that is accepted or returned."""

    queryset = Handoff.objects.all()
    serializer_class = HandoffSerializer
    keyset = Keyset(("-pk",))
    lists = ("handoffs",)
    filter_backends = (DjangoFilterBackend,)
    filterset_fields = ("customer", "state", "type", "sender", "receiver")
    permissions = {
        "list": "tickets.view_handoff",
        "retrieve": "tickets.view_handoff",
        "create": "tickets.offer_handoff",
        "withdraw": "tickets.offer_handoff",
        "reply": "tickets.offer_handoff",
        "offer_again": "tickets.offer_handoff",
        "decide": "tickets.offer_handoff",
        "add_ticket": "tickets.offer_handoff",
        "reopen": "tickets.offer_handoff",
        "cancel": "tickets.offer_handoff",
        "reassign": "tickets.reassign_handoff",
        "accept": "tickets.receive_handoff",
        "ask": "tickets.receive_handoff",
        "give_back": "tickets.receive_handoff",
        "next_step": "tickets.receive_handoff",
        "complete": "tickets.receive_handoff",
        "judge": "tickets.receive_handoff",
        "thank": "tickets.receive_handoff",
    }

    @extend_schema(request=OfferSerializer, responses={201: HandoffSerializer})
    def create(self, request: ApiRequest) -> Response:
        given = _valid_to(OfferSerializer, request)
        customers = Customer.objects.visible_to(request.user)
        customer = get_object_or_404(customers, pk=given.pop("customer"))
        given["tickets"] = _visible_tickets(given["tickets"], request)
        handoff = handoffs.offer_handoff(customer, **given, by=request.user, at=timezone.now())
        return self.answer(handoff, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: ApiRequest, pk: str) -> Response:
        """Take the matter over."""
        return self._move(handoffs.accept_handoff)

    @extend_schema(request=ReturnSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: ApiRequest, pk: str) -> Response:
        """Give the offer back with a reason."""
        return self._move(handoffs.return_handoff, **_valid(ReturnSerializer, request))

    @extend_schema(request=NoteSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request: ApiRequest, pk: str) -> Response:
        """Ask the sender something before deciding; the clock goes on."""
        given = _valid(NoteSerializer, request)
        return self._move(handoffs.ask_question, question=given["text"])

    @extend_schema(request=NoteSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"], url_path="answer")
    def reply(self, request: ApiRequest, pk: str) -> Response:
        """Answer what the receiver asked."""
        given = _valid(NoteSerializer, request)
        return self._move(handoffs.answer_question, answer=given["text"])

    @extend_schema(request=None, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: ApiRequest, pk: str) -> Response:
        """Take the offer back before anybody accepted it."""
        return self._move(handoffs.withdraw_handoff)

    @extend_schema(request=NextStepSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"], url_path="next-step")
    def next_step(self, request: ApiRequest, pk: str) -> Response:
        """Say what happens next and on which day."""
        given = _valid(NextStepSerializer, request)
        step, on = given["next_step"], given["next_step_on"]
        return self._move(handoffs.set_next_step, step=step, on=on)

    @extend_schema(request=OutcomeSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: ApiRequest, pk: str) -> Response:
        """Say how it ended."""
        return self._move(handoffs.complete_handoff, **_valid(OutcomeSerializer, request))

    @extend_schema(request=OfferAgainSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"], url_path="offer-again")
    def offer_again(self, request: ApiRequest, pk: str) -> Response:
        """Offer what was returned or expired once more, corrected or to somebody else."""
        return self._move(handoffs.offer_again, **_valid_to(OfferAgainSerializer, request))

    @extend_schema(request=LeadsDecisionSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: ApiRequest, pk: str) -> Response:
        """Say as a lead what becomes of what was returned twice; it happens once both agree."""
        return self._move(handoffs.decide_handoff, **_valid_to(LeadsDecisionSerializer, request))

    @extend_schema(request=TicketOfHandoffSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"], url_path="add-ticket")
    def add_ticket(self, request: ApiRequest, pk: str) -> Response:
        """Make another ticket of the customer part of the matter."""
        tickets = Ticket.objects.visible_to(request.user)
        ticket = get_object_or_404(tickets, pk=_valid(TicketOfHandoffSerializer, request)["ticket"])
        return self._move(handoffs.add_ticket, ticket=ticket)

    @extend_schema(request=ReassignSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def reassign(self, request: ApiRequest, pk: str) -> Response:
        """Make somebody else answer for a taken matter, at once and without acceptance."""
        given = _valid(ReassignSerializer, request)
        people = User.objects.visible_to(request.user)
        given["from_user"] = get_object_or_404(people, pk=given["from_user"])
        given["to"] = _colleague(given["to"], request)
        return self._move(handoffs.reassign_handoff, **given)

    @extend_schema(request=ReasonSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: ApiRequest, pk: str) -> Response:
        """Take a completed matter up again within 30 days."""
        return self._move(handoffs.reopen_handoff, **_valid(ReasonSerializer, request))

    @extend_schema(request=ReasonSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: ApiRequest, pk: str) -> Response:
        """End an open matter for a reason other than its outcome."""
        return self._move(handoffs.cancel_handoff, **_valid(ReasonSerializer, request))

    @extend_schema(request=JudgementSerializer, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def judge(self, request: ApiRequest, pk: str) -> Response:
        """Say whether the handoff was useful to whoever received it."""
        return self._move(handoffs.judge_useful, **_valid(JudgementSerializer, request))

    @extend_schema(request=None, responses=HandoffSerializer)
    @action(detail=True, methods=["post"])
    def thank(self, request: ApiRequest, pk: str) -> Response:
        """Thank whoever handed it over."""
        return self._move(handoffs.thank_sender)

    def _move(self, move: Callable[..., Handoff], **details: Any) -> Response:
        now: datetime = timezone.now()
        handoff = self.read_for_change()
        return self.answer(move(handoff, **details, by=self.request.user, at=now))


def _valid(form: type[serializers.Serializer[Any]], request: ApiRequest) -> dict[str, Any]:
    read = form(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _valid_to(form: type[serializers.Serializer[Any]], request: ApiRequest) -> dict[str, Any]:
    """What was sent, with the receiver it names. Raises Http404 where nobody is."""
    given = _valid(form, request)
    if "receiver" in given:
        given["receiver"] = _colleague(given["receiver"], request)
    return given


def _colleague(pk: int, request: ApiRequest) -> User:
    """Somebody who works here. Raises Http404."""
    found: User = get_object_or_404(User.objects.visible_to(request.user).active(), pk=pk)
    return found


def _visible_tickets(ids: list[int], request: ApiRequest) -> list[Ticket]:
    tickets = list(Ticket.objects.visible_to(request.user).filter(pk__in=ids))
    if missing := set(ids) - {ticket.pk for ticket in tickets}:
        raise serializers.ValidationError({"tickets": [f"There is no ticket {min(missing)}."]})
    return tickets

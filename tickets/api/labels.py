from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.requests import ApiRequest
from accounts.viewsets import Endpoint
from supportsuccess.lists.keyset import Keyset
from tickets.actions.labels import answer_dimensions
from tickets.api.tickets import TicketSerializer
from tickets.models import Dimension, Labeling, LabelValue, Ticket
from tickets.queries.label_meaning import values_by_slug


class LabelingSerializer(serializers.ModelSerializer[Labeling]):
    value = serializers.SlugRelatedField[LabelValue](slug_field="slug", read_only=True)

    class Meta:
        model = Labeling
        fields = (
            "id",
            "ticket",
            "dimension",
            "value",
            "by",
            "origin",
            "confidence",
            "revisit_on",
            "occurred_at",
            "recorded_at",
        )
        read_only_fields = fields


class AnswerSerializer(serializers.Serializer[Any]):
    """One dimension's answer, by the value's slug."""

    dimension = serializers.ChoiceField(choices=Dimension.choices)
    value = serializers.SlugField(max_length=60)


class AnswersSerializer(serializers.Serializer[Any]):
    """What was learned of a ticket: every dimension that nothing answered yet."""

    ticket = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    answers = AnswerSerializer(many=True, allow_empty=False)

    def validate_answers(self, answers: list[dict[str, str]]) -> dict[Dimension, LabelValue]:
        values = values_by_slug()
        for answer in answers:
            if (answer["dimension"], answer["value"]) not in values:
                raise serializers.ValidationError(
                    f"“{answer['value']}” is no value of {answer['dimension']}."
                )
        return {
            Dimension(answer["dimension"]): values[answer["dimension"], answer["value"]]
            for answer in answers
        }


class LabelEndpoint(Endpoint[Labeling]):
    """What was learned of tickets: every answer ever given, the newest first."""

    queryset = Labeling.objects.exclude(value=None).select_related("value")
    serializer_class = LabelingSerializer
    keyset = Keyset(("-pk",))
    filter_backends = (DjangoFilterBackend,)
    filterset_fields = ("ticket", "dimension", "origin")
    permissions = {
        "list": "tickets.view_ticket",
        "retrieve": "tickets.view_ticket",
        "create": "tickets.label_ticket",
    }

    @extend_schema(request=AnswersSerializer, responses={201: TicketSerializer})
    def create(self, request: ApiRequest) -> Response:
        form = AnswersSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        tickets = Ticket.objects.visible_to(request.user)
        ticket = get_object_or_404(tickets, pk=form.validated_data["ticket"])
        answers = form.validated_data["answers"]
        answer_dimensions(ticket, answers=answers, by=request.user, at=timezone.now())
        ticket.refresh_from_db()
        return Response(TicketSerializer(ticket).data, status=status.HTTP_201_CREATED)

from typing import Any

from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.requests import ApiRequest
from accounts.viewsets import Endpoint
from supportsuccess.lists.keyset import Keyset
from tickets.actions import problems
from tickets.actions.problems import ProblemContent
from tickets.models import INHERITED_DIMENSIONS, LabelValue, Problem, ProblemState, Ticket
from tickets.models.tickets import TicketQuerySet

LARGEST_ID = 2**63 - 1


class SaidValue(serializers.SlugRelatedField[LabelValue]):
    """A value by its slug, or null where nothing is said."""

    def __init__(self) -> None:
        super().__init__(slug_field="slug", read_only=True, allow_null=True)


class ProblemSerializer(serializers.ModelSerializer[Problem]):
    root_cause = SaidValue()
    fix_category = SaidValue()
    product_feedback = SaidValue()

    class Meta:
        model = Problem
        fields = (
            "id",
            "title",
            "error_signature",
            "tracker_key",
            "state",
            "root_cause",
            "fix_category",
            "product_feedback",
            "version",
        )
        read_only_fields = fields


class ProblemContentSerializer(serializers.Serializer[Any]):
    """What is said of a problem; a label by its value's slug, or nothing."""

    title = serializers.CharField(max_length=200)
    error_signature = serializers.CharField(max_length=200, allow_blank=True, default="")
    tracker_key = serializers.CharField(max_length=60, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=ProblemState.choices, default=ProblemState.OPEN)
    root_cause = serializers.SlugField(max_length=60, allow_null=True, default=None)
    fix_category = serializers.SlugField(max_length=60, allow_null=True, default=None)
    product_feedback = serializers.SlugField(max_length=60, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With the values that the slugs name."""
        values = {(value.dimension, value.slug): value for value in LabelValue.objects.active()}
        for dimension in INHERITED_DIMENSIONS:
            slug = attrs.get(dimension)
            if slug is None:
                continue
            if (dimension, slug) not in values:
                raise serializers.ValidationError({dimension: f"“{slug}” is no value of it."})
            attrs[dimension] = values[dimension, slug]
        return attrs


class TicketsSerializer(serializers.Serializer[Any]):
    tickets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        allow_empty=False,
        max_length=200,
    )


class ProblemEndpoint(Endpoint[Problem]):
    """Known issues behind many tickets, which inherit what is said of them."""

    queryset = Problem.objects.with_labels()
    serializer_class = ProblemSerializer
    keyset = Keyset(("-pk",))
    lists = ("problems",)
    filter_backends = (DjangoFilterBackend,)
    filterset_fields = ("state", "tracker_key", "error_signature")
    permissions = {
        "list": "tickets.view_ticket",
        "retrieve": "tickets.view_ticket",
        "create": "tickets.edit_problem",
        "partial_update": "tickets.edit_problem",
        "link": "tickets.label_ticket",
        "unlink": "tickets.label_ticket",
    }

    @extend_schema(request=ProblemContentSerializer, responses={201: ProblemSerializer})
    def create(self, request: ApiRequest) -> Response:
        form = ProblemContentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        added = problems.add_problem(ProblemContent(**form.validated_data), by=request.user)
        return self.answer(added, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProblemContentSerializer)
    def partial_update(self, request: ApiRequest, pk: str) -> Response:
        problem = self.read_for_change()
        form = ProblemContentSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        before = {name: getattr(problem, name) for name in ProblemContent._fields}
        said = ProblemContent(**(before | form.validated_data))
        problems.change_problem(
            problem, said, seen=problem.version, by=request.user, at=timezone.now()
        )
        return self.answer(self.get_object())

    @extend_schema(request=TicketsSerializer)
    @action(methods=["post"], detail=True)
    def link(self, request: ApiRequest, pk: str) -> Response:
        problem = self.get_object()
        tickets = _named(request, Ticket.objects.visible_to(request.user))
        problems.link_tickets(tickets, problem=problem, by=request.user, at=timezone.now())
        return self.answer(problem)

    @extend_schema(request=TicketsSerializer)
    @action(methods=["post"], detail=True)
    def unlink(self, request: ApiRequest, pk: str) -> Response:
        problem = self.get_object()
        linked = Ticket.objects.visible_to(request.user).of_problem(problem.pk)
        tickets = _named(request, linked)
        problems.unlink_tickets(tickets, by=request.user, at=timezone.now())
        return self.answer(problem)


def _named(request: ApiRequest, among: TicketQuerySet) -> list[Ticket]:
    """The tickets that the body names, all of them or none."""
    form = TicketsSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    tickets = among.in_bulk(form.validated_data["tickets"])
    if missing := set(form.validated_data["tickets"]) - tickets.keys():
        raise serializers.ValidationError({"tickets": [f"There is no ticket {min(missing)}."]})
    return list(tickets.values())

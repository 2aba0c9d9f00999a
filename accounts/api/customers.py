from rest_framework import serializers

from accounts.models import Customer
from accounts.viewsets import Endpoint
from supportsuccess.lists.keyset import Keyset


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = (
            "id",
            "name",
            "kind",
            "timezone",
            "is_fictional",
            "source",
            "external_id",
            "created_at",
            "version",
        )
        read_only_fields = fields


class CustomerEndpoint(Endpoint[Customer]):
    """Companies that pay, or may."""

    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer
    keyset = Keyset(("sort_name", "pk"))
    lists = ("customers",)
    permissions = {"list": "accounts.view_customer", "retrieve": "accounts.view_customer"}

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "supportsuccess.outbox"
    label = "outbox"

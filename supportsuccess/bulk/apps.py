from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "supportsuccess.bulk"
    label = "bulk"

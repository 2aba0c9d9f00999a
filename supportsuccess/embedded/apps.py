from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "supportsuccess.embedded"
    label = "embedded"

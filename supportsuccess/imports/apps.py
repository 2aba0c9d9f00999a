from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "supportsuccess.imports"
    label = "imports"

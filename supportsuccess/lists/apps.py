from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "supportsuccess.lists"
    label = "lists"

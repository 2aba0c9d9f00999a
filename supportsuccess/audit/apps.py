from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "supportsuccess.audit"
    label = "audit"

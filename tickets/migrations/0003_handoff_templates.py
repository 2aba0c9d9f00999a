from django.db import migrations

from supportsuccess import audit

# type, what must be given, role it goes to, role that moves to the receiver at acceptance
TEMPLATES = (
    ("renewal_risk", ["need"], "owner", None),
    ("expansion", ["need"], "owner", None),
    ("adoption", ["need"], "owner", None),
    ("competitor_threat", ["need"], "owner", None),
    ("champion_change", ["need"], "owner", None),
    ("escalation", ["need", "tickets"], "owner", None),
    ("reintroduction", ["need"], "owner", None),
    ("technical_help", ["need"], "support_owner", None),
    ("sales_to_onboarding", ["need"], "onboarding_owner", "onboarding_owner"),
    ("onboarding_to_success", ["need"], "owner", "owner"),
    ("csm_change", ["need"], "owner", "owner"),
    ("pool_move", ["need"], "owner", "owner"),
)


def add_templates(apps, schema_editor):
    alias = schema_editor.connection.alias
    templates = apps.get_model("tickets", "HandoffTemplate").objects.using(alias)
    roles = (
        apps.get_model("accounts", "AssignmentRole").objects.using(alias).in_bulk(field_name="key")
    )
    with audit.group("install", by=audit.System("migration"), using=alias):
        for type_, required, addresses, transfers in TEMPLATES:
            templates.create(
                type=type_,
                required_fields=required,
                addresses_role=roles[addresses],
                transfers_role=roles.get(transfers),
            )


def remove_templates(apps, schema_editor):
    alias = schema_editor.connection.alias
    with audit.group("uninstall", by=audit.System("migration"), using=alias):
        apps.get_model("tickets", "HandoffTemplate").objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_assignment_roles"),
        ("tickets", "0002_starter_taxonomy"),
    ]

    operations = [migrations.RunPython(add_templates, remove_templates)]

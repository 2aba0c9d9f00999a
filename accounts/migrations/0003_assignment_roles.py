from django.db import migrations

from supportsuccess import audit

ROLES = (
    ("owner", "Owner"),
    ("onboarding_owner", "Onboarding owner"),
    ("renewal_owner", "Renewal owner"),
    ("support_owner", "Support owner"),
    ("account_executive", "Account executive"),
    ("sponsor", "Sponsor"),
    ("backup", "Backup"),
)
MANDATORY = (
    ("owner", "live"),
    ("owner", "notice"),
    ("owner", "onboarding"),
    ("onboarding_owner", "onboarding"),
)


def add_roles(apps, schema_editor):
    alias = schema_editor.connection.alias
    roles = apps.get_model("accounts", "AssignmentRole").objects.using(alias)
    requirements = apps.get_model("accounts", "RoleRequirement")
    with audit.group("install", by=audit.System("migration"), using=alias):
        held = {
            key: roles.create(key=key, name=name, position=position)
            for position, (key, name) in enumerate(ROLES)
        }
        requirements.objects.using(alias).bulk_create(
            requirements(role=held[key], stage=stage, touch_model=touch_model)
            for key, stage in MANDATORY
            for touch_model in ("high", "low", "pooled")
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_batches"),
        ("audit", "0002_trigger_functions"),
    ]

    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]

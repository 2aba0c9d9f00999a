from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql


class WholeExecutor(MigrationExecutor):
    """Records a migration in the transaction that makes its tables: a kill leaves both or none."""

    def apply_migration(  # type: ignore[override]  # Django names them itself
        self, state: Any, migration: Any, **options: Any
    ) -> Any:
        if not migration.atomic:
            return super().apply_migration(state, migration, **options)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, **options)


class Command(migrate.Command):
    help = "Migrate as the owner role, let the app role read and write, make the cache's table."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        _let_app_role_in(alias=options["database"])
        # Django has no other way to name one.
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]  # not in the stubs
        super().handle(*args, **options)
        call_command("createcachetable", database=options["database"], verbosity=0)


def _let_app_role_in(*, alias: str) -> None:
    """What the owner will make, the app role may read and write, and nothing more."""
    app_role = connections["default"].settings_dict["USER"]
    if not app_role or app_role == connections[alias].settings_dict["USER"]:
        return
    with connections[alias].cursor() as cursor:
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE ON SEQUENCES"):
            cursor.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}").format(
                    sql.SQL(rights), sql.Identifier(app_role)
                )
            )

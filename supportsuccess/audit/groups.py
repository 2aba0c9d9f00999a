"""The group every change belongs to: opened by the first line of an action."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError
from psycopg import errors
from psycopg.pq import TransactionStatus

from supportsuccess.audit.context import current_request
from supportsuccess.audit.errors import OperationInProgress, OperationRepeated
from supportsuccess.people import Actor

if TYPE_CHECKING:
    from django.db.models import Model

ONE_OPERATION = "eventgroup_one_operation_per_actor"
# One round trip: the row, and the setting that the triggers read.
OPEN = """
    WITH opened AS (
        INSERT INTO audit_eventgroup (action, actor_id, actor_label, object_table, object_id,
                                      reason, request_id, body_hash, operation_id)
        SELECT %s, %s, %s, %s, %s, %s, %s, %s,
               CASE WHEN NOT EXISTS (SELECT FROM audit_eventgroup WHERE id = %s) THEN %s::uuid END
        RETURNING id, operation_id
    )
    SELECT id, operation_id, set_config('supportsuccess.audit_group', id::text, true) FROM opened
"""
REDACTING_SETTING = "supportsuccess.redacting"
GROUP_SETTING = "supportsuccess.audit_group"


@dataclass(frozen=True)
class System:
    """An actor that is not a person."""

    label: str

    @property
    def pk(self) -> None:
        return None

    def __str__(self) -> str:
        return f"system:{self.label}"


_open_groups: ContextVar[dict[str, int] | None] = ContextVar("audit_open_groups", default=None)


@contextmanager
def group(
    action: str,
    thing: "Model | None" = None,
    *,
    by: Actor,
    reason: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Iterator[int]:
    """Open the group of one action, or join the one already open. Yields its id.

    Raises OperationRepeated when this request's operation was already done, and
    OperationInProgress when its first attempt has not ended.
    """
    outer = _open_groups.get() or {}
    if using in outer:
        yield outer[using]
        return
    connection = _in_transaction(using)
    group_id = _insert_group(connection, action, thing, by=by, reason=reason)
    with _opened(connection, group_id):
        yield group_id


@contextmanager
def rejoin(group_id: int, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Go on with a committed group in a later transaction: the next step of a job."""
    connection = _in_transaction(using)
    _set(connection, GROUP_SETTING, str(group_id))
    with _opened(connection, group_id):
        yield


def open_group(*, using: str = DEFAULT_DB_ALIAS) -> int | None:
    """The group that is open now, for what is to go on with it later."""
    return (_open_groups.get() or {}).get(using)


@contextmanager
def redacting(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Permit updates of append-only rows inside: the erasure of personal text, nothing else."""
    connection = connections[using]
    _set(connection, REDACTING_SETTING, "on")
    try:
        yield
    finally:
        _put_back(connection, REDACTING_SETTING, "")


@contextmanager
def _opened(connection: BaseDatabaseWrapper, group_id: int) -> Iterator[None]:
    outer = _open_groups.get() or {}
    token = _open_groups.set({**outer, connection.alias: group_id})
    try:
        yield
    finally:
        _open_groups.reset(token)
        _put_back(connection, GROUP_SETTING, str(outer.get(connection.alias, "")))


def _in_transaction(using: str) -> BaseDatabaseWrapper:
    connection = connections[using]
    if not connection.in_atomic_block:
        raise TransactionManagementError("Open an audit group inside transaction.atomic.")
    return connection


def _insert_group(
    connection: BaseDatabaseWrapper,
    action: str,
    thing: "Model | None",
    *,
    by: Actor,
    reason: str,
) -> int:
    request = current_request()
    object_table = thing._meta.db_table if thing is not None else ""
    object_id = thing.pk if thing is not None else None
    row = [action, by.pk, str(by), object_table, object_id, reason]
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                OPEN,
                [
                    *row,
                    request.request_id,
                    request.body_hash,
                    request.group_id or 0,
                    request.operation_id,
                ],
            )
            group_id, operation_id, _ = cursor.fetchone()
    except IntegrityError as error:
        if _violates_one_operation(error):
            raise OperationRepeated from error
        raise
    except OperationalError as error:
        if request.operation_id and isinstance(error.__cause__, errors.LockNotAvailable):
            raise OperationInProgress from error
        raise
    if operation_id is not None:
        request.group_id = group_id
    return int(group_id)


def _violates_one_operation(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, errors.UniqueViolation) and cause.diag.constraint_name == ONE_OPERATION


def _set(connection: BaseDatabaseWrapper, setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


def _put_back(connection: BaseDatabaseWrapper, setting: str, value: str) -> None:
    # After an error the rollback puts the setting back; then nothing may be sent.
    status = connection.connection.info.transaction_status
    if status == TransactionStatus.INTRANS and not connection.needs_rollback:
        _set(connection, setting, value)

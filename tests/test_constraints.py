"""Every constraint of ours, broken by raw SQL: integrity belongs to the table."""

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from tests.factories.people import UserFactory
from tests.rows import Rows

OURS = ("accounts", "tickets", "insights", "imports", "outbox", "audit")
# How each check is broken on an otherwise valid row; a new check needs a line here.
BROKEN_BY = {
    "apitoken_has_scope": "scopes = '{}'",
    "apitoken_scopes_known": "scopes = '{all}'",
    "arrmovement_correction_names_row": "kind = 'correction'",
    "arrmovement_currency_is_a_code": "currency = 'eur'",
    "arrmovement_sign_fits_kind": "kind = 'churn', amount = 5",
    "assignment_cause_known": "cause = 'x'",
    "assignment_during_not_empty": "during = 'empty'",
    "assignment_held_by_user_or_pool": "holder_user_id = NULL",
    "availability_confirmed_has_cover": "cover_confirmed_at = now(), cover_id = NULL",
    "availability_cover_is_another": "cover_id = user_id",
    "availability_during_not_empty": "during = 'empty'",
    "backtestrun_looks_back": "as_of = known_at + interval '1 day'",
    "businesscalendar_has_seven_days": "weekly_hours = '[]'",
    "chathook_of_person_or_team": "user_id = NULL, team_id = NULL",
    "chathook_url_is_https": "url = 'http://example.com'",
    "competitormention_stance_known": "stance = 'x'",
    "contract_currency_is_a_code": "currency = 'eur'",
    "contract_ends_after_start": "ends_on = starts_on - 1",
    "contract_fixed_has_end": "kind = 'fixed', ends_on = NULL",
    "contract_kind_known": "kind = 'x'",
    "contract_open_ended_ends_by_notice": "kind = 'evergreen', notice_received_on = NULL",
    "contractline_arr_not_negative": "arr = -1",
    "currenthealth_band_known": "band = 'x'",
    "currenthealth_coverage_is_share": "coverage = 1.5",
    "currenthealth_score_in_range": "score = 101",
    "customer_has_name": "name = ''",
    "customer_kind_known": "kind = 'x'",
    "customercontact_left_is_recorded": "left_at = now(), recorded_left_at = NULL",
    "customerprofile_during_not_empty": "during = 'empty'",
    "customerprofile_not_its_own_parent": "parent_id = customer_id",
    "customerprofile_segment_known": "segment = 'x'",
    "customerprofile_stage_known": "stage = 'x'",
    "delivery_done_or_dead": "done_at = now(), dead_at = now()",
    "delivery_queue_known": "queue = 'x'",
    "exchangerate_positive": "rate = 0",
    "handoff_closed_at_iff_closed": "closed_at = now()",
    "handoff_next_step_has_date": "next_step = 'call'",
    "handoff_offered_has_due": "due_at = NULL",
    "handoff_outcome_iff_completed": "outcome = 'renewed'",
    "handoff_returned_has_reason": "state = 'returned', return_reason = ''",
    "handoff_taken_was_accepted": "state = 'accepted', accepted_at = NULL",
    "handoff_type_known": "type = 'x'",
    "handoffdecision_has_reason": "reason = ''",
    "handoffdecision_offer_has_receiver": "receiver_id = NULL",
    "handoffdecision_side_known": "side = 'x'",
    "handoffevent_kind_known": "kind = 'x'",
    "handoffholder_cause_known": "cause = 'x'",
    "handoffholder_during_not_empty": "during = 'empty'",
    "healthoverride_band_known": "band = 'unknown'",
    "healthoverride_ends_later": "expires_at = occurred_at",
    "healthoverride_has_reason": "reason = ''",
    "healthsnapshot_band_known": "band = 'x'",
    "healthsnapshot_score_in_range": "score = -1",
    "importbatch_state_known": "state = 'x'",
    "importbatch_withdrawn_iff_undone": "state = 'undone', withdrawn_at = NULL",
    "job_finished_iff_ended": "state = 'done', finished_at = NULL",
    "job_state_known": "state = 'x', finished_at = now()",
    "labeling_by_person_names_them": "by_id = NULL",
    "labeling_confidence_is_share": "confidence = 1.5",
    "labeling_origin_known": "origin = 'x'",
    "labeling_taken_back_names_who": "value_id = NULL, by_id = NULL, origin = 'rule'",
    "labellingtime_seconds_likely": "seconds = 0",
    "labelreview_dimension_known": "dimension = 'x'",
    "labelrule_channel_known": "channel = 'x'",
    "labeling_rule_only_by_rule": "rule_id = 1",
    "labelrule_has_condition": "keywords = '{}', channel = '', kind = '', source = ''",
    "labelrule_kind_known": "kind = 'x'",
    "labelvalue_area_is_no_answer": "is_area = true",
    "labelset_key_known": "key = 'x'",
    "labelsetvalue_dimension_known": "dimension = 'x'",
    "labelvalue_dimension_known": "dimension = 'x'",
    "labelvalue_merged_is_inactive": "merged_into_id = id",
    "labelvalue_not_its_own_area": "parent_id = id",
    "listlayout_density_known": "density = 'x'",
    "lossrate_counts_within_decided": "lost = decided + 1",
    "membership_during_not_empty": "during = 'empty'",
    "message_direction_known": "direction = 'x'",
    "noticehours_quiet_has_both_ends": "quiet_from = '20:00'",
    "noticehours_quiet_is_not_all_day": "quiet_from = '20:00', quiet_until = '20:00'",
    "notification_answer_path_is_here": "answer_path = 'https://example.com'",
    "notification_channel_known": "channel = 'x'",
    "notification_in_a_digest_waited_for_it": "channel = 'mail', digest_id = 1",
    "notification_reason_known": "reason = 'x'",
    "notificationpreference_channel_known": "channel = 'x'",
    "notification_path_is_here": "path = 'https://example.com'",
    "organisation_currency_is_a_code": "currency = '€'",
    "organisation_fiscal_month_known": "fiscal_year_starts_in = 13",
    "organisation_one_row": "id = 2",
    "poollead_during_not_empty": "during = 'empty'",
    "problem_state_known": "state = 'x'",
    "promise_has_text": "text = ''",
    "promise_state_known": "state = 'x'",
    "promiseevent_kind_known": "kind = 'x'",
    "proposedchange_from_person_or_source": "by_id = NULL",
    "pulse_one_to_five": "value = 6",
    "renewal_closed_at_iff_closed": "closed_at = now()",
    "renewal_decided_before_due": "decision_point_on = due_on + 1",
    "renewal_loss_reason_iff_lost": "loss_reason = 'price'",
    "renewal_next_step_has_date": "next_step = 'call'",
    "renewal_won_has_amount": "state = 'won', closed_at = now()",
    "renewaldecision_call_known": "call = 'x'",
    "renewaldecision_next_step_has_date": "next_step = 'call'",
    "renewaloutlook_loss_within_arr": "expected_loss = renewable_arr + 1",
    "renewaloutlook_shares_add_up": "p_lost = 0.9, p_contracted = 0.9",
    "savedview_team_iff_for_team": "audience = 'team', team_id = NULL",
    "scorecardmeasure_weight_positive": "weight = 0",
    "scorecardversion_bands_in_order": "red_below = 90",
    "suggestion_dimension_known": "dimension = 'x'",
    "suggestion_probability_is_share": "probability = 1.5",
    "suggestionmodel_dimension_known": "dimension = 'x'",
    "suggestionmodel_held_out_of_labels": "held_out_count = label_count + 1",
    "surveyresponse_answered_by_known": "answered_by = 'x'",
    "surveyresponse_value_on_scale": "kind = 'csat', value = 6",
    "team_kind_known": "kind = 'x'",
    "team_not_its_own_parent": "parent_id = id",
    "ticket_answered_has_all_labels": "learning = 'answered', labels_answered = 4",
    "ticket_answered_by_known": "answered_by = 'x'",
    "ticket_exempt_has_reason": "learning = 'exempt'",
    "ticket_last_solved_after_first": "last_solved_at = now(), first_solved_at = NULL",
    "ticket_learning_known": "learning = 'x'",
    "ticket_not_merged_into_itself": "merged_into_id = id",
    "ticket_priority_known": "priority = 'x'",
    "ticket_status_known": "status = 'x'",
    "ticketevent_kind_known": "kind = 'x'",
    "ticketevent_status_known": "status = 'x'",
    "touch_kind_known": "kind = 'x'",
    "verifiedoutcome_moment_known": "moment = 'x'",
    "verifiedoutcome_verified_known": "verified = 'x'",
    "user_email_is_lower_case": "email = 'X@example.com'",
    "user_has_name": "name = ''",
    "user_left_is_inactive": "left_at = now(), is_active = true",
    "user_role_known": "role = 'x'",
}
# Columns that a doubled row must change so that only the constraint meant is broken.
DOUBLED_WITH = {
    "labelvalue_key_once_per_dimension": {"slug": "'y'"},
    "labelvalue_one_nothing_unusual": {
        "slug": "'y'",
        "key": "''",
        "is_nothing_unusual": "true",
    },
    "labelvalue_slug_once_per_dimension": {"key": "''"},
    "membership_one_lead_per_team": {"user_id": "(SELECT max(id) FROM accounts_user)"},
    "pool_one_intake_per_segment": {"name": "'y'"},
    "problem_signature_unique": {"title": "'y'"},
    "scorecard_one_per_segment_stage": {"slug": "'y'"},
    "team_external_id_unique": {"name": "'y'"},
}


def constraints(*kinds):
    return [
        pytest.param(model, constraint, id=constraint.name)
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for constraint in model._meta.constraints
        if isinstance(constraint, kinds)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "constraint"), constraints(models.CheckConstraint))
def test_check_refuses_raw_sql(model, constraint):
    assert constraint.name in BROKEN_BY, f"add {constraint.name} to BROKEN_BY in {__file__}"
    row = Rows().row(model)
    statement = breaking(model, BROKEN_BY[constraint.name])

    with pytest.raises(IntegrityError, match=constraint.name), transaction.atomic():
        run(statement, [row.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "constraint"), constraints(models.UniqueConstraint, ExclusionConstraint)
)
def test_unique_refuses_a_doubled_row(model, constraint):
    row = Rows().row(model)
    UserFactory()
    changed = DOUBLED_WITH.get(constraint.name, {})

    with pytest.raises(IntegrityError, match=constraint.name), transaction.atomic():
        run(doubling(model, changed), [row.pk])


@pytest.mark.django_db
def test_a_change_outside_an_action_is_refused():
    row = Rows().row(apps.get_model("accounts.Customer"))

    with pytest.raises(DatabaseError, match="outside an action"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(name="Changed in a shell")


def breaking(model, assignments):
    if any(field.name == "during" for field in model._meta.fields):  # an interval's facts stand
        pairs = (pair.split(" = ") for pair in assignments.split(", "))
        return doubling(model, dict(pairs))
    table, key = model._meta.db_table, model._meta.pk.column
    return f"UPDATE {table} SET {assignments} WHERE {key} = %s"  # noqa: S608 - our own names


def doubling(model, changed):
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.GeneratedField)
    ]
    table, key = model._meta.db_table, model._meta.pk.column
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {key} = %s"  # noqa: S608 - our own names


def run(statement, parameters):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('supportsuccess.audit_group', max(id)::text, true)"
            " FROM audit_eventgroup"
        )
        cursor.execute(statement, parameters)

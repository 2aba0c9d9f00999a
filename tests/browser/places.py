"""How each address of the program is opened in a browser: a new one without a line here fails.

`{customer}` and the like stand for what `found_things` finds in the demo company; `csm@/renewals/`
is opened as that person, everything else as its administrator.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils import timezone

from accounts.models import Availability, Customer, Renewal, Team, User
from accounts.queries.mail_links import stop_token
from supportsuccess.imports.models import ImportBatch
from supportsuccess.outbox.models import Job
from tests.factories.base import change
from tests.factories.parties import Parties, make_offer, make_parties
from tests.factories.problems import ProblemFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.handoffs import (
    accept_handoff,
    ask_question,
    complete_handoff,
    decide_handoff,
    offer_again,
    return_handoff,
)
from tickets.models import (
    ExemptReason,
    Handoff,
    HandoffEvent,
    HandoffEventKind,
    HandoffOutcome,
    HandoffType,
    LabelRule,
    LabelValue,
    LeadsDecision,
    Learning,
    Problem,
    Promise,
    ReturnReason,
    TaxonomyVersion,
    Ticket,
)
from tickets.queries.answer_links import AnswerLink, answer_path
from tickets.queries.label_reviews import waiting_for

PAGES: dict[str, tuple[str, ...]] = {
    "account_change_password": ("/accounts/password/change/",),
    "account_confirm_email": ("/accounts/confirm-email/none/",),
    "account_email": ("csm@/accounts/email/",),
    "account_email_verification_sent": ("@/accounts/confirm-email/",),
    "account_inactive": ("@/accounts/inactive/",),
    "account_login": ("@/accounts/login/",),
    "account_logout": ("/accounts/logout/",),
    "account_reauthenticate": ("/accounts/reauthenticate/",),
    "account_reset_password": ("@/accounts/password/reset/",),
    "account_reset_password_done": ("@/accounts/password/reset/done/",),
    "account_reset_password_from_key": ("@/accounts/password/reset/key/1-none/",),
    "account_reset_password_from_key_done": ("@/accounts/password/reset/key/done/",),
    "account_set_password": ("edmund@/accounts/password/set/",),
    "account_signup": ("@/accounts/signup/",),
    "accounts:notifications": ("csm@/notifications/", "/notifications/"),
    "accounts:notice_settings": ("csm@/me/notifications/",),
    "accounts:own_chat": ("csm@/me/chat/",),
    "accounts:team_chat": ("/teams/{team}/chat/",),
    "accounts:stop_mail": ("@/notifications/stop/{stop}/",),
    "accounts:settings": ("/me/settings/",),
    "accounts:teams": ("/teams/",),
    "accounts:views": ("/views/",),
    "api:docs": ("/api/docs/",),
    "bulk:bulk": (
        "/bulk/renewals/at-risk/?all=yes",
        "/bulk/customers/reassign/?all=yes",
        "agent@/bulk/inbox/exempt/?all=yes",
        "agent@/bulk/inbox/nothing-unusual/",
    ),
    "bulk:edit": (
        "csm@/bulk/renewals/call/{renewal}/",
        "cslead@/bulk/customers/owner/{customer}/",
    ),
    "bulk:rows": ("/bulk/rows/",),
    "imports:detail": ("/imports/{import}/",),
    "imports:list": ("/imports/",),
    "imports:new": ("/imports/new/", "/imports/new/?format=servicenow"),
    "insights:customer": ("/customers/{customer}/", "/customers/{silent}/"),
    "insights:customer_health": ("/customers/{customer}/health/", "/customers/{silent}/health/"),
    "insights:customer_touch": ("/customers/{customer}/touch/",),
    "insights:customers": ("/customers/", "/customers/?q=nobody"),
    "insights:home": ("/", "agent@/", "csm@/", "lead@/", "cslead@/"),
    "insights:palette": ("/palette/?q=halden",),
    "insights:person": ("/people/{csm}/", "agent@/people/{csm}/", "/people/{away}/"),
    "insights:problem": (
        "agent@/problems/{problem}/",
        "felix@/problems/{problem}/",
        "/problems/{unlinked}/",
    ),
    "insights:problem_edit": ("agent@/problems/{problem}/edit/",),
    "insights:problem_new": ("lead@/problems/new/",),
    "insights:problems": ("/problems/", "agent@/problems/?q=nobody"),
    "insights:renewal": ("csm@/renewals/{renewal}/", "/renewals/{noticed}/"),
    "insights:renewal_at_risk": ("csm@/renewals/{renewal}/at-risk/",),
    "insights:renewal_monitor": ("csm@/renewals/{far}/monitor/",),
    "insights:renewal_on_track": ("csm@/renewals/{renewal}/on-track/",),
    "insights:renewal_snooze": ("csm@/renewals/{renewal}/snooze/",),
    "insights:renewal_step": ("csm@/renewals/{renewal}/next-step/",),
    "insights:renewal_touch": ("csm@/renewals/{renewal}/touch/",),
    "insights:renewals": ("csm@/renewals/", "/renewals/?owner=all"),
    "insights:tour": ("/tour/",),
    "lists:styleguide": ("/styleguide/",),
    "mfa_activate_totp": ("/accounts/2fa/totp/activate/",),
    "mfa_add_webauthn": ("/accounts/2fa/webauthn/add/",),
    "mfa_deactivate_totp": ("lead@/accounts/2fa/totp/deactivate/",),
    "mfa_edit_webauthn": ("lead@/accounts/2fa/webauthn/keys/{key}/edit/",),
    "mfa_generate_recovery_codes": ("lead@/accounts/2fa/recovery-codes/generate/",),
    "mfa_index": ("/accounts/2fa/", "lead@/accounts/2fa/"),
    "mfa_list_webauthn": ("/accounts/2fa/webauthn/", "lead@/accounts/2fa/webauthn/"),
    "mfa_reauthenticate": ("lead@/accounts/2fa/reauthenticate/",),
    "mfa_remove_webauthn": ("lead@/accounts/2fa/webauthn/keys/{key}/remove/",),
    "mfa_view_recovery_codes": ("lead@/accounts/2fa/recovery-codes/",),
    "outbox:job": ("/jobs/{job}/",),
    "outbox:jobs": ("/jobs/",),
    "socialaccount_connections": ("/accounts/3rdparty/",),
    "socialaccount_login_cancelled": ("@/accounts/3rdparty/login/cancelled/",),
    "socialaccount_login_error": ("/accounts/3rdparty/login/error/",),
    "tickets:detail": ("agent@/tickets/{due}/", "/tickets/{answered}/"),
    "tickets:handoff": (
        "{receiver}@/handoffs/{offered}/",
        "{sender}@/handoffs/{offered}/",
        "{receiver}@/handoffs/{asked}/",
        "{sender}@/handoffs/{asked}/",
        "{sender}@/handoffs/{returned}/",
        "{decider}@/handoffs/{disputed}/",
        "{receiver}@/handoffs/{accepted}/",
        "{sender}@/handoffs/{completed}/",
        "/handoffs/{completed}/",
    ),
    "tickets:handoff_measures": ("cslead@/handoffs/measures/?days=365",),
    "tickets:handoff_link": (
        "{receiver}@{answer_link}",
        "{receiver}@{answered_link}",
        "csm@{answer_link}",
        "{receiver}@/handoffs/links/none/",
    ),
    "tickets:handoff_new": (
        "agent@/handoffs/new/",
        "agent@/handoffs/new/?ticket={due}",
        "agent@/handoffs/new/?customer={customer}",
    ),
    "tickets:handoffs": ("csm@/handoffs/", "/handoffs/?box=team"),
    "tickets:inbox": ("agent@/inbox/",),
    "tickets:promise": ("csm@/promises/{promise}/",),
    "tickets:promise_break": ("csm@/promises/{promise}/break/",),
    "tickets:promise_keep": ("csm@/promises/{promise}/keep/",),
    "tickets:promise_renegotiate": ("csm@/promises/{promise}/renegotiate/",),
    "tickets:promise_withdraw": ("csm@/promises/{promise}/withdraw/",),
    "tickets:promises": ("csm@/promises/",),
    "tickets:label_linked": (
        "agent@/label/?source={source}&id={due_id}",
        "agent@/label/?source={source}&id={answered_id}",
        "agent@/label/?source=linked&id=spam",
        "agent@/label/?source={source}&id=not-yet",
        "agent@/label/?source=nobody&id=1",
        "agent@/label/",
        "agent@/label/?source=linked&id=47",
    ),
    "tickets:label_pairs": ("/setup/labels/quality/pairs/",),
    "tickets:label_quality": ("lead@/setup/labels/quality/", "cslead@/setup/labels/quality/"),
    "tickets:label_second_of": ("lead@/label/second/{second}/",),
    "tickets:label_coverage": ("lead@/setup/labels/",),
    "tickets:label": ("agent@/tickets/{due}/label/",),
    "tickets:label_set_new": ("agent@/label/sets/new/",),
    "tickets:problem_link": (
        "agent@/tickets/{due}/problem/",
        "agent@/tickets/{due}/problem/?title=new",
    ),
    "tickets:suggestions": ("/setup/labels/suggestions/", "lead@/setup/labels/suggestions/"),
    "tickets:label_rule": ("/setup/labels/rules/{rule}/",),
    "tickets:label_rule_new": ("lead@/setup/labels/rules/new/",),
    "tickets:label_rules": ("/setup/labels/rules/",),
    "tickets:taxonomy": ("/setup/labels/taxonomy/", "csm@/setup/labels/taxonomy/?state=all"),
    "tickets:taxonomy_new": ("lead@/setup/labels/taxonomy/new/?dimension=competitor",),
    "tickets:taxonomy_value": (
        "/setup/labels/taxonomy/{value}/",
        "/setup/labels/taxonomy/{merged_value}/",
        "csm@/setup/labels/taxonomy/{value}/",
    ),
    "tickets:taxonomy_version": ("/setup/labels/taxonomy/versions/{taxonomy_version}/",),
    "tickets:taxonomy_versions": ("/setup/labels/taxonomy/versions/",),
    "tickets:tickets": ("/tickets/",),
    "usersessions_list": ("/accounts/sessions/",),
}
# What takes a form's POST alone, and the page that the form stands on.
FORMS_ON = {
    "accounts:notifications_read": "accounts:notifications",
    "accounts:display": "accounts:settings",
    "accounts:list_layout": "tickets:tickets",
    "accounts:view_delete": "accounts:views",
    "accounts:view_star": "accounts:views",
    "accounts:view_unstar": "accounts:views",
    "bulk:undo": "outbox:job",
    "imports:check": "imports:detail",
    "imports:run": "imports:detail",
    "imports:undo": "imports:detail",
    "insights:decision_undo": "insights:renewal",
    "insights:renewal_wake": "insights:renewal",
    "insights:walk_as": "insights:tour",
    "mfa_reauthenticate_webauthn": "mfa_reauthenticate",
    "outbox:job_cancel": "outbox:job",
    "tickets:exempt": "tickets:detail",
    "tickets:handoff_accept": "tickets:handoff",
    "tickets:handoff_add_ticket": "tickets:handoff",
    "tickets:handoff_answer": "tickets:handoff",
    "tickets:handoff_ask": "tickets:handoff",
    "tickets:handoff_cancel": "tickets:handoff",
    "tickets:handoff_complete": "tickets:handoff",
    "tickets:handoff_decide": "tickets:handoff",
    "tickets:handoff_judge": "tickets:handoff",
    "tickets:handoff_link_accept": "tickets:handoff_link",
    "tickets:handoff_link_return": "tickets:handoff_link",
    "tickets:handoff_next_step": "tickets:handoff",
    "tickets:handoff_offer_again": "tickets:handoff",
    "tickets:handoff_reassign": "tickets:handoff",
    "tickets:handoff_reopen": "tickets:handoff",
    "tickets:handoff_return": "tickets:handoff",
    "tickets:handoff_thank": "tickets:handoff",
    "tickets:handoff_withdraw": "tickets:handoff",
    "tickets:labelling_time": "tickets:label_quality",
    "tickets:label_rule_move": "tickets:label_rule",
    "tickets:label_rule_restore": "tickets:label_rule",
    "tickets:label_rule_retire": "tickets:label_rule",
    "tickets:label_rules_answer": "tickets:label_rules",
    "tickets:label_undo": "tickets:label",
    "tickets:problem_unlink": "tickets:detail",
    "tickets:reopen": "tickets:detail",
    "tickets:suggestions_train": "tickets:suggestions",
    "tickets:taxonomy_merge": "tickets:taxonomy_value",
    "tickets:taxonomy_restore": "tickets:taxonomy_value",
    "tickets:taxonomy_retire": "tickets:taxonomy_value",
}
# What is no page, and why.
NO_PAGES = {
    "account_confirm_login_code": "codes by mail are off",
    "accounts:notification": "leads to what it is about",
    "accounts:notifications_unread": "a number, on every page",
    "accounts:starred": "lines of the sidebar, on every page",
    "api:schema": "a file for programs; its page is api:docs",
    "healthz": "text for machines",
    "imports:refusals": "a file",
    "lists:styleguide_row": "the panel of lists:styleguide",
    "mfa_authenticate": "the second step of a sign-in: it has a test of its own",
    "mfa_download_recovery_codes": "a file",
    "openid_connect_callback": "leads on from a provider",
    "openid_connect_login": "leads on to a provider",
    "readyz": "for machines",
    "socialaccount_signup": "leads to the sign-in; nobody signs up",
    "tickets:alike": "a part of tickets:label",
    "tickets:label_rule_preview": "a part of tickets:label_rule",
    "tickets:agreement_file": "a file",
    "tickets:label_second": "leads to tickets:label_second_of",
    "tickets:hand_over": "leads to tickets:handoff_new",
}


def found_things() -> dict[str, object]:
    """What the addresses above name, found in the demo company."""
    customers, renewals = Customer.objects, Renewal.objects
    change(User.objects.get(email="edmund@example.com"), password=UNUSABLE_PASSWORD_PREFIX)
    halden = customers.get(name="Halden Lifts")
    due = Ticket.objects.filter(learning=Learning.DUE, customer=halden)
    return {
        "customer": halden.pk,
        "silent": customers.get(name="Northsound Alarms").pk,
        "renewal": renewals.filter(customer=halden).earliest("due_on").pk,
        "noticed": renewals.filter(customer__name="Miravel Climate").earliest("due_on").pk,
        "far": renewals.latest("due_on").pk,
        **_linked(),
        "due": (due.first() or Ticket.objects.filter(learning=Learning.DUE).first()).pk,
        "answered": Ticket.objects.filter(learning=Learning.ANSWERED).latest("opened_at").pk,
        "csm": User.objects.get(email="csm@example.com").pk,
        "away": Availability.objects.at(timezone.now()).earliest("pk").user_id,
        "import": ImportBatch.objects.latest("pk").pk,
        "job": Job.objects.latest("pk").pk,
        "problem": Problem.objects.exclude(tickets=None).earliest("pk").pk,
        "unlinked": ProblemFactory().pk,
        "second": waiting_for(User.objects.get(email="lead@example.com"), at=timezone.now())
        .first()
        .pk,
        "value": LabelRule.objects.in_use().first().value_id,
        "merged_value": LabelValue.objects.exclude(merged_into=None).first().pk,
        "taxonomy_version": TaxonomyVersion.objects.latest("number").pk,
        "stop": stop_token(User.objects.get(email="csm@example.com").pk, kind="handoff_offered"),
        "team": Team.objects.get(name="Success").pk,
        "promise": Promise.objects.open().earliest("pk").pk,
        "rule": LabelRule.objects.in_use().first().pk,
        "key": _second_factors(User.objects.get(email="lead@example.com")),
        **_handoffs(),
    }


def _linked() -> dict[str, object]:
    """What links from the helpdesk call a due and an answered ticket; one exempt, two alike."""
    for name in ("47/2025", "47/2026"):
        TicketFactory(source="linked", number="47", external_id=name)
    TicketFactory(
        source="linked",
        external_id="spam",
        learning=Learning.EXEMPT,
        exempt_reason=ExemptReason.SPAM,
    )
    answered = Ticket.objects.filter(learning=Learning.ANSWERED).latest("opened_at")
    tickets = Ticket.objects.of_source(answered.source)
    due = tickets.filter(learning=Learning.DUE).latest("opened_at")
    ids = {"due_id": due.external_id, "answered_id": answered.external_id}
    return {"source": answered.source} | ids


def _handoffs() -> dict[str, object]:
    """One in each state in which somebody has something to do, and who it is between."""
    parties = make_parties(name="Every State")
    by, at = parties.csm, timezone.now() - timedelta(hours=2)
    moves = {
        "offered": lambda offered: offered,
        "asked": lambda offered: ask_question(offered, question="Who decides?", by=by, at=at),
        "returned": lambda offered: return_handoff(
            offered, reason=ReturnReason.WRONG_OWNER, note="Ask Rob", by=by, at=at
        ),
        "disputed": lambda offered: _disputed(offered, parties, at=at),
        "accepted": lambda offered: accept_handoff(offered, by=by, at=at),
        "completed": lambda offered: complete_handoff(
            accept_handoff(offered, by=by, at=at),
            outcome=HandoffOutcome.RETAINED_FLAT,
            by=by,
            at=at,
        ),
    }
    kinds = iter(HandoffType.values)
    made = {
        name: move(make_offer(parties, type=next(kinds), at=at)).pk for name, move in moves.items()
    }
    names = {
        "sender": parties.agent,
        "receiver": parties.csm,
        "decider": parties.support_lead,
    }
    links = {"answer_link": made["offered"], "answered_link": made["accepted"]}
    answers = {name: _answer_link(parties.csm, handoff_id=pk) for name, pk in links.items()}
    return {
        **made,
        **answers,
        **{name: user.email.partition("@")[0] for name, user in names.items()},
    }


def _answer_link(user: User, *, handoff_id: int) -> str:
    offer = HandoffEvent.objects.filter(handoff=handoff_id, kind=HandoffEventKind.OFFERED).get()
    return answer_path(AnswerLink(user.pk, handoff_id, offer.pk), at=timezone.now())


def _disputed(offered: Handoff, parties: Parties, *, at: datetime) -> Handoff:
    """Returned twice, and the lead who received it has said what is to become of it."""
    reason, by = ReturnReason.WRONG_OWNER, parties.csm
    return_handoff(offered, reason=reason, by=by, at=at)
    at += timedelta(minutes=1)
    offer_again(offered, by=parties.agent, at=at)
    return_handoff(offered, reason=reason, by=by, at=at)
    return decide_handoff(
        offered,
        decision=LeadsDecision.KEEP,
        reason="The bug is not fixed yet",
        by=parties.success_lead,
        at=at,
    )


def _second_factors(user: User) -> int:
    """An authenticator, its recovery codes and a key of a person; the key's number."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    data = {"name": "Key on the desk", "credential": {}}
    kind = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=user, type=kind, data=data).pk

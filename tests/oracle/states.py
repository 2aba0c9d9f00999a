"""A hundred ways to look at a list, each an address, and every row that it leads to."""

from datetime import timedelta
from urllib.parse import parse_qs

from django.http import QueryDict
from django.utils import timezone

from accounts.models import Role
from insights.models import QueuedRenewal, Section
from supportsuccess.lists.periods import Period, read_period
from tickets.models import UNSOLVED_STATUSES, Priority, Ticket

NOW = timezone.now()
STATES = 100
PAGE = 7
ACCESS = ("customer__access_list", "customer__assignments")
# unlike each other: a name is found although it is mistyped
NAMES = ("Halden", "Brixworth", "Orchard", "Quillon")
# moments of events, and where periods begin and end
DAYS = [NOW - timedelta(days=days) for days in range(4)]
PERIODS = [str(Period(DAYS[3], DAYS[1])), str(Period(DAYS[2], NOW + timedelta(seconds=1)))]
WORDS = ("sync", "invoice", "export", "crash", "login")
TEXTS = (*WORDS, "sync invoice", "halden", "Halden crash", "login Brixworth", "export orchard sync")


# What a person may see


def is_seen(customer, user):
    listed = {access.user_id for access in customer.access_list.all()}
    holders = {assignment.holder_user_id for assignment in customer.assignments.all()}
    return not customer.is_restricted or user.pk in listed | holders


def seen_rows(user, model):
    if user.role == Role.CONTRACTOR:
        return []
    rows = model.objects.select_related("customer").prefetch_related(*ACCESS)
    return [row for row in rows if is_seen(row.customer, user)]


def seen_tickets(user):
    tickets = Ticket.objects.select_related("customer").prefetch_related(
        "events", "messages", *ACCESS
    )
    teams = {membership.team_id for membership in user.memberships.all()}
    for ticket in tickets:
        is_own = user.role != Role.CONTRACTOR or ticket.team_id in teams
        if is_own and (ticket.customer is None or is_seen(ticket.customer, user)):
            yield ticket


def is_open(ticket):
    return ticket.status in UNSOLVED_STATUSES


def is_urgent(ticket):
    return is_open(ticket) and (ticket.is_blocked or ticket.priority == Priority.CRITICAL)


def renewals_at_stake(user):
    """Of who is blocked or came back twice lately, decided within 60 days."""
    troubled = {
        ticket.customer_id
        for ticket in seen_tickets(user)
        if is_urgent(ticket) or ticket.reopen_count > 1
    }
    return [
        row
        for row in seen_rows(user, QueuedRenewal)
        if row.customer_id in troubled
        and row.section != Section.LOCKED
        and row.decision_point_on <= NOW.date() + timedelta(days=60)
    ]


def lies_in(moment, asked):
    """Whether a moment lies in a period as an address names it, or no period is asked for."""
    if not asked:
        return True
    start, end = read_period(asked[0])
    return moment is not None and start <= moment < end


# Ways to look at a list


def some(chance, values):
    most = min(2, len(values))
    return sorted(chance.sample(list(values), chance.randint(1, most)))


def random_state(chance, options):
    return {
        name: some(chance, values) if many else [chance.choice(list(values))]
        for name, (many, values) in options.items()
        if values and chance.random() < 0.3
    }


def address(state, *, sort):
    params = QueryDict(mutable=True)
    for name, values in state.items():
        params.setlist(name, values)
    if sort:
        params["sort"] = sort
    return params.urlencode()


def all_pages(listing_of, query):
    """Every row of the list, by following its links; then back again by those."""
    found, pages, url = [], 0, f"?{query}"
    while url:
        listing = listing_of(QueryDict(url.removeprefix("?")))
        found += [row[0] for row in listing.page.rows]
        pages, last, url = pages + 1, listing, listing.next_url
    backwards = [row[0] for row in last.page.rows]
    while last.previous_url:
        last = listing_of(QueryDict(last.previous_url.removeprefix("?")))
        backwards = [row[0] for row in last.page.rows] + backwards
    assert backwards == found
    return found


def assert_finds(listing_of, query, *, state, expected):
    """The list at this address has these rows, on all its pages, and says what it was asked."""
    assert all_pages(listing_of, query) == [row.pk for row in expected], query
    assert says_what_it_was_asked(listing_of(QueryDict(query)), state), query


def says_what_it_was_asked(listing, state):
    controls = listing.toolbar.named
    asked = {name: sorted(controls[name].values) for name in state}
    kept = parse_qs(listing.clear_url.partition("?")[2])
    return asked == state and not (kept.keys() - {"section", "box", "person"})

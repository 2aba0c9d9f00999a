from django.urls import path

from accounts.models import Call
from insights.views import (
    customers,
    decisions,
    home,
    palette,
    people,
    problems,
    renewals,
    touches,
    tour,
)

app_name = "insights"

urlpatterns = [
    path("", home.home, name="home"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/health/", customers.customer_health, name="customer_health"),
    path("customers/<int:pk>/touch/", touches.touch_customer, name="customer_touch"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("renewals/<int:pk>/", renewals.renewal, name="renewal"),
    path(
        "renewals/<int:pk>/on-track/",
        decisions.decide,
        {"call": Call.ON_TRACK},
        name="renewal_on_track",
    ),
    path(
        "renewals/<int:pk>/monitor/",
        decisions.decide,
        {"call": Call.MONITOR},
        name="renewal_monitor",
    ),
    path(
        "renewals/<int:pk>/at-risk/",
        decisions.decide,
        {"call": Call.AT_RISK},
        name="renewal_at_risk",
    ),
    path("renewals/<int:pk>/next-step/", decisions.next_step, name="renewal_step"),
    path("renewals/<int:pk>/snooze/", decisions.snooze, name="renewal_snooze"),
    path("renewals/<int:pk>/wake/", decisions.wake, name="renewal_wake"),
    path("renewals/<int:pk>/touch/", touches.touch_renewal, name="renewal_touch"),
    path("renewals/decisions/<int:pk>/undo/", decisions.undo, name="decision_undo"),
    path("problems/", problems.problems, name="problems"),
    path("problems/new/", problems.problem_new, name="problem_new"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("problems/<int:pk>/edit/", problems.problem_edit, name="problem_edit"),
    path("people/<int:pk>/", people.person, name="person"),
    path("palette/", palette.palette, name="palette"),
    path("tour/", tour.tour, name="tour"),
    path("tour/as/<int:pk>/", tour.walk_as, name="walk_as"),
]

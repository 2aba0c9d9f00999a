from datetime import date

import pytest

from accounts.models import ContractKind, Segment
from accounts.queries.decision_points import (
    Basis,
    DecisionPoint,
    NoRenewal,
    Terms,
    decision_point,
    first_decision_point,
    is_locked,
)

END = date(2027, 3, 31)


def terms(**changes) -> Terms:
    fields = {
        "kind": ContractKind.FIXED,
        "ends_on": END,
        "auto_renew": True,
        "notice_days": 90,
        "notice_received_on": None,
    }
    return Terms(**{**fields, **changes})


def test_an_auto_renewing_contract_is_decided_at_its_notice_deadline():
    point = decision_point(terms(), segment=Segment.SMALL)

    assert point == DecisionPoint(date(2026, 12, 31), Basis.NOTICE_DEADLINE)


def test_an_unknown_notice_period_is_assumed_and_says_so():
    point = decision_point(terms(notice_days=None), segment=Segment.SMALL)

    assert point == DecisionPoint(date(2026, 12, 31), Basis.ASSUMED_DEADLINE)


@pytest.mark.parametrize(
    ("segment", "on"),
    [
        (Segment.ENTERPRISE, date(2027, 1, 30)),
        (Segment.MID_MARKET, date(2027, 3, 1)),
        (Segment.SMALL, date(2027, 3, 17)),
        (Segment.UNKNOWN, date(2027, 3, 1)),
    ],
)
def test_an_opt_in_contract_is_decided_the_procurement_lead_before_its_end(segment, on):
    point = decision_point(terms(auto_renew=False), segment=segment)

    assert point == DecisionPoint(on, Basis.PROCUREMENT)


@pytest.mark.parametrize("kind", [ContractKind.FIXED, ContractKind.EVERGREEN])
def test_received_notice_decides_at_once_whatever_the_kind(kind):
    point = decision_point(
        terms(kind=kind, notice_received_on=date(2026, 11, 2)), segment=Segment.SMALL
    )

    assert point == DecisionPoint(date(2026, 11, 2), Basis.NOTICE_RECEIVED)


def test_notice_recorded_after_the_end_is_decided_at_the_end():
    late = terms(notice_received_on=date(2027, 5, 1))

    assert decision_point(late, segment=Segment.SMALL).on == END


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ContractKind.MONTH_TO_MONTH, "ends_on": None},
        {"kind": ContractKind.EVERGREEN, "ends_on": None},
        {"kind": ContractKind.EVERGREEN},
        {"kind": ContractKind.TRIAL},
        {"kind": ContractKind.TRIAL, "notice_received_on": date(2026, 11, 2)},
    ],
)
def test_terms_without_a_decision_have_no_renewal(changes):
    with pytest.raises(NoRenewal):
        decision_point(terms(**changes), segment=Segment.SMALL)


def test_several_contracts_are_decided_with_the_first():
    monthly = terms(kind=ContractKind.MONTH_TO_MONTH, ends_on=None)

    point = first_decision_point([terms(auto_renew=False), monthly, terms()], segment=Segment.SMALL)

    assert point == DecisionPoint(date(2026, 12, 31), Basis.NOTICE_DEADLINE)


def test_only_contracts_without_a_decision_have_no_renewal():
    with pytest.raises(NoRenewal):
        first_decision_point([], segment=Segment.SMALL)


@pytest.mark.parametrize(
    ("day", "basis", "locked"),
    [
        (date(2026, 12, 31), Basis.NOTICE_DEADLINE, False),
        (date(2027, 1, 1), Basis.NOTICE_DEADLINE, True),
        (date(2027, 1, 1), Basis.ASSUMED_DEADLINE, True),
        (date(2027, 1, 1), Basis.PROCUREMENT, False),
        (date(2027, 1, 1), Basis.NOTICE_RECEIVED, False),
    ],
)
def test_a_contract_is_locked_after_a_notice_deadline_only(day, basis, locked):
    assert is_locked(DecisionPoint(date(2026, 12, 31), basis), day=day) is locked

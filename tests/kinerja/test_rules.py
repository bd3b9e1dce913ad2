"""A new installation begins with the usual rules, for the administrator to replace."""

from datetime import date

import pytest

from portal import policies
from portal.audit import AuditEntry
from portal.kinerja import rules
from portal.policies import LOG_DEADLINE, OF_WORK, Policy
from tests import make

pytestmark = pytest.mark.usefixtures("database")


def test_every_kind_of_rule_of_work_has_a_usual_value_with_its_basis():
    policies.set_usual(rules.USUAL, **make.ACT)
    found = list(Policy.select())
    assert {each.kind for each in found} == set(OF_WORK)
    assert len(found) == len(OF_WORK)
    assert all(each.legal_basis and each.name and each.office_id is None and each.region_code is None for each in found)
    assert AuditEntry.select().where(AuditEntry.act == "policy_set").count() == len(OF_WORK)


def test_set_twice_they_stand_once():
    policies.set_usual(rules.USUAL, **make.ACT)
    policies.set_usual(rules.USUAL, **make.ACT)
    assert Policy.select().count() == len(OF_WORK)


def test_a_kind_that_ever_had_a_rule_is_left_to_the_administrator_also_when_that_rule_was_for_one_office_and_has_ended():
    kept = policies.set_policy(LOG_DEADLINE, {"days": 3}, name="Dua hari", legal_basis="SE 2", first_day=date(2020, 1, 1), last_day=date(2020, 2, 1),
                               office_id=make.office().id, **make.ACT)  # fmt: skip
    policies.set_usual(rules.USUAL, **make.ACT)
    assert list(policies.of_kind(LOG_DEADLINE)) == [kept]
    assert Policy.select().count() == len(OF_WORK)

from dataclasses import replace

import pytest

from portal.offices import closures
from portal.offices.models import Closure
from tests import make
from tests.offices.refusing import declare, refused

pytestmark = pytest.mark.usefixtures("database")

BY = {"reason": "Atas arahan.", "by": "kepala kantor"}
DURING = make.local("2020-09-21T10:00")  # the second of the three days that make.closure() closes


def test_an_open_end_cannot_be_given_a_date_below_the_minimum_under_the_name_of_an_extension():
    make.minimum(72)
    closure = make.closure(days=None, reason="confirmed_case")
    refused("ends", closures.extend, closure, make.local("2020-09-22T00:00"), now=DURING, **BY)
    assert closures.extend(closure, make.local("2020-09-23T00:00"), now=DURING, **BY).ends_at


def test_a_closure_below_the_minimum_is_refused_with_the_rules_name_its_basis_and_the_earliest_end():
    office = make.office()
    make.minimum(72)
    said = str(refused("ends", declare, make.plan(office, reason="confirmed_case", days=2)).sentence)
    assert "Penutupan karena kasus" in said
    assert "Pergub 88/2020" in said
    assert "2020-09-23 00:00" in said
    assert declare(make.plan(office, reason="confirmed_case", days=3))
    assert declare(make.plan(office, reason="flood", days=1))
    assert declare(make.plan(office, reason="confirmed_case", days=None))


def test_the_minimum_holds_where_its_scope_says_and_the_nearest_scope_decides():
    make.region("31")
    make.region("31.71")
    here, beside = make.office(region="31.71"), make.office(region=make.region("32").code)
    unit = make.unit(here)
    make.minimum(72, region_code="31")
    refused("ends", declare, make.plan(unit, reason="confirmed_case", days=1))
    assert declare(make.plan(beside, reason="confirmed_case", days=1))
    make.minimum(24, office_id=here.id)
    assert declare(make.plan(unit, reason="confirmed_case", days=1))
    refused("ends", declare, make.plan(here, make.office(region="31"), reason="confirmed_case", days=2))


def test_who_may_override_the_minimum_says_why_and_the_reason_is_kept():
    make.minimum(72)
    plan = make.plan(make.office(), reason="confirmed_case", days=1)
    refused("ends", declare, plan, may_override=True)
    refused("ends", declare, replace(plan, override_reason="Sudah disterilkan."))
    closure = declare(replace(plan, override_reason="Sudah disterilkan."), may_override=True)
    assert Closure.get_by_id(closure.id).override_reason == "Sudah disterilkan."


def test_shortening_and_reopening_keep_to_the_minimum_unless_overridden_with_a_reason():
    make.minimum(72)
    closure = make.closure(reason="confirmed_case", days=5)
    end = make.local("2020-09-22T00:00")
    refused("ends", closures.shorten, closure, end, now=DURING, **BY)
    refused("ends", closures.shorten, closure, end, now=DURING, override_reason="Hasil negatif.", **BY)
    refused("override_reason", closures.shorten, closure, end, now=DURING, override_reason="\a", may_override=True, **BY)
    assert closures.shorten(closure, end, now=DURING, override_reason="Hasil negatif.", may_override=True, **BY).override_reason == "Hasil negatif."
    refused("ends", closures.reopen, closure, now=DURING, **BY)
    assert closures.reopen(closure, now=DURING, override_reason="Semua negatif.", may_override=True, **BY).ends_at == DURING
    assert Closure.get_by_id(closure.id).override_reason == "Semua negatif."


def test_a_fact_of_the_past_is_recorded_even_below_the_minimum():
    make.minimum(72)
    assert declare(make.plan(make.office(), reason="confirmed_case", days=1), is_fact=True)

"""Pak Kasubbag goes on leave: Budi stands in as Plh, validates in his place within the dates, and never his own days."""

import pytest

from portal.kinerja.models import DayAct
from tests.stories.working import Workplace

LINE = ("08:00", "12:00", "Memeriksa berkas")


@pytest.fixture
def here(app, client, at) -> Workplace:
    """An administrator enters the leave of Monday and Tuesday, and the letter by which Budi stands in."""
    at("2020-09-18T15:00+07:00")
    found = Workplace(app)
    dates = {"first_day": "2020-09-21", "last_day": "2020-09-22"}
    superior = f"/admin/orang/{found.team.superior.id}"
    found.admin.does(f"{superior}/ketidakhadiran", "ketidakhadiran", kind="annual", **dates)
    found.admin.does(f"{superior}/plt", "plt", deputy=found.team.colleague.identifier, kind="Plh", letter_number="800/21", **dates)
    assert found.budi.browser.get("/validasi").status_code == 403  # not yet
    return found


def test_a_plh_validates_in_the_superiors_place_and_never_the_own_days(here, at):
    at("2020-09-21T16:00+07:00")
    for each in (here.siti, here.budi):
        each.writes("2020-09-21", LINE)
        assert "Pak Kasubbag" in each.hands_in("2020-09-21")
    [day] = here.budi.waiting()  # Siti's, not his own
    here.budi.decides("approve", day)
    said = here.siti.read("/kinerja/2020-09-21")
    assert "Disetujui oleh Budi" in said and "a.n. Pak Kasubbag" in said
    act = DayAct.get(DayAct.act == "approved")
    assert (act.person_id, act.acting_for_id) == (here.team.colleague.id, here.team.superior.id)


def test_after_the_letter_has_ended_the_superior_finds_what_is_left_and_the_plh_nothing(here, at):
    at("2020-09-22T16:00+07:00")
    for each in (here.siti, here.budi):
        each.writes("2020-09-22", LINE)
        each.hands_in("2020-09-22")
    [left] = here.budi.waiting()

    at("2020-09-23T08:00+07:00")
    assert here.budi.browser.get("/validasi").status_code == 403
    assert here.budi.browser.post("/validasi", {"day": [left], "decision": "approve", "reason": ""}).status_code == 403
    both = here.kasubbag.waiting()
    assert len(both) == 2
    here.kasubbag.decides("approve", *both)
    for each in (here.siti, here.budi):
        said = each.read("/kinerja/2020-09-22")
        assert "Disetujui oleh Pak Kasubbag" in said and "a.n." not in said

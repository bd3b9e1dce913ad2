"""Siti moved to another section, and the record names the wrong superior: it is put right on Wednesday, and what waited moves."""

from portal.kinerja.models import WorkDay
from tests import make
from tests.stories.working import Someone, Workplace
from tests.views.reading import Reading

LINE = ("08:00", "12:00", "Melayani pemohon")
MONDAY, TUESDAY = "2020-09-21", "2020-09-22"


def put_right(admin: Someone) -> None:
    """The administrator accepts the one proposal that waits."""
    [address] = [link for link in Reading(admin.open("/admin/atasan")).links if link.startswith("/admin/atasan/")]
    assert admin.browser.post(address, {"decision": "accept", "answer": ""}).status_code == 303


def test_what_waited_for_the_wrong_superior_moves_to_the_right_one_unlost(app, client, at):
    at(f"{MONDAY}T16:00+07:00")
    here = Workplace(app)
    siti, wrong, right = here.siti, here.kasubbag, Someone(app, make.person("Bu Lurah", "197505052000032001"))
    make.posting(right.person, here.office, under=here.team.upper)
    siti.writes(MONDAY, LINE)
    siti.hands_in(MONDAY)
    receipt = WorkDay.get().receipt
    siti.does("/akun", "atasan", proposed=right.person.identifier, reason="Saya pindah ke seksi pelayanan.")

    at(f"{TUESDAY}T16:00+07:00")  # until it is settled everything goes on as before
    siti.writes(TUESDAY, LINE)
    siti.hands_in(TUESDAY)
    monday, tuesday = wrong.waiting()
    wrong.decides("return", tuesday, reason="Saya tidak mengenal pekerjaan ini.")

    at("2020-09-23T10:00+07:00")
    put_right(here.admin)
    number = monday.partition("-")[0]
    assert wrong.waiting() == []
    assert wrong.browser.get(f"/validasi/{number}").status_code == 404
    assert [each.partition("-")[0] for each in right.waiting()] == [number]
    assert "Bu Lurah" in siti.read(f"/kinerja/{MONDAY}")
    siti.hands_in(TUESDAY)  # what was returned goes to the right one now
    right.decides("approve", *right.waiting())
    assert [row.state for row in WorkDay.select()] == ["approved", "approved"]
    assert receipt in siti.read(f"/kinerja/{MONDAY}")  # the same number, whoever had it on the desk

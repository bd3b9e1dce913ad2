"""The last day of September: the portal is down in the evening. Deadlines move for everybody, everybody reads it, and nobody is late."""

from portal.kinerja import submission
from portal.kinerja.models import WorkDay
from tests.stories.working import Workplace


def test_an_outage_on_the_last_day_of_the_month_moves_the_deadline_for_everybody_and_says_so(app, client, at):
    at("2020-09-29T16:00+07:00")
    here = Workplace(app)
    siti, budi, kasubbag, admin = here.siti, here.budi, here.kasubbag, here.admin
    for each in (siti, budi):
        each.writes("2020-09-29", ("08:00", "12:00", "Menutup buku bulanan"))
    assert "Rabu, 30 September" in siti.read("/kinerja/2020-09-29")  # until when

    at("2020-10-01T07:30+07:00")  # the portal was down from Wednesday evening until Thursday morning
    admin.does("/admin/kinerja/gangguan/baru", "gangguan", starts="2020-09-30T19:00", ends="2020-10-01T06:00", note="Listrik padam di pusat data.")
    assert "Listrik padam" in admin.read("/admin/kinerja/gangguan")
    for each in (siti, budi):
        said = each.read("/kinerja/2020-09-29")
        assert "Batas semula" in said and "mundur karena portal terganggu" in said
        assert "Jumat, 2 Oktober" in said or "besok" in said
        assert "Terlambat" not in said

    at("2020-10-02T20:00+07:00")
    siti.hands_in("2020-09-29")
    at("2020-10-03T08:00+07:00")
    assert "Terlambat, tetap bisa diajukan" in budi.read("/kinerja/2020-09-29")
    budi.hands_in("2020-09-29")
    late = {row.person.name: submission.is_late(row) for row in WorkDay.select()}
    assert late == {"Siti": False, "Budi": True}
    assert len(kasubbag.waiting()) == 2

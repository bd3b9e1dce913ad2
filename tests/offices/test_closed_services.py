"""Closures that take only services: the offices go on, and everybody reads which service is closed until when."""

from datetime import timedelta

import pytest

from portal.offices import board, closed_days, closures, declared, listing, telling
from portal.offices.closures import Detour
from portal.offices.models import ClosureService, Office
from portal.refusals import Refused
from portal.views.language import in_indonesian
from tests import make
from tests.house.test_queries import counted

pytestmark = pytest.mark.usefixtures("database")
AT = make.local("2020-09-21T10:00")  # a Monday, within a closure of three days from Sunday on
NAMES = {"ktp": "Layanan KTP", "akta-lahir": "Akta Kelahiran", "izin": "Izin Usaha"}


def shut(*offices, services=("ktp",), **facts):
    return make.closure(*offices, services=services, service_names=NAMES, **facts)


def told(office, at=AT) -> telling.Told:
    row = listing.rows_of(Office.id == office.id).dicts().get()
    return telling.Telling.of(board.paint([row["root_id"]], at, at), at).tell(row)


@pytest.fixture
def read(app):
    """What the public reads of an office, in Indonesian."""

    def sentence(office, at=AT) -> str:
        with app.test_request_context():
            seen = told(office, at)
            return in_indonesian(seen.sentence, seen.here)

    return sentence


@pytest.fixture
def ways(app):
    def said(office, at=AT) -> list[str]:
        with app.test_request_context():
            return [in_indonesian(way.sentence, AT) for way in told(office, at).ways]

    return said


def test_the_services_are_named_with_their_end_and_the_rest_with_its_hours(read):
    office = make.office()
    shut(office, services=("ktp", "akta-lahir"))
    assert read(office) == "Layanan Akta Kelahiran dan KTP tutup sampai besok, Selasa, 22 September. Layanan lain buka sampai pukul 16.00."
    assert told(office).state == "limited"


def test_off_hours_stay_off_hours_and_name_the_service_too(read):
    office = make.office()
    held = shut(office)
    night = make.local("2020-09-21T20:00")
    assert read(office, night).endswith("Layanan KTP tutup sampai besok, Selasa, 22 September.")
    assert (told(office, night).state, told(office, night).outlook.condition.closures) == ("off_hours", (held.id,))


def test_a_service_without_an_end_is_closed_until_further_notice(read):
    office = make.office()
    shut(office, days=None)
    assert read(office) == "Layanan KTP tutup sampai pemberitahuan lebih lanjut. Layanan lain tetap buka. Penutupan ini ditinjau Minggu, 4 Oktober."


def test_services_with_different_ends_are_told_apart_and_one_that_is_closed_twice_by_its_last_end(read):
    office = make.office()
    shut(office, services=("ktp", "izin"))
    shut(office, services=("izin",), days=5)
    assert read(office) == ("Layanan KTP tutup sampai besok, Selasa, 22 September. Layanan Izin Usaha tutup sampai Kamis, 24 September. "
                            "Layanan lain buka sampai pukul 16.00.")  # fmt: skip


def test_a_closed_floor_and_a_closed_service_are_both_told(read):
    office = make.office("Kantor Camat")
    floor = make.unit(office, "Kantor Camat: Lantai 2")
    make.closure(floor)
    shut(office)
    assert read(office) == ("Lantai 2 tutup sampai besok, Selasa, 22 September. Layanan KTP tutup sampai besok, Selasa, 22 September. "
                            "Layanan lain buka sampai pukul 16.00.")  # fmt: skip


def test_a_service_of_a_part_is_told_with_the_part(read):
    office = make.office("Kantor Camat")
    floor = make.unit(office, "Kantor Camat: Lantai 2")
    shut(floor)
    assert read(office) == "Layanan KTP di Lantai 2 tutup sampai besok, Selasa, 22 September. Layanan lain buka sampai pukul 16.00."
    assert read(floor) == "Layanan KTP tutup sampai besok, Selasa, 22 September. Layanan lain buka sampai pukul 16.00."


def test_a_part_that_is_excepted_keeps_its_services():
    office = make.office()
    post = make.unit(office)
    shut(office, excepted=[post])
    picture = board.paint([office.id], AT, AT)
    assert set(picture.closed_services(picture.nodes[office.id], AT)) == {"ktp"}
    assert picture.closed_services(picture.nodes[post.id], AT) == {}
    assert (told(office).state, told(post).state) == ("limited", "open")


def test_behind_a_door_that_is_closed_the_single_service_does_not_matter(read):
    office = make.office()
    shut(office, days=None, first="2020-09-18")
    make.closure(office, online=True)
    assert read(office) == "Tutup tatap muka sampai besok, Selasa, 22 September. Buka lagi Rabu, 23 September pukul 08.00 WIB."
    assert len(told(office).closures) == 1


def test_the_ways_say_that_other_services_go_on_and_where_this_one_is_given(ways):
    office = make.office()
    other = make.office("Kantor Sebelah")
    shut(office, services=("ktp", "izin"), online=False, detours=[Detour(other), Detour(place="Tenda", service="ktp")])
    assert ways(office)[:4] == [
        "Loket tetap buka untuk layanan lain",
        "Layanan Izin Usaha dan KTP dilayani di Kantor Sebelah",
        "Layanan KTP: Tenda",
        "Layanan daring lain tetap berjalan",
    ]


def test_a_service_that_is_not_closed_online_leaves_online_as_it_is(ways):
    office = make.office()
    shut(office, online=True)
    assert "Layanan daring tetap berjalan" in ways(office)


def test_the_names_stay_as_they_were_when_the_closure_was_declared():
    office = make.office()
    record = declared.records([shut(office, services=("ktp", "lama"))], AT)[0]
    assert record.services == {"ktp": "Layanan KTP", "lama": "lama"}


def test_a_service_named_twice_is_kept_once_and_what_cannot_be_kept_is_refused():
    office = make.office()
    held = shut(office, services=("ktp", "ktp"))
    assert ClosureService.select().where(ClosureService.closure == held).count() == 1
    for wrong in ("", "\0", "x" * 300):
        with pytest.raises(Refused) as refused:
            shut(office, services=(wrong,))
        assert refused.value.field == "services"


def test_the_minimum_of_workplaces_does_not_hold_for_a_service():
    make.minimum(reason="flood")
    office = make.office()
    held = shut(office, days=1)
    with pytest.raises(closures.BelowMinimum):
        make.closure(office, days=1)
    closures.extend(held, held.ends_at + timedelta(days=2), reason="Mesin belum datang.", **make.ACT)
    closures.shorten(held, held.ends_at + timedelta(hours=2), reason="Mesin datang.", **make.ACT)
    closures.reopen(held, reason="Sudah jalan.", by="kepala", now=held.starts_at + timedelta(hours=1))
    assert told(office).state == "open"


def test_people_work_as_on_any_day_where_only_a_service_is_closed():
    office = make.office()
    shut(office)
    day = AT.date()
    chains = {office.id: (make.ZONE, [office.id])}
    assert closed_days.ClosedDays(chains, day, day).closures(office.id, day) == {}
    whole = make.closure(office)
    assert closed_days.ClosedDays(chains, day, day).closures(office.id, day) == {whole.id: "flood"}


def test_the_strip_shows_the_days_as_limited():
    office = make.office()
    shut(office)
    picture = board.paint([office.id], AT - timedelta(days=10), AT)
    assert listing.strip(picture, picture.nodes[office.id], AT.date(), days=10) == [(8, 2, "limited")]


def test_an_office_with_a_closed_service_is_counted_as_limited():
    office = make.office()
    shut(office)
    overview = board.overview(AT)
    assert (overview.disrupted, overview.counts["limited"]) == ({office.id: "limited"}, 1)


def test_the_questions_do_not_grow_with_the_services_that_are_closed():
    office = make.office()
    shut(office)
    with counted() as few:
        told(office)
    for number in range(20):
        shut(make.unit(office), services=(f"layanan-{number}", "ktp"))
    with counted() as many:
        told(office)
    assert len(many) == len(few)

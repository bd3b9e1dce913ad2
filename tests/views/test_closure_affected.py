"""Who would be touched by a closure is seen before it is declared: in numbers, and by name with what will be done."""

import pytest

from portal.offices.models import Closure
from portal.services.models import Appointment, ServiceRequest
from portal.views import closure_affected
from tests import make
from tests.house.test_queries import counted
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import Browser
from tests.views.world import World

PARTIAL = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}


@pytest.fixture
def place(world: World):
    """An office with two desks that no closure touches yet."""
    return make.office("Kantor Dinas Perizinan", desks=2)


@pytest.fixture
def service(place):
    return make.service("Izin Usaha", at=[place])


def booked(service, place, starts: str, name: str) -> ServiceRequest:
    return make.request(service, place, now=make.local("2020-09-22T08:00"), name=name, channel="counter", slot=make.local(starts))


def asked(service, place, name: str, *, state: str = "received", email: str = "warga@example.org", **facts) -> ServiceRequest:
    made = make.request(service, place, now=make.local("2020-09-22T08:00"), name=name, **facts)
    ServiceRequest.update(state=state, email=email).where(ServiceRequest.id == made.id).execute()
    return made


def of_affected(answer) -> str:
    """The words of the part of the page that says who is touched."""
    return Reading(answer.text.split('id="affected"')[1].split("</section>")[0]).words


def previewed(browser: Browser, *offices, **facts):
    return browser.post(PAGE, plan(*offices, starts="2020-09-23", ends="2020-09-24", action="preview", **facts))


def test_where_nobody_is_touched_that_is_said(admin, place):
    assert "Tidak ada pemohon yang terkena." in of_affected(previewed(admin, place))


def test_an_appointment_inside_is_named_with_the_time_it_moves_to_and_nothing_is_moved(admin, place, service):
    booked(service, place, "2020-09-23T09:00", "Siti Rahmawati")
    booked(service, place, "2020-09-28T09:00", "Budi Santoso")
    said = of_affected(previewed(admin, place))
    assert "1 pemohon." in said and "1 Janji temu pada masa tutup" in said
    assert "Siti Rahmawati" in said and "Izin Usaha" in said
    assert "Rabu, 23 September pukul 09.00 WIB dipindah ke Jumat, 25 September pukul 09.00 WIB." in said
    assert "Budi" not in said
    assert {row.state for row in Appointment.select()} == {"booked"}


def test_who_is_to_fetch_a_result_and_who_has_no_e_mail_are_told_apart(admin, place, service):
    asked(service, place, "Ana", state="ready")
    asked(service, place, "Wayan", state="ready", email="")
    said = of_affected(previewed(admin, place))
    assert "2 Hasil siap diambil" in said and "1 Tanpa surel" in said
    assert "Hasil tidak dapat diambil dari besok, Rabu, 23 September sampai Kamis, 24 September." in said
    assert "Ditelepon petugas." in said


def test_a_deadline_that_moves_is_named_from_day_to_day(admin, place, service):
    asked(service, place, "Ana")
    assert "1 Batas waktu yang bergeser" in of_affected(previewed(admin, place))


def test_a_person_is_shown_by_name_alone(admin, place, service):
    held = asked(service, place, "Ana", state="ready", email="ana@example.org", phone="081234567890")
    said = previewed(admin, place).text
    assert "Ana" in said
    assert all(part not in said for part in ("ana@example.org", "081234567890", held.number))


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("action", ["preview", "declare", "search", "template", "rows"])
def test_nobody_reads_names_at_an_office_that_they_may_not_close(head, world: World, place, service, action: str, together: bool):
    asked(service, place, "Ana Rahasia", state="ready")
    offices = [world.hall, place] if together else [place]
    for headers in ({}, PARTIAL["headers"]):
        answer = head.post(PAGE, plan(*offices, starts="2020-09-23", ends="2020-09-24", action=action), headers=headers)
        assert "Ana Rahasia" not in answer.text and 'id="affected"' not in answer.text


def test_who_has_no_name_any_more_is_still_counted(admin, place, service):
    asked(service, place, "Ana", state="ready")
    ServiceRequest.update(name="").execute()
    assert "Tanpa nama" in of_affected(previewed(admin, place))


def test_of_many_people_some_are_named_and_the_rest_counted(admin, place, service, monkeypatch):
    monkeypatch.setattr(closure_affected, "_SHOWN", 2)
    for number in range(5):
        asked(service, place, f"Warga {number}", state="ready")
    said = of_affected(previewed(admin, place))
    assert "5 Hasil siap diambil" in said and "dan 3 orang lain" in said


def test_at_several_offices_it_is_said_at_which(admin, place, service):
    other = make.office("Kantor Dinas Sosial")
    asked(service, place, "Ana", state="ready")
    assert "Kantor Dinas Perizinan" not in of_affected(previewed(admin, place, other))
    asked(make.service("Bantuan", at=[other]), other, "Budi", state="ready")
    said = of_affected(previewed(admin, place, other))
    assert "Kantor Dinas Perizinan" in said and "Kantor Dinas Sosial" in said


def test_the_list_follows_the_fields_with_htmx_too(admin, place, service):
    booked(service, place, "2020-09-23T09:00", "Siti")
    form = plan(place, starts="2020-09-23", ends="2020-09-24", action="preview")
    assert "Siti" in admin.post(PAGE, form, **PARTIAL).text
    assert "Siti" not in admin.post(PAGE, {**form, "starts": "2020-09-24"}, **PARTIAL).text


def test_one_asks_as_many_questions_for_many_people_as_for_few(admin, place, service):
    counts = []
    for more in (2, 30):
        for number in range(more):
            asked(service, place, f"Warga {number}", state=("ready", "received")[number % 2], email=("", "w@example.org")[number % 2])
        with counted() as said:
            assert previewed(admin, place).status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1]


# Others in the same days


def conflict(answer) -> str:
    return Reading(answer.text.split('id="others"')[1].split("</section>")[0]).words


def seen(answer) -> str:
    return next(held["value"] for _, held in Reading(answer.text).tags if held.get("name") == "seen")


def test_another_closure_of_the_same_days_is_shown_with_who_declared_it_and_when(admin, place):
    other = make.closure(place, first="2020-09-24", reason="power", by="Kepala Perizinan")
    answer = previewed(admin, place)
    said = conflict(answer)
    assert all(part in said for part in ("Kantor Dinas Perizinan", "Listrik padam", "Kepala Perizinan", "Sabtu, 19 September pukul 20.14 WIB"))
    assert f'href="/penutupan/{other.id}"' in answer.text and "tidak ada yang terhapus" in said


def test_what_others_declared_meanwhile_is_shown_before_one_declares_and_then_both_hold(admin, place):
    form = plan(place, starts="2020-09-23", ends="2020-09-24", note="Catatan saya.")
    known = seen(previewed(admin, place))
    other = make.closure(place, first="2020-09-24", reason="power", by="Kepala Perizinan")
    before = Closure.select().count()
    stopped = admin.post(PAGE, {**form, "seen": known})
    assert stopped.status_code == 422 and 'href="#others"' in stopped.text
    assert "yang belum Anda lihat" in words(stopped) and "Catatan saya." in stopped.text
    assert "baru" in conflict(stopped) and "Kepala Perizinan" in conflict(stopped)
    assert Closure.select().count() == before
    declared(admin.post(PAGE, {**form, "seen": seen(stopped)}))
    assert Closure.get_by_id(other.id).withdrawn_at is None and Closure.select().count() == before + 1


def test_one_that_was_changed_meanwhile_counts_as_well(admin, place):
    from portal.offices import closures

    other = make.closure(place, first="2020-09-24")
    known = seen(previewed(admin, place))
    declared(admin.post(PAGE, plan(place, starts="2020-09-23", ends="2020-09-24", seen=known, submission_key="a")))
    known = seen(previewed(admin, place))
    closures.extend(other, make.local("2020-10-10"), reason="Belum aman.", by="kepala", now=make.NOW)
    assert admin.post(PAGE, plan(place, starts="2020-09-23", ends="2020-09-24", seen=known)).status_code == 422


def test_a_closure_elsewhere_stops_nobody(admin, world: World, place):
    known = seen(previewed(admin, place))
    make.closure(world.village, first="2020-09-24")
    declared(admin.post(PAGE, plan(place, starts="2020-09-23", ends="2020-09-24", seen=known)))


def test_a_form_that_was_never_previewed_is_not_asked(admin, place):
    make.closure(place, first="2020-09-24")
    declared(admin.post(PAGE, plan(place, starts="2020-09-23", ends="2020-09-24")))


def test_a_second_press_of_the_same_button_meets_its_own_closure_and_not_a_conflict(admin, place):
    form = plan(place, starts="2020-09-23", ends="2020-09-24", seen=seen(previewed(admin, place)), submission_key="kunci")
    first = declared(admin.post(PAGE, form))
    assert declared(admin.post(PAGE, form)) == first


@pytest.mark.parametrize("text", ["x", "0,1", "٣", "-1", "0 " + "9" * 5000, "\0"])
def test_what_nobody_can_have_seen_is_read_as_nothing_seen(admin, place, text: str):
    make.closure(place, first="2020-09-24")
    assert admin.post(PAGE, plan(place, starts="2020-09-23", ends="2020-09-24", seen=text)).status_code == 422

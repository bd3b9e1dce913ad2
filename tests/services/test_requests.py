"""Taking a request in: once however often it is sent, whole or not at all, found again by its number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal import audit, files, numbers, outbox, sealed
from portal.audit import AuditEntry
from portal.files import Attachment
from portal.outbox import Letter
from portal.refusals import NotFound, Refused
from portal.services import appointments, requests
from portal.services.models import CHANNELS, Appointment, RequestEvent, RequestFile, ServiceRequest
from portal.services.requests import Unfit, Unknown
from tests import make
from tests.together import at_once
from tests.views.following import PDF

NOW = make.local("2020-09-21T09:00")  # a Monday on which offices serve
OFFICER = audit.Actor("Sari Petugas", 1)


@pytest.fixture
def office(database):
    return make.office("Kantor Wali Kota", desks=2)


@pytest.fixture
def service(office):
    return make.service("Surat keterangan domisili", at=[office])


def everything() -> tuple[int, ...]:
    """How many rows there are of all that a request brings."""
    return tuple(table.select().count() for table in (ServiceRequest, RequestEvent, RequestFile, Attachment, Appointment, Letter, AuditEntry))


def refused(asked, now=NOW) -> set[str | None]:
    """The fields that are refused; nothing is kept."""
    before = everything()
    with pytest.raises(Unfit) as caught:
        requests.submit(asked, now=now)
    assert everything() == before
    return {each.field for each in caught.value.refusals}


def test_a_request_is_taken_in_with_number_history_file_deadline_letter_and_trace(service, office):
    stored = files.take(PDF, "ktp.pdf", now=NOW)
    made = requests.submit(make.asked(service, office, name="  Siti Contoh ", phone="+62 812-0000-0000", files=(stored,), submission_key="k1"), now=NOW)
    assert numbers.read(made.number) == made.number
    assert (made.name, made.phone, made.state, made.channel, made.origin) == ("Siti Contoh", "081200000000", "received", "online", "web")
    assert made.clock_from == NOW and str(made.due_on) == "2020-09-24"
    assert [event.what for event in RequestEvent.select().where(RequestEvent.request == made)] == ["submitted"]
    attached = RequestFile.get(RequestFile.request == made)
    assert attached.attachment.digest == stored.digest and attached.attachment.added_by_id == files.NOBODY
    letter = Letter.get()
    assert (letter.name, letter.email, letter.facts["number"], letter.facts["slug"]) == ("request_received", "warga@example.org", made.number, office.slug)
    trace = AuditEntry.select().where(AuditEntry.act == "request_filed").get()
    assert trace.label == made.number and "Siti" not in str(trace.after)


def test_the_same_key_is_one_request_whatever_stands_in_the_second_form(service, office):
    first = make.request(service, office, now=NOW, submission_key="k1")
    before = everything()
    assert make.request(service, office, now=NOW, submission_key="k1", name="", channel="merpati") == first
    assert everything() == before
    assert make.request(service, office, now=NOW, submission_key="k2") != first


def test_without_a_key_each_form_is_a_request_of_its_own(service, office):
    assert make.request(service, office, now=NOW) != make.request(service, office, now=NOW, submission_key="")
    assert make.request(service, office, now=NOW, submission_key="\0") != make.request(service, office, now=NOW, submission_key="\0")


@pytest.mark.parametrize("key", ["k\0", "a\nb", "k\ud800", "x" * 5000, "'; DROP TABLE"])
def test_a_key_that_no_page_made_does_no_harm_and_is_one_request_too(service, office, key):
    made = [make.request(service, office, now=NOW, submission_key=key) for _ in range(2)]
    assert all(row.name == "Warga Contoh" for row in made)
    assert made[0] == made[1]


def test_eight_threads_that_send_the_same_form_make_one_request(shared):
    office = make.office()
    asked = make.asked(make.service(at=[office]), office, submission_key="k1", files=(files.take(PDF, "a.pdf", now=NOW),))
    assert at_once(*[lambda: requests.submit(asked, now=NOW)] * 8) == ["done"] * 8
    assert (ServiceRequest.select().count(), Letter.select().count(), RequestFile.select().count(), Attachment.select().count()) == (1, 1, 1, 1)
    assert AuditEntry.select().where(AuditEntry.act == "request_filed").count() == RequestEvent.select().count() == 1


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(office):
    service = make.service(at=[office], asks_nik=True, particulars=[{"kind": "number", "is_required": True}, {"kind": "date"}])
    number, day = requests.catalogue.particulars(service)
    asked = make.asked(service, office, channel="merpati", name="", phone="x", email="bukan", nik="12", answers={day.id: "kemarin"}, submission_key="k1")
    assert refused(asked) == {"channel", "name", "phone", "email", "nik", f"isian-{number.id}", f"isian-{day.id}"}
    assert requests.of_key("k1") is None


@pytest.mark.parametrize("field", ["name", "phone", "email", "nik", "description"])
@pytest.mark.parametrize("typed", ["a\0b", "\ud800x", "x" * 20_000])
def test_what_no_database_can_keep_is_refused_beside_its_field(office, field, typed):
    service = make.service(at=[office], asks_nik=True)
    assert field in refused(make.asked(service, office, **{field: typed}))


def test_one_way_to_reach_the_citizen_is_asked_for_but_not_of_a_paper_letter(service, office):
    assert refused(make.asked(service, office, phone=" ", email="")) == {"phone"}
    assert make.request(service, office, now=NOW, phone="", email="", channel="dropbox", origin="paper").origin == "paper"


def test_an_office_that_does_not_give_the_service_is_not_asked(service, office):
    assert refused(make.asked(service, make.office())) == {"office"}


def test_a_channel_that_the_service_lacks_or_that_a_closure_takes_is_refused(office):
    by_counter = make.service(at=[office], channels=["counter"])
    assert refused(make.asked(by_counter, office, channel="online")) == {"channel"}
    make.closure(office, first="2020-09-20", days=3, online=False)
    assert refused(make.asked(make.service(at=[office]), office)) == {"channel"}


def test_who_is_served_by_an_officer_or_wrote_a_letter_needs_no_way_in(service, office):
    make.closure(office, first="2020-09-20", days=3, online=False)
    officer = make.person()
    assert make.request(service, office, now=NOW, origin="phone", filed_by=officer).filed_by_id == officer.id
    assert make.request(service, office, now=NOW, origin="mail", channel="email").channel == "email"


def test_a_counter_is_asked_for_with_a_slot_and_the_seat_is_held(service, office):
    assert refused(make.asked(service, office, channel="counter")) == {"slot"}
    slot = appointments.free(service, office, now=NOW)[0].starts_at
    made = make.request(service, office, now=NOW, channel="counter", slot=slot)
    held = appointments.of(made)
    assert held is not None and held.starts_at == slot
    assert made.clock_from is None and made.due_on is None  # nobody has come yet
    assert Letter.get().facts["slot"] == slot.isoformat()


def test_a_slot_that_has_gone_leaves_no_half_request(service, office):
    slot = appointments.free(service, office, now=NOW)[0].starts_at
    for _ in range(2):
        make.request(service, office, now=NOW, channel="counter", slot=slot)
    before = everything()
    with pytest.raises(appointments.Taken) as caught:
        make.request(service, office, now=NOW, channel="counter", slot=slot, submission_key="k9")
    assert caught.value.slots and slot not in {each.starts_at for each in caught.value.slots}
    assert everything() == before and requests.of_key("k9") is None


def test_a_file_that_was_swept_away_meanwhile_leaves_no_half_request(service, office):
    stored = replace(files.take(PDF, "a.pdf", now=NOW), digest="0" * 64)
    before = everything()
    with pytest.raises(Refused):
        make.request(service, office, now=NOW, files=(stored,))
    assert everything() == before


def test_an_identity_number_is_kept_sealed_and_only_where_the_service_asks_for_it(office):
    made = make.request(make.service(at=[office], asks_nik=True), office, now=NOW, nik="3171 0000 0000 0001")
    assert "3171000000000001" not in f"{made.nik}{made.nik_mark}"
    assert requests.particulars.open_nik(made) == "3171000000000001"
    other = make.request(make.service(at=[office]), office, now=NOW, nik="3171000000000001")
    assert (other.nik, other.nik_mark) == (None, None)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{bare}", "{spaced}", "{dashes}"])
def test_a_request_is_found_however_its_number_is_typed(service, office, typed):
    number = make.request(service, office, now=NOW).number
    text = typed.replace("{}", number).format(
        lower=number.lower(), bare=number.replace("-", ""), spaced=number.replace("-", " "), dashes=number.replace("-", "–")
    )
    assert requests.find(text).number == number


def test_a_mistyped_number_is_told_from_one_that_nobody_has(service, office):
    made = make.request(service, office, now=NOW)
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    mistyped = made.number[:-1] + signs[(signs.index(made.number[-1]) + 1) % 32]
    for typed in (mistyped, "", "x", "\0" + made.number, "9" * 10_000, "\ud800"):
        with pytest.raises(NotFound) as caught:
            requests.find(typed)
        assert not isinstance(caught.value, Unknown) and caught.value.field == "number"
    with pytest.raises(Unknown):
        requests.find(numbers.new())


def test_the_mailed_key_opens_one_request_and_changes_with_no_restart(service, office):
    one, other = (make.request(service, office, now=NOW) for _ in range(2))
    assert requests.token(one) == requests.token_of(one.number) != requests.token(other)
    assert one.number not in requests.token(one) and len(requests.token(one)) >= 32
    assert requests.token(one) != sealed.fingerprint(one.number)[:32]


def test_who_has_no_address_is_called_where_it_is_worth_a_call_and_nobody_twice(service, office):
    reachable, by_phone, nobody = (make.request(service, office, now=NOW, origin="paper", **contact) for contact in
                                   ({}, {"email": ""}, {"email": "", "phone": ""}))  # fmt: skip
    Letter.delete().execute()
    for row in (reachable, by_phone, nobody):
        for _ in range(2):
            requests.tell(row, "request_ready", key="1", now=NOW, place="Loket 2")
        requests.tell(row, "request_received", key="1", now=NOW, is_worth_a_call=False)
    sent = {(letter.name, letter.recipient, letter.state, letter.office_id) for letter in Letter.select()}
    assert sent == {("request_ready", "Warga Contoh", outbox.WAITS, office.id), ("request_received", "Warga Contoh", outbox.WAITS, office.id),
                    ("request_ready", "Warga Contoh", outbox.TO_CALL, office.id)}  # fmt: skip
    assert Letter.select().count() == 3


def test_what_happens_makes_pages_of_before_out_of_date(service, office):
    made = make.request(service, office, now=NOW)
    requests.happened(made, "note", by=OFFICER, now=NOW + timedelta(hours=1), text="Catatan", is_internal=True, place="loket")
    event = RequestEvent.select().order_by(RequestEvent.id.desc()).get()
    assert (event.by, event.by_id, event.is_internal, event.facts) == ("Sari Petugas", 1, True, {"place": "loket"})
    assert ServiceRequest.get_by_id(made.id).revision == made.revision + 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_days_count_at_once_only_where_neither_a_person_nor_a_paper_is_waited_for(service, office, channel):
    slot = appointments.free(service, office, now=NOW)[0].starts_at if channel == "counter" else None
    made = make.request(service, office, now=NOW, channel=channel, slot=slot, origin="mail" if channel in {"email", "dropbox"} else "web")
    assert (made.clock_from is None) == (channel in {"counter", "dropbox"})

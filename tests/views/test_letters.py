from datetime import timedelta

import pytest

from portal import clock, outbox, sealed
from portal.audit import AuditEntry
from portal.outbox import FAILED, REACHED, TO_CALL, WAITS, Letter, Recipient
from portal.people import roles
from portal.views import letters
from tests import make
from tests.house.test_queries import queries
from tests.views.reading import Reading
from tests.views.staff import Browser, person


@pytest.fixture
def admin(app, world) -> Browser:
    return Browser(app, person(roles.ADMIN))


def promised(key: str = "k", name: str = "Budi", email: str = "budi@surat.example", **to: object) -> Letter:
    facts = {"token": sealed.seal("rahasia-sekali", about="link 7"), "link": 7, "expires_at": (clock.now() + timedelta(days=7)).isoformat()}
    return outbox.promise("reset", Recipient(name, email, **to), facts, key=key, now=clock.now())


def failed(key: str = "k", detail: str = "550 5.1.1 no such user", **facts: object) -> Letter:
    promised(key, **facts)
    letter = outbox.claim(now=clock.now())
    assert letter is not None
    outbox.postponed(letter, "address", detail, now=clock.now(), is_final=True)
    return letter


def to_call(key: str = "k", name: str = "Ani", **to: object) -> Letter:
    return promised(key, name, "", **{"phone": "021 555 0199", **to})


def words(answer) -> str:
    return Reading(answer.text).words


def test_the_list_counts_letters_by_state_and_filters_by_it(admin):
    failed("a", name="Gagal Sekali")
    promised("b", name="Sabar Menunggu")
    outbox.sent(outbox.claim(now=clock.now()), now=clock.now())
    promised("c", name="Masih Menunggu")
    seen = words(admin.get("/surat"))
    for said in ("Menunggu 1", "Gagal 1", "Terkirim 1", "Server surat menolak alamat ini."):
        assert said in seen
    only = words(admin.get("/surat?keadaan=failed"))
    assert "Gagal Sekali" in only
    assert "Masih Menunggu" not in only


@pytest.mark.parametrize("query", ["keadaan=to_call", "keadaan=%00", "keadaan=x'--", "hal=0", "hal=9999999", "hal=x", "bahasa=en"])
def test_whatever_is_asked_of_the_list_is_answered(admin, query):
    promised()
    assert admin.get(f"/surat?{query}").status_code == 200


def test_a_list_without_letters_says_so(admin):
    assert "Tidak ada surat." in words(admin.get("/surat"))
    assert "Tidak ada yang perlu ditelepon" in words(admin.get("/surat/telepon"))


def test_without_a_mail_server_the_list_says_that_letters_wait(admin):
    letter = promised()
    assert "Belum ada server surat." in words(admin.get("/surat"))
    assert "menunggu server surat" in words(admin.get(f"/surat/{letter.id}"))


def test_the_list_is_paged_and_loses_nobody(admin):
    for number in range(letters.PAGE + 1):
        promised(str(number), name=f"Orang {number:03}")
    first, second = admin.get("/surat?keadaan=waits"), admin.get("/surat?keadaan=waits&hal=2")
    assert 'href="/surat?keadaan=waits&amp;hal=2"' in first.text
    assert 'href="/surat?keadaan=waits&amp;hal=1"' in second.text
    seen = words(first) + words(second)
    assert [number for number in range(letters.PAGE + 1) if f"Orang {number:03}" not in seen] == []


def test_a_letter_is_shown_as_it_is_sent_but_for_its_secret(admin):
    letter = promised()
    answer = admin.get(f"/surat/{letter.id}")
    assert "Yth. Budi," in words(answer)
    assert "rahasia-sekali" not in answer.text
    assert letter.facts["token"] not in answer.text


def test_a_letter_is_shown_in_its_readers_language_on_an_indonesian_page(admin):
    letter = promised(language="en-US")
    answer = admin.get(f"/surat/{letter.id}")
    assert "Dear Budi," in answer.text
    assert ("pre", "en") in [(tag, held.get("lang")) for tag, held in Reading(answer.text).tags]
    assert Reading(answer.text).tags[0][1]["lang"] == "id"


def test_a_letter_that_cannot_be_written_is_shown_as_such(admin):
    letter = outbox.promise("ode", Recipient("Budi", "budi@surat.example"), {}, key="k", now=clock.now())
    call = outbox.promise("ode", Recipient("Ani"), {}, key="c", now=clock.now())
    for address in (f"/surat/{letter.id}", f"/surat/{call.id}", "/surat/telepon"):
        assert "Surat ini tidak dapat disusun." in words(admin.get(address))


@pytest.mark.parametrize("number", ["0", "999999", str(2**31), str(10**30)])
def test_a_letter_that_is_not_there_is_not_found(admin, number):
    assert admin.get(f"/surat/{number}").status_code == 404
    assert admin.post(f"/surat/{number}/kirim-lagi").status_code == 404
    assert admin.post(f"/surat/telepon/{number}").status_code == 404


def test_what_a_server_or_a_name_says_stays_text(admin):
    letter = failed(name="<b>Budi</b>", detail="550 <script>alert(1)</script>")
    for address in ("/surat", f"/surat/{letter.id}"):
        answer = admin.get(address)
        assert "<script>alert" not in answer.text
        assert "<b>Budi" not in answer.text
    assert "550 <script>alert(1)</script>" in words(admin.get(f"/surat/{letter.id}"))


def test_a_failed_letter_is_sent_again_by_a_button_and_the_trail_names_who(admin):
    letter = failed()
    assert f'action="/surat/{letter.id}/kirim-lagi"' in admin.get(f"/surat/{letter.id}").text
    answer = admin.post(f"/surat/{letter.id}/kirim-lagi")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/surat/{letter.id}")
    assert Letter.get_by_id(letter.id).state == WAITS
    entry = AuditEntry.get(AuditEntry.act == "letter_resent")
    assert (entry.actor_id, entry.object_id) == (admin.session.person_id, str(letter.id))
    assert "kirim-lagi" not in admin.get(f"/surat/{letter.id}").text


def test_a_letter_with_a_dead_link_is_refused_with_what_to_do_instead(admin, at):
    letter = failed()
    at("2020-10-09T09:00+07:00")
    browser = Browser(admin.client.application, person(roles.ADMIN))
    answer = browser.post(f"/surat/{letter.id}/kirim-lagi")
    assert answer.status_code == 422
    assert "Undang orang ini sekali lagi" in words(answer)
    assert Letter.get_by_id(letter.id).state == FAILED


def test_the_call_list_says_whom_where_and_what_and_takes_a_note(admin):
    letter = to_call()
    answer = admin.get("/surat/telepon")
    seen = words(answer)
    for said in ("1 orang perlu ditelepon", "Ani", "021 555 0199", "Yth. Ani,", "Tautan rahasia tidak ditampilkan."):
        assert said in seen
    assert "rahasia-sekali" not in answer.text
    done = admin.post(f"/surat/telepon/{letter.id}", {f"note-{letter.id}": "Datang besok."})
    assert (done.status_code, done.headers["Location"]) == (303, "/surat/telepon")
    held = Letter.get_by_id(letter.id)
    assert (held.state, held.note, held.reached_by) == (REACHED, "Datang besok.", admin.session.person.name)
    after = words(admin.get("/surat/telepon"))
    assert "Tidak ada yang perlu ditelepon" in after
    assert "Datang besok." in after


def test_a_note_that_is_too_long_is_refused_with_everything_still_there(admin):
    letter = to_call()
    to_call("other", name="Cici")
    answer = admin.post(f"/surat/telepon/{letter.id}", {f"note-{letter.id}": "panjang " * 100})
    page = Reading(answer.text)
    assert answer.status_code == 422
    assert "Terlalu panjang" in page.words
    assert "Cici" in page.words
    typed = {held["id"]: held.get("value") for tag, held in page.tags if tag == "input" and "id" in held}
    assert typed[f"note-{letter.id}"] == "panjang " * 100
    assert f"#note-{letter.id}" in page.links
    assert Letter.get_by_id(letter.id).state == TO_CALL


def test_two_officers_who_call_at_once_note_it_once_and_the_second_is_told_who_was_first(admin):
    letter = to_call()
    assert admin.post(f"/surat/telepon/{letter.id}", {f"note-{letter.id}": "Sudah."}).status_code == 303
    answer = admin.post(f"/surat/telepon/{letter.id}", {f"note-{letter.id}": "Lagi."})
    assert answer.status_code == 422
    assert "Ani sudah dicatat oleh Pegawai admin." in words(answer)
    assert Letter.get_by_id(letter.id).note == "Sudah."


@pytest.mark.parametrize("role", [roles.OFFICER, roles.HEAD])
def test_an_officer_sees_and_notes_the_calls_of_the_own_office_and_what_is_below_alone(app, world, role):
    browser = Browser(app, person(role, world.hall))
    own, below = to_call("a", name="Di Sini", office_id=world.hall.id), to_call("b", name="Di Bawah", office_id=world.floor.id)
    other, nowhere = to_call("c", name="Di Sana", office_id=world.neighbour.id), to_call("d", name="Tanpa Kantor")
    seen = words(browser.get("/surat/telepon"))
    assert "2 orang perlu ditelepon" in seen
    assert [name for name in ("Di Sini", "Di Bawah", "Di Sana", "Tanpa Kantor") if name in seen] == ["Di Sini", "Di Bawah"]
    assert [browser.post(f"/surat/telepon/{letter.id}").status_code for letter in (own, below, other, nowhere)] == [303, 303, 404, 404]
    assert {letter.key for letter in Letter.select().where(Letter.state == TO_CALL)} == {"c", "d"}


def test_a_letter_that_went_by_mail_is_not_noted_as_a_call(admin):
    letter = promised()
    assert admin.post(f"/surat/telepon/{letter.id}").status_code == 404
    assert Letter.get_by_id(letter.id).state == WAITS


def test_an_auditor_reads_letters_and_sends_none(app, world):
    letter = promised()
    browser = Browser(app, person(roles.AUDITOR))
    assert {browser.get(address).status_code for address in ("/surat", f"/surat/{letter.id}")} == {200}
    assert browser.post(f"/surat/{letter.id}/kirim-lagi").status_code == 403


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role not in {roles.ADMIN, roles.AUDITOR}])
def test_nobody_else_reads_other_peoples_letters(app, world, role):
    letter = promised()
    browser = Browser(app, person(role))
    assert {browser.get(address).status_code for address in ("/surat", f"/surat/{letter.id}")} == {403}
    assert browser.post(f"/surat/{letter.id}/kirim-lagi").status_code == 403


@pytest.mark.parametrize("address", ["/surat", "/surat?keadaan=waits", "/surat/telepon"])
def test_the_lists_questions_do_not_grow_with_their_rows(admin, address):
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            promised(f"m{number}")
            to_call(f"c{number}", office_id=make.office().id)

    fill(0, 2)
    few = queries(admin, address)
    fill(2, 80)
    assert len(queries(admin, address)) <= len(few)

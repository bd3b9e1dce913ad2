"""Everybody may read of a closure what it is, and how many it touched; nobody is found in it."""

import json
import re

import pytest

from portal.offices import closures
from portal.services import aftermath
from portal.services.models import ServiceRequest
from portal.views import closure_words
from tests import make
from tests.services.affecting import DUE, Affecting, mailed
from tests.views.reading import Reading


def page(client, closure, rest=""):
    answer = client.get(f"/pengumuman/{closure.id}{rest}")
    assert answer.status_code == 200
    return answer.text


def words(client, closure, rest=""):
    return Reading(page(client, closure, rest)).words


@pytest.fixture
def affecting(world):
    return Affecting(world.hall, world.main)


def test_the_page_says_what_is_closed_why_until_when_and_what_works_instead(client, world):
    seen = words(client, world.main)
    for said in (world.hall.name, "Tutup tatap muka", "Minggu, 20 September sampai hari ini, Selasa, 22 September", "WIB", "terkonfirmasi positif",
                 f"Dilayani di {world.neighbour.name}", "KTP: Tenda di halaman", "Layanan daring tetap berjalan", "lobi Blok A", "Pergub 88/2020",
                 "Surat lewat kotak surat.", "Penutupan diumumkan", "(021) 555 01"):  # fmt: skip
        assert said in seen


def test_it_is_found_from_the_pages_of_its_office_and_leads_back(client, world):
    own = Reading(client.get(f"/kantor/{world.hall.slug}").text)
    assert f"/pengumuman/{world.main.id}" in own.links
    assert f"/kantor/{world.hall.slug}" in Reading(page(client, world.main)).links


@pytest.mark.parametrize(("which", "said"), [("coming", "Akan tutup"), ("past", "Penutupan sudah berakhir"), ("mistake", "Penutupan ini tidak berlaku"),
                                             ("open_end", "Tutup total")])  # fmt: skip
def test_the_page_says_where_in_time_a_closure_is(client, world, which, said):
    assert said in words(client, getattr(world, which))


def test_a_withdrawn_one_promises_nothing(client, world):
    for rest in ("", "/siaran-pers"):
        seen = words(client, world.mistake, rest)
        assert "ditarik" in seen
        assert "Layanan daring tetap berjalan" not in seen


@pytest.mark.parametrize("address", ["/pengumuman/99999", "/pengumuman/99999/siaran-pers", "/pengumuman/99999999999999", "/pengumuman/x"])
def test_what_is_no_closure_is_not_found(client, world, address):
    assert client.get(address).status_code == 404


def test_the_page_is_the_same_for_all_and_cached(client, world):
    for rest in ("", "/siaran-pers"):
        answer = client.get(f"/pengumuman/{world.main.id}{rest}")
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in answer.headers
        assert client.get(f"/pengumuman/{world.main.id}{rest}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_search_engines_read_the_announcement(client, world):
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, world.main), re.S).group(1))
    assert (data["@type"], data["inLanguage"], data["expires"]) == ("SpecialAnnouncement", "id", "2020-09-23T00:00:00+07:00")
    assert data["datePosted"] == "2020-09-19T20:14:00+07:00"
    assert data["temporalCoverage"] == "2020-09-20T00:00:00+07:00/2020-09-23T00:00:00+07:00"
    assert data["announcementLocation"][0]["name"] == world.hall.name
    assert "creativeWorkStatus" not in data
    assert '"temporalCoverage": "2020-09-19T00:00:00+07:00/.."' in page(client, world.open_end)
    assert '"creativeWorkStatus": "Withdrawn"' in page(client, world.mistake)


def test_the_press_note_has_headline_place_day_facts_and_contact(client, world):
    text = page(client, world.main, "/siaran-pers")
    seen = Reading(text).words
    assert f"Tutup tatap muka: {world.hall.name}" in seen
    assert "Jakarta Pusat, Sabtu, 19 September 2020 Masa penutupan: Minggu, 20 September 2020" in seen  # the day of the last act
    assert "(021) 555 01" in seen and "surat@hall.example" in seen
    plain = re.search(r'<textarea id="polos"[^>]*>(.*?)</textarea>', text, re.S).group(1)
    assert plain.startswith("SIARAN PERS\n\nTutup tatap muka: ")
    assert f"\n- Dilayani di {world.neighbour.name}\n" in plain
    assert f"http://localhost/pengumuman/{world.main.id}" in plain


def test_a_press_note_after_an_act_is_dated_anew(client, world, at):
    at("2020-09-22T11:00+07:00")
    closures.extend(world.main, make.local("2020-09-25T00:00"), reason="Belum aman.", by="kepala", now=make.local("2020-09-22T10:30"))
    seen = words(client, world.main, "/siaran-pers")
    assert "Jakarta Pusat, Selasa, 22 September 2020 Masa penutupan: " in seen
    assert "Semula sampai Selasa, 22 September 2020." in seen
    assert "Belum aman." not in seen  # why is the office's own note


def test_whole_days_that_were_extended_and_then_reopened_name_both_promises_and_no_midnight(client, world, at):
    at("2020-09-23T11:00+07:00")
    acts = {"reason": "Surut.", "by": "kepala"}
    closures.extend(world.main, make.local("2020-09-26T00:00"), now=make.local("2020-09-22T10:30"), **acts)
    closures.reopen(closures.Closure.get_by_id(world.main.id), now=make.local("2020-09-23T10:15"), override_reason="Surut.", may_override=True, **acts)
    assert "Minggu, 20 September sampai hari ini, Rabu, 23 September pukul 10.15 WIB." in words(client, world.main)
    feed = client.get(f"/kantor/{world.hall.slug}/umpan.atom").text
    assert "Masa penutupan: Minggu, 20 September 2020 sampai Rabu, 23 September 2020 pukul 10.15 WIB." in feed
    assert "Semula sampai Selasa, 22 September 2020, kemudian diumumkan sampai Jumat, 25 September 2020." in feed


def test_an_office_without_contact_names_the_portal(client, world):
    assert "Kontak" in words(client, world.eastern, "/siaran-pers")


def test_people_stand_there_as_numbers_and_few_as_few(client, affecting):
    for _ in range(6):
        mailed(affecting.person(name="Rahasia Warga"))
    affecting.person(DUE, name="Rahasia Warga")
    for rest in ("", "/siaran-pers"):
        text = page(client, affecting.closure, rest)
        seen = Reading(text).words
        assert "7 permohonan terdampak." in seen
        assert "kecuali kurang dari 5 orang yang masih kami hubungi" in seen
        assert "Rahasia" not in text
        assert not any(row.number in text for row in ServiceRequest.select())
    seen = words(client, affecting.closure)
    assert "Janji temu 5 atau lebih" in seen  # six, but the one beside them would be known from the sum
    assert "Permohonan yang batas waktunya bergeser kurang dari 5" in seen


def test_when_all_are_told_the_page_says_so(client, affecting):
    for _ in range(5):
        mailed(affecting.person())
    seen = words(client, affecting.closure)
    assert "5 permohonan terdampak. Semua pemohonnya sudah diberi tahu, satu per satu." in seen
    assert "Janji temu 5" in seen


def test_of_fewer_than_five_nothing_more_is_said(client, affecting):
    mailed(affecting.person())
    seen = words(client, affecting.closure)
    assert "Kurang dari 5 permohonan terdampak." in seen
    assert "Janji temu" not in seen and "diberi tahu" not in seen


def test_a_closure_that_touched_nobody_says_nothing_of_people(client, world):
    assert "terdampak" not in words(client, world.main)


def test_texts_with_markup_run_nowhere(client, world):
    odd = make.closure(world.station, note="<script>alert(1)</script>", legal_basis="</script><b>")
    for rest in ("", "/siaran-pers"):
        text = page(client, odd, rest)
        assert "<script>alert" not in text and "</script><b>" not in text


def test_a_closure_of_many_offices_stays_readable(client, world):
    many = make.closure(*[make.office(f"Kelurahan {number:02}") for number in range(12)])
    assert "dan 10 kantor lain" in words(client, many)
    assert "dan 9 kantor lain" in words(client, many, "/siaran-pers")


def test_each_kind_that_is_counted_has_its_words():
    assert list(closure_words.KINDS) == list(aftermath.KINDS)
    assert set(closure_words.REACHES) == set(aftermath.REACHES)


@pytest.mark.parametrize("rest", ["", "/siaran-pers"])
def test_it_says_when_the_counters_serve_again_as_far_as_that_is_known(client, world, rest):
    assert "Loket melayani lagi" in words(client, world.main, rest) and "Rabu, 23 September" in words(client, world.main, rest)
    for other in (world.open_end, world.past, world.mistake):
        assert "Loket melayani lagi" not in words(client, other, rest)

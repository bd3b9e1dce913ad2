"""Days, moments and numbers as people say them, in both languages, on the clocks of the office."""

from collections.abc import Callable
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, ngettext

from portal.offices import telling
from portal.offices.partly import Listing
from portal.views.language import day_words, hours_words, in_indonesian, moment_words, number, range_words, say
from portal.views.macros import window_words
from portal.words import Brief, Sentence
from tests import make

TUESDAY = date(2020, 9, 22)
MORNING = make.local("2020-09-22T09:00").astimezone(make.ZONE)
Speak = Callable[..., str]


@pytest.fixture(params=["id", "en"])
def speak(app: Flask, request: pytest.FixtureRequest) -> Speak:
    """Calls `words(*facts)` in a language and gives what that language is expected to say beside it."""

    def told(words: Callable[..., str], *facts: object, id: str, en: str) -> None:
        with app.test_request_context(), force_locale(request.param):
            assert words(*facts) == {"id": id, "en": en}[request.param]

    return told


def at(text: str, zone: str = "Asia/Jakarta"):
    return make.local(text, zone).astimezone(ZoneInfo(zone))


def test_a_day_is_said_with_its_weekday_and_year(speak: Speak) -> None:
    speak(day_words, TUESDAY, id="Selasa, 22 September 2020", en="Tuesday, 22 September 2020")


def test_the_year_is_left_out_where_it_is_the_readers_own(speak: Speak) -> None:
    speak(day_words, date(2020, 9, 25), MORNING, id="Jumat, 25 September", en="Friday, 25 September")


def test_today_and_tomorrow_are_called_so(speak: Speak) -> None:
    speak(day_words, TUESDAY, MORNING, id="hari ini, Selasa, 22 September", en="today, Tuesday, 22 September")
    speak(day_words, date(2020, 9, 23), MORNING, id="besok, Rabu, 23 September", en="tomorrow, Wednesday, 23 September")


def test_yesterday_has_no_name_of_its_own(speak: Speak) -> None:
    speak(day_words, date(2020, 9, 21), MORNING, id="Senin, 21 September", en="Monday, 21 September")


def test_a_moment_names_its_zone(speak: Speak) -> None:
    speak(moment_words, at("2020-09-23T08:05"), MORNING, id="besok, Rabu, 23 September pukul 08.05 WIB", en="tomorrow, Wednesday, 23 September at 08:05 WIB")


@pytest.mark.parametrize(("zone", "name"), [("Asia/Pontianak", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")])
def test_each_zone_of_indonesia_has_its_name(speak: Speak, zone: str, name: str) -> None:
    speak(moment_words, at("2020-09-22T08:00", zone), id=f"Selasa, 22 September 2020 pukul 08.00 {name}", en=f"Tuesday, 22 September 2020 at 08:00 {name}")


def test_today_is_the_offices_day_when_it_is_already_tomorrow_in_jayapura(speak: Speak) -> None:
    late_in_jakarta = at("2020-09-22T22:30")
    speak(
        moment_words,
        at("2020-09-23T08:00", "Asia/Jayapura"),
        late_in_jakarta,
        id="hari ini, Rabu, 23 September pukul 08.00 WIT",
        en="today, Wednesday, 23 September at 08:00 WIT",
    )
    speak(
        moment_words,
        at("2020-09-23T08:00"),
        late_in_jakarta,
        id="besok, Rabu, 23 September pukul 08.00 WIB",
        en="tomorrow, Wednesday, 23 September at 08:00 WIB",
    )
    speak(say, Brief(at("2020-09-23T08:00", "Asia/Jayapura")), late_in_jakarta, id="pukul 08.00", en="08:00")


def test_a_coming_closure_is_told_on_the_clocks_of_its_offices(speak: Speak, database: None) -> None:
    closure = make.closure(make.office(timezone="Asia/Jayapura"), first="2020-09-24", days=1)
    speak(window_words, closure, at("2020-09-22T21:59"), id="Kamis, 24 September.", en="Thursday, 24 September.")
    speak(window_words, closure, at("2020-09-22T22:00"), id="Besok, Kamis, 24 September.", en="Tomorrow, Thursday, 24 September.")


def test_new_year_stands_between_today_and_tomorrow(speak: Speak) -> None:
    eve = at("2020-12-31T23:59")
    speak(day_words, date(2021, 1, 1), eve, id="besok, Jumat, 1 Januari 2021", en="tomorrow, Friday, 1 January 2021")
    speak(day_words, date(2020, 12, 31), eve, id="hari ini, Kamis, 31 Desember", en="today, Thursday, 31 December")
    speak(
        moment_words, at("2021-01-01T00:30", "Asia/Jayapura"), eve, id="hari ini, Jumat, 1 Januari pukul 00.30 WIT", en="today, Friday, 1 January at 00:30 WIT"
    )


def test_a_brief_says_no_more_than_the_readers_day_needs(speak: Speak) -> None:
    for when, indonesian, english in (
        (at("2020-09-22T16:00"), "pukul 16.00", "16:00"),
        (at("2020-09-23T08:00"), "besok pukul 08.00", "tomorrow 08:00"),
        (at("2020-09-28T08:00"), "Senin pukul 08.00", "Monday 08:00"),
        (at("2020-09-29T08:00"), "29 September pukul 08.00", "29 September 08:00"),
        (TUESDAY, "hari ini", "today"),
        (date(2020, 9, 23), "besok", "tomorrow"),
        (date(2020, 9, 25), "Jumat", "Friday"),
        (date(2020, 10, 6), "6 Oktober", "6 October"),
        (date(2021, 1, 4), "4 Januari 2021", "4 January 2021"),
    ):
        speak(say, Brief(when), MORNING, id=indonesian, en=english)


def test_plates_read_as_one_phrase(speak: Speak) -> None:
    speak(say, Sentence("sampai {when}", when=Brief(TUESDAY)), MORNING, id="sampai hari ini", en="until today")
    speak(say, Sentence("buka {when}", when=Brief(at("2020-09-23T08:00"))), MORNING, id="buka besok pukul 08.00", en="opens tomorrow 08:00")
    speak(say, Sentence("ditinjau {when}", when=Brief(date(2020, 9, 23))), MORNING, id="ditinjau besok", en="next review tomorrow")


def test_a_range_within_a_month_says_the_month_once(speak: Speak) -> None:
    speak(range_words, date(2020, 9, 20), TUESDAY, MORNING, id="Minggu, 20 sampai Selasa, 22 September", en="Sunday, 20 to Tuesday, 22 September")


def test_a_range_over_new_year_says_both_years(speak: Speak) -> None:
    speak(
        range_words,
        date(2020, 12, 30),
        date(2021, 1, 2),
        MORNING,
        id="Rabu, 30 Desember 2020 sampai Sabtu, 2 Januari 2021",
        en="Wednesday, 30 December 2020 to Saturday, 2 January 2021",
    )


def test_a_range_of_one_day_is_that_day(speak: Speak) -> None:
    speak(range_words, TUESDAY, TUESDAY, MORNING, id="hari ini, Selasa, 22 September", en="today, Tuesday, 22 September")


def test_a_sentence_begins_with_a_capital_also_when_a_day_begins_it(speak: Speak) -> None:
    speak(
        say,
        Sentence("{start} sampai {end}.", start=TUESDAY, end=date(2020, 9, 24)),
        MORNING,
        id="Hari ini, Selasa, 22 September sampai Kamis, 24 September.",
        en="Today, Tuesday, 22 September to Thursday, 24 September.",
    )


def test_an_open_end_names_its_review(speak: Speak, database: None) -> None:
    closure = make.closure(make.office(), days=None)
    speak(
        say,
        telling.window_of(closure, MORNING),
        MORNING,
        id="Mulai Minggu, 20 September sampai pemberitahuan lebih lanjut, ditinjau Minggu, 4 Oktober.",
        en="From Sunday, 20 September until further notice; next review Sunday, 4 October.",
    )
    speak(
        say,
        telling.window_of(closure, make.local("2020-10-05T00:00")),
        MORNING,
        id="Mulai Minggu, 20 September sampai pemberitahuan lebih lanjut, sedang ditinjau kembali.",
        en="From Sunday, 20 September until further notice; this is being reviewed.",
    )


def test_parts_of_an_office_are_listed_as_the_language_does(speak: Speak) -> None:
    parts = Listing(("Blok G", "Blok H", "Posko"))
    speak(
        say,
        Sentence("{parts} tutup sampai {end}. Bagian lain buka sampai {closes}.", parts=parts, end=TUESDAY, closes=time(16)),
        MORNING,
        id="Blok G, Blok H, dan Posko tutup sampai hari ini, Selasa, 22 September. Bagian lain buka sampai pukul 16.00.",
        en="Closed until today, Tuesday, 22 September: Blok G, Blok H, and Posko. Everything else is open until 16:00.",
    )


def test_numbers_and_hours_carry_the_signs_of_the_language(speak: Speak) -> None:
    speak(number, 1234, id="1.234", en="1,234")
    speak(number, 2.5, id="2,5", en="2.5")
    speak(hours_words, "08.00–12.00, 13.00–16.00", id="08.00–12.00, 13.00–16.00", en="08:00–12:00, 13:00–16:00")


def test_one_office_and_many_are_counted_rightly(speak: Speak) -> None:
    def counted(count: int) -> str:
        return ngettext("%(count)s kantor cocok dengan “%(text)s”", "%(count)s kantor cocok dengan “%(text)s”", count, count=number(count), text="gambir")

    speak(counted, 1, id="1 kantor cocok dengan “gambir”", en="1 office matches “gambir”")
    speak(counted, 1200, id="1.200 kantor cocok dengan “gambir”", en="1,200 offices match “gambir”")


def test_programs_are_told_in_indonesian_whatever_the_page_speaks(app: Flask) -> None:
    with app.test_request_context("/?bahasa=en"), force_locale("en"):
        assert in_indonesian(Sentence("Buka sampai {closes}.", closes=time(16)), MORNING) == "Buka sampai pukul 16.00."


def test_the_address_alone_chooses_the_language(client: FlaskClient) -> None:
    english = client.get("/?bahasa=en", headers={"Accept-Language": "id"})
    assert '<html lang="en">' in english.text and "There are no offices on this board yet" in english.text
    for address in ("/", "/?bahasa=xx"):
        assert '<html lang="id">' in client.get(address, headers={"Accept-Language": "en"}).text


def test_links_stay_in_the_readers_language(client: FlaskClient, database: None) -> None:
    office = make.office("Kantor Camat Contoh")
    page = client.get(f"/kantor/{office.slug}?bahasa=en").text
    assert f"/kantor/{office.slug}/pengumuman?bahasa=en" in page
    assert f'<link rel="alternate" hreflang="id" href="/kantor/{office.slug}?bahasa=id">' in page


def test_a_part_closed_at_an_office_that_never_closes_leaves_the_rest_serving(speak: Speak, database: None) -> None:
    """The end of the closure is not when the rest closes."""
    from portal.offices import board, listing
    from portal.offices.models import Office

    post = make.office("Pos Siaga", opening="24/7")
    make.closure(make.unit(post, "Pos Siaga: Gudang"))
    picture = board.paint([post.id], MORNING, MORNING + timedelta(days=1))
    told = telling.Telling.of(picture, MORNING).tell(listing.rows_of(Office.id == post.id).dicts().first())
    speak(
        say,
        told.sentence,
        MORNING,
        id="Gudang tutup sampai hari ini, Selasa, 22 September. Bagian lain melayani.",
        en="Closed until today, Tuesday, 22 September: Gudang. Everything else is open.",
    )

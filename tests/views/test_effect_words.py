"""What a closure changed for a request is said with its facts, to the staff and to the citizen, in both languages."""

from zoneinfo import ZoneInfo

import pytest

from portal.views import effect_words
from portal.views.language import say, spoken

ZONE = ZoneInfo("Asia/Jakarta")
WAS, TO = "2020-09-22T09:00:00+07:00", "2020-09-23T02:30:00+00:00"
SHUT = [["2020-09-20T00:00:00+07:00", "2020-09-23T00:00:00+07:00"]]
OFFICE = {"was": "Kelurahan Lama", "to": "Kantor Baru", "slug": "kantor-baru", "zone": "Asia/Jayapura"}
EACH = {
    **{way: {"slot": {"was": WAS, "to": TO, "way": way}} for way in ("after", "restored", "held")},
    "diverted": {"slot": {"was": WAS, "to": TO, "way": "diverted"}, "office": OFFICE},
    "online": {"slot": {"was": WAS, "to": None, "way": "online"}, "channel": {"was": "counter", "to": "online"}},
    "none": {"slot": {"was": WAS, "to": None, "way": "none"}},
    "office": {"office": OFFICE},
    "channel": {"channel": {"was": "counter", "to": "dropbox"}},
    **{what: {what: {"shut": SHUT}} for what in ("pickup", "box", "counter")},
    **{what + " again": {what: {"shut": []}} for what in ("pickup", "box", "counter")},
    "due": {"due": {"was": "2020-09-24", "to": "2020-09-29"}},
    "due known": {"due": {"was": None, "to": "2020-09-29"}},
    "due unknown": {"due": {"was": "2020-09-24", "to": None}},
    "earlier": {"earlier": WAS},
}


@pytest.fixture
def page(app, database):
    with app.test_request_context("/"):
        yield


def both(facts, language="id"):
    with spoken(language):
        return [" ".join(say(sentence) for sentence in voice(facts, ZONE)) for voice in (effect_words.changes, effect_words.to_citizen)]


@pytest.mark.parametrize("what", EACH)
def test_each_change_is_one_filled_sentence_to_staff_and_to_citizens_in_both_languages(page, what):
    said = [*both(EACH[what]), *both(EACH[what], "en")]
    assert len(effect_words.changes(EACH[what], ZONE)) == len(effect_words.to_citizen(EACH[what], ZONE)) == 1
    assert all(each.endswith(".") and "{" not in each and "None" not in each for each in said)
    assert said[0] != said[2]
    assert said[1] != said[3]


def test_a_moved_appointment_names_both_moments_with_weekday_and_zone(page):
    staff, citizen = both(EACH["after"])
    assert staff == "Janji temu Selasa, 22 September 2020 pukul 09.00 WIB dipindah ke Rabu, 23 September 2020 pukul 09.30 WIB."
    assert citizen.startswith("Janji temu Anda Selasa, 22 September 2020 pukul 09.00 WIB dipindah ke Rabu, 23 September 2020 pukul 09.30 WIB.")


def test_a_diverted_appointment_is_told_on_the_clocks_of_the_new_office(page):
    assert both(EACH["diverted"])[0] == (
        "Janji temu Selasa, 22 September 2020 pukul 09.00 WIB dipindah ke Rabu, 23 September 2020 pukul 11.30 WIT di Kantor Baru."
    )


def test_who_goes_on_online_is_not_told_twice_of_the_channel(page):
    staff, citizen = both(EACH["online"])
    assert staff.count("daring") == citizen.count("daring") == 1


def test_a_window_is_told_in_whole_days_where_it_is_whole_days_else_with_the_time(page):
    assert both({"pickup": {"shut": SHUT}})[0] == "Hasil tidak dapat diambil dari Minggu, 20 September 2020 sampai Selasa, 22 September 2020."
    one = [["2020-09-22T00:00:00+07:00", "2020-09-23T00:00:00+07:00"]]
    assert both({"pickup": {"shut": one}})[0] == "Hasil tidak dapat diambil pada hari Selasa, 22 September 2020."
    hours = [["2020-09-22T10:00:00+07:00", "2020-09-22T12:00:00+07:00"]]
    assert "pukul 10.00 WIB sampai" in both({"box": {"shut": hours}})[0]


def test_an_open_end_names_the_day_of_review(page):
    facts = {"pickup": {"shut": [["2020-09-20T00:00:00+07:00", None]]}, "review_on": "2020-10-04"}
    staff, citizen = both(facts)
    assert "sampai pemberitahuan lebih lanjut (ditinjau Minggu, 4 Oktober 2020)" in staff
    assert "Minggu, 4 Oktober 2020" in citizen
    assert "Oktober" not in both({**facts, "review_on": None})[0]


def test_several_changes_are_told_in_the_order_in_which_they_matter(page):
    facts = {**EACH["due"], **EACH["channel"], **EACH["after"], "act": "announced", "closure": 1}
    staff = [say(sentence) for sentence in effect_words.changes(facts, ZONE)]
    assert [each.split()[0] for each in staff] == ["Janji", "Dilayani", "Batas"]


def test_an_act_that_changed_nothing_says_nothing(page):
    assert effect_words.changes({"act": "extended", "closure": 1}, ZONE) == effect_words.to_citizen({}, ZONE) == []


def test_a_deadline_that_never_was_and_is_not_now_is_not_told(page):
    assert both({"due": {"was": None, "to": None}}) == ["", ""]

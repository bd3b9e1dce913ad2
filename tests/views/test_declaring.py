"""Declaring a closure by hand: with what words, on whose clocks, and once."""

from datetime import UTC, date, datetime

import pytest

from portal import clock
from portal.audit import AuditEntry
from portal.offices import closures, postings, rules
from portal.offices.models import Closure, ClosureMark, Diversion
from portal.people import roles
from tests import make
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person


def test_the_form_has_the_fields_that_programs_fill(head, world):
    page = head.get(f"{PAGE}?kantor={world.hall.slug}").text
    named = {held.get("name") for _, held in Reading(page).tags}
    assert {"offices", "except", "reason", "starts", "ends", "review_on", "online", "dropbox", "note", "internal_note", "diversion", "legal_basis"} <= named
    assert {"override_reason", "submission_key", "action", "csrf_token"} <= named
    fields = fields_of(page, "penutupan")
    assert (fields["offices"], fields["starts"], fields["online"]) == ([world.hall.slug], ["2020-09-22"], ["yes"])


def test_a_preview_shows_what_the_public_would_read_and_keeps_nothing(head, world):
    before = Closure.select().count()
    answer = head.post(PAGE, plan(world.hall, action="preview", note="Lantai dasar tergenang."))
    assert answer.status_code == 200
    assert "Tutup tatap muka sampai Jumat, 2 Oktober." in words(answer)
    assert "Lantai dasar tergenang." in words(answer)
    assert "Mulai berlaku: Kamis, 1 Oktober." in words(answer)
    assert fields_of(answer.text, "penutupan")["ends"] == ["2020-10-02"]
    assert Closure.select().count() == before


def test_a_declared_closure_is_what_was_previewed_and_everybody_reads_it(app, head, world):
    closure = declared(
        head.post(PAGE, plan(world.hall, note="Lantai dasar tergenang.", internal_note="Genset rusak.", diversion=world.neighbour.slug, dropbox="no"))
    )
    assert (closure.starts_at, closure.ends_at) == (make.local("2020-10-01"), make.local("2020-10-03"))
    assert (closure.is_whole_days, closure.online, closure.dropbox, closure.reason) == (True, True, False, "flood")
    assert Diversion.get(Diversion.closure == closure).office == world.neighbour
    page = words(Browser(app).get(f"/kantor/{world.hall.slug}?pada=2020-10-01T09:00"))
    assert "Tutup tatap muka sampai besok, Jumat, 2 Oktober." in page and "Genset" not in page
    assert "Genset rusak." in words(head.get(f"/penutupan/{closure.id}"))
    entry = AuditEntry.get(AuditEntry.act == "closure_declared", AuditEntry.object_id == str(closure.id))
    assert (entry.actor, entry.label) == ("Kepala Hall", world.hall.slug)


@pytest.mark.parametrize("zone", ["denpasar", "jayapura"])
def test_days_and_times_are_those_of_the_office(admin, world, zone):
    office = getattr(world, zone)
    day = declared(admin.post(PAGE, plan(office)))
    assert day.starts_at == make.local("2020-10-01", office.timezone)
    timed = declared(admin.post(PAGE, plan(office, starts="2020-10-05T21:30", ends="2020-10-06T06:00")))
    assert (timed.starts_at, timed.ends_at) == (make.local("2020-10-05T21:30", office.timezone), make.local("2020-10-06T06:00", office.timezone))
    assert not timed.is_whole_days
    name = {"denpasar": "WITA", "jayapura": "WIT"}[zone]
    assert f"pukul 21.30 {name}" in words(admin.post(PAGE, plan(office, starts="2020-10-05T21:30", ends="2020-10-06T06:00", action="preview")))


def test_dates_stand_in_words_beside_their_fields(head, world):
    answer = head.post(PAGE, plan(world.hall, starts="2026-11-24", ends="2026-11-25", action="preview"))
    assert "Selasa, 24 November 2026" in words(answer)
    assert "Rabu, 25 November 2026" in words(answer)


def test_an_unknown_end_needs_a_day_of_review(head, world):
    refused = head.post(PAGE, plan(world.hall, ends=""))
    assert refused.status_code == 422 and 'href="#review_on"' in refused.text
    closure = declared(head.post(PAGE, plan(world.hall, ends="", review_on="2020-10-05")))
    assert (closure.ends_at, str(closure.review_on)) == (None, "2020-10-05")


def test_eighteen_offices_close_in_one_act(app, admin, world):
    offices = [make.office(f"Kantor Kelurahan {number}") for number in range(18)]
    closure = declared(admin.post(PAGE, plan(*offices, reason="unrest")))
    assert ClosureMark.select().where(ClosureMark.closure == closure).count() == 18
    assert "dan 16 kantor lain" in words(admin.get(f"/penutupan/{closure.id}"))
    assert "dan 17 kantor lain" in words(admin.post(PAGE, plan(*offices, action="preview")))


def test_a_part_may_stay_open_inside(head, world):
    page = head.get(f"{PAGE}?kantor={world.hall.slug}").text
    assert f'name="except" id="except-{world.floor.slug}"' in page
    closure = declared(head.post(PAGE, plan(world.hall, **{"except": world.floor.slug})))
    assert "Tetap buka" in words(head.get(f"/penutupan/{closure.id}"))
    refused = head.post(PAGE, plan(world.hall, **{"except": world.neighbour.slug}))
    assert refused.status_code == 422 and 'href="#except"' in refused.text


def test_a_double_click_declares_once(head, world):
    form = plan(world.hall, submission_key="kunci-ini")
    first, second = declared(head.post(PAGE, form)), declared(head.post(PAGE, form))
    assert first == second
    assert declared(head.post(PAGE, plan(world.hall, submission_key="kunci-lain"))) != first
    assert AuditEntry.select().where(AuditEntry.act == "closure_declared").count() == 2


def test_two_clicks_at_the_same_moment_declare_once(head, world, monkeypatch):
    form = plan(world.hall, submission_key="kunci-ini")
    first = declared(head.post(PAGE, form))
    own, asked = closures.of_key, []
    monkeypatch.setattr(closures, "of_key", lambda key: own(key) if asked else asked.append(key))  # the first look sees nothing yet
    assert declared(head.post(PAGE, form)) == first
    assert AuditEntry.select().where(AuditEntry.act == "closure_declared").count() == 1


def test_the_same_key_of_somebody_else_is_another_closure(head, admin, world):
    form = plan(world.hall, submission_key="kunci-ini")
    assert declared(head.post(PAGE, form)) != declared(admin.post(PAGE, form))


def test_below_the_minimum_the_rule_is_named_with_the_earliest_end_and_may_be_overridden_with_a_reason(head, world):
    make.minimum()
    short = plan(world.hall, reason="confirmed_case", ends="2020-10-01")
    previewed = head.post(PAGE, {**short, "action": "preview"})
    assert previewed.status_code == 200 and "Penutupan karena kasus menetapkan paling singkat 72 jam" in words(previewed)
    refused = head.post(PAGE, short)
    assert refused.status_code == 422
    assert "Paling cepat selesai Minggu, 4 Oktober 2020 pukul 00.00 WIB." in words(refused)
    assert '<textarea id="override_reason"' in refused.text
    assert head.post(PAGE, {**short, "override_reason": "   "}).status_code == 422
    closure = declared(head.post(PAGE, {**short, "override_reason": "Sudah negatif."}))
    assert closure.override_reason == "Sudah negatif."
    assert AuditEntry.get(AuditEntry.object_id == str(closure.id), AuditEntry.act == "closure_declared").after["override_reason"] == "Sudah negatif."


@pytest.mark.parametrize(("field", "value"), [
    ("offices", ""), ("offices", "tidak-ada"), ("offices", "\0"), ("except", "tidak-ada"), ("reason", "x"), ("starts", ""), ("starts", "kapan-kapan"),
    ("starts", "0001-01-01"), ("starts", "9999-12-31"), ("ends", "2020-09-31"), ("ends", "2020-10-02T25:00"), ("ends", "2020-10-02T10:00+07:00"),
    ("ends", "2020-09-30"), ("review_on", "\u0662020-01-01"),
    ("note", "x" * 3000), ("note", "\0"), ("diversion", "x" * 3000), ("legal_basis", "\x07"), ("override_reason", "x" * 9000),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_its_field_with_all_that_was_typed(head, world, field, value):
    answer = head.post(PAGE, {**plan(world.hall, note="Catatan saya."), field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert field == "note" or "Catatan saya." in answer.text


def test_a_date_that_cannot_be_read_is_still_there_to_be_mended(head, world):
    answer = head.post(PAGE, plan(world.hall, starts="1 Oktober"))
    assert '<input type="text" id="starts" name="starts" value="1 Oktober"' in answer.text


def test_hours_can_be_given_on_the_same_form(head, world):
    answer = head.post(PAGE, plan(world.hall, starts="2020-09-22", ends="2020-09-23", action="hours", note="Catatan saya."))
    assert answer.status_code == 200
    fields = fields_of(answer.text, "penutupan")
    assert (fields["starts"], fields["ends"]) == (["2020-09-22T09:00"], ["2020-09-23T17:00"])
    assert "Catatan saya." in answer.text


def test_searching_for_another_office_loses_nothing_and_puts_nothing_into_the_address(admin, world):
    answer = admin.post(PAGE, plan(world.hall, cari="denpasar", action="search", note="Catatan saya."))
    assert answer.status_code == 200
    assert f'value="{world.denpasar.slug}"' in answer.text
    assert fields_of(answer.text, "penutupan")["offices"] == [world.hall.slug]
    assert "Catatan saya." in answer.text
    assert "cocok dengan “xyzzy”" in words(admin.post(PAGE, plan(world.hall, cari="xyzzy", action="search")))


def test_to_htmx_only_what_follows_from_the_fields_is_sent(head, world):
    partial = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
    changed = head.post(PAGE, plan(world.hall, action="preview"), **partial)
    assert changed.text.lstrip().startswith('<div id="preview"')
    assert "<html" not in changed.text and 'id="starts-w" hx-swap-oob="true">Kamis, 1 Oktober 2020<' in changed.text
    unfinished = head.post(PAGE, plan(action="preview"), **partial)
    assert unfinished.status_code == 200 and "Pilih paling sedikit satu kantor." in unfinished.text
    assert head.post(PAGE, plan(world.hall, cari="lantai", action="search"), **partial).text.lstrip().startswith('<div id="choice"')


def test_a_head_finds_only_their_own_offices(head, world):
    page = head.post(PAGE, plan(cari="kantor", action="search")).text
    assert f'value="{world.hall.slug}"' in page and f'value="{world.floor.slug}"' in page
    assert world.neighbour.slug not in page


def test_declaring_for_many_offices_asks_no_more_questions_each(admin, world):
    from tests.house.test_queries import counted

    offices = [make.office(f"Kantor Banyak {number}") for number in range(40)]
    counts = []
    for some in (offices[:2], offices[:10], offices):
        with counted() as asked:
            assert admin.post(PAGE, plan(*some, action="preview")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_a_closure_may_begin_in_the_past(head, world):
    closure = declared(head.post(PAGE, plan(world.hall, starts="2020-09-01", ends="2020-09-02")))
    assert closures.status(closure, clock.now()) == "ended"
    assert closure.declared_at > datetime(2020, 9, 21, tzinfo=UTC)


def test_a_reason_that_a_policy_has_put_aside_is_refused_by_the_portal_itself(head, world):
    rules.set_rule(
        rules.CLOSURE_REASONS, {"reasons": ["fire"]}, name="Sebab yang dipakai", legal_basis="SE", first_day=date(2020, 1, 1), by="admin", now=make.NOW
    )
    refused = head.post(PAGE, plan(world.hall, reason="flood"))
    assert refused.status_code == 422
    assert "menurut kebijakan" in words(refused)
    assert declared(head.post(PAGE, plan(world.hall, reason="fire"))).reason == "fire"


def test_the_same_form_with_other_contents_is_refused_and_the_first_closure_stands(head, world):
    first = declared(head.post(PAGE, plan(world.hall, submission_key="kunci-1")))
    assert declared(head.post(PAGE, plan(world.hall, submission_key="kunci-1"))) == first
    other = head.post(PAGE, plan(world.hall, submission_key="kunci-1", reason="fire"))
    assert other.status_code == 422
    assert "sudah dipakai" in words(other)
    assert Closure.get_by_id(first.id).reason == "flood"


def test_who_stands_in_for_a_head_closes_the_office_in_those_days_and_the_trail_says_in_whose_place(app, world):
    superior, deputy = person(roles.HEAD, world.hall), person()
    browser = Browser(app, deputy)
    assert browser.post(PAGE, plan(world.hall)).status_code == 403
    days = {"first_day": date(2020, 9, 21), "last_day": date(2020, 9, 23)}
    postings.act_for(superior, deputy, kind="Plh", letter_number="800/1", **days, by="admin", now=make.NOW)
    closure = declared(browser.post(PAGE, plan(world.hall)))
    entry = AuditEntry.get(AuditEntry.act == "closure_declared", AuditEntry.object_id == str(closure.id))
    assert (entry.actor_id, entry.acting_for_id) == (deputy.id, superior.id)
    assert browser.post(PAGE, plan(make.office())).status_code == 422


def test_a_head_acts_in_nobodys_place_over_the_own_office(head, world):
    closure = declared(head.post(PAGE, plan(world.hall)))
    assert AuditEntry.get(AuditEntry.act == "closure_declared", AuditEntry.object_id == str(closure.id)).acting_for_id is None


def test_who_stands_in_for_two_heads_acts_in_the_place_of_the_one_whose_office_it_is(app, world):
    elsewhere, deputy = make.office(), person()
    for superior in (person(roles.HEAD, elsewhere), person(roles.HEAD, world.hall)):
        days = {"first_day": date(2020, 9, 21), "last_day": date(2020, 9, 23)}
        postings.act_for(superior, deputy, kind="Plh", letter_number="800/1", **days, by="admin", now=make.NOW)
    closure = declared(Browser(app, deputy).post(PAGE, plan(world.hall)))
    entry = AuditEntry.get(AuditEntry.act == "closure_declared", AuditEntry.object_id == str(closure.id))
    assert entry.acting_for_id == superior.id

"""The day sheet: what may be written, what is refused beside its field, and what two devices do to each other."""

from datetime import timedelta

import pytest

from portal.kinerja import days, logs, submission
from portal.kinerja.models import ActivityType, Entry, Target, WorkDay
from portal.refusals import Refused
from tests import make
from tests.kinerja.refusing import refused
from tests.make import MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
TUESDAY, TUESDAY_EVENING = MONDAY + timedelta(days=1), MONDAY_EVENING + timedelta(days=1)


@pytest.fixture
def author():
    return make.team().author


def written(person, day=MONDAY):
    """Times and descriptions of a day as it stands."""
    return [(each.starts, each.ends, each.description) for each in days.entries(days.find(person, day))]


def change(entry, seen=None, **facts):
    return logs.change(entry, make.activity(**facts), entry.revision if seen is None else seen, now=MONDAY_EVENING)


def remove(entry, seen=None):
    logs.remove(entry, entry.revision if seen is None else seen, now=MONDAY_EVENING)


def test_an_activity_is_kept_with_all_that_was_said_about_it(author):
    kind = ActivityType.create(code="P-1", name="Periksa", unit="berkas", minutes=5)
    target = Target.create(person=author, year=2020, title="Layanan", entered_at=make.NOW, entered_by="x")
    facts = {"quantity": "1,5", "unit": "", "place": "wfh", "target": str(target.id), "activity_type": str(kind.id)}
    entry = make.entry(author, "08.30", "0945", description="  Memeriksa\r\nberkas 💐 ", evidence_link="https://example.org/a?b=1#c", **facts)
    kept = Entry.get_by_id(entry.id)
    assert (kept.starts, kept.ends, kept.quantity, kept.unit, kept.place) == (510, 585, 1.5, "berkas", "wfh")
    assert (kept.description, kept.evidence_link) == ("Memeriksa\nberkas 💐", "https://example.org/a?b=1#c")
    assert (kept.target_id, kept.activity_type_id, kept.effective, kept.state, kept.revision) == (target.id, kind.id, 7, None, 0)


@pytest.mark.parametrize(
    ("typed", "minute"), [("08:30", 510), ("8.30", 510), ("0830", 510), ("830", 510), ("8", 480), ("00:00", 0), ("24:00", 1440), (" 23.59 ", 1439)]
)
def test_a_time_is_read_as_people_write_it(typed, minute):
    assert logs.minute(typed, "starts") == minute


@pytest.mark.parametrize("typed", ["", "x", "25", "25:00", "24:01", "12:60", "12:5", "-1:00", "٠٨:٣٠", "08:30:00", "8h30", "\0", "12:00 x", "１２:00"])
def test_what_is_no_time_is_refused_beside_it(typed):
    with pytest.raises(Refused) as caught:
        logs.minute(typed, "ends")
    assert caught.value.field == "ends"


def test_an_activity_may_last_until_the_midnight_that_ends_the_day_and_no_longer(author):
    make.entry(author, "22:00", "00:00")
    assert written(author)[0][:2] == (1320, 1440)
    refused("ends", make.entry, author, "21:00", "01:00")


@pytest.mark.parametrize(("starts", "ends"), [("10:00", "10:00"), ("10:00", "09:59"), ("24:00", "24:00")])
def test_an_activity_that_takes_no_time_is_refused(author, starts, ends):
    refused("ends", make.entry, author, starts, ends)


@pytest.mark.parametrize(("typed", "amount"), [("12", 12), ("1,5", 1.5), ("1.5", 1.5), ("0,01", 0.01), (" 3 ", 3), ("100000", 100_000)])
def test_an_amount_is_read_with_a_comma_or_a_point(typed, amount):
    assert logs.quantity_of(typed) == amount


@pytest.mark.parametrize("typed", ["", "0", "0,00", "-1", "1.000", "1,234", "1e3", "inf", "nan", "100001", "1 2", "٣", "½", "1,5,5", "\0"])
def test_what_is_no_amount_is_refused_beside_it(author, typed):
    refused("quantity", make.entry, author, quantity=typed)


@pytest.mark.parametrize("link", ["", "https://example.org", "http://10.0.0.1:8080/x", "HTTPS://EXAMPLE.ORG", "https://例え.jp/あ", "https://[::1]/"])
def test_a_link_of_the_web_is_kept(author, link):
    assert make.entry(author, evidence_link=link).evidence_link == link


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JaVaScRiPt://example.org/%0aalert(1)", "data:text/html,x", "ftp://example.org", "example.org", "//example.org",
     "https://", "https:///x",
     "https://exa mple.org",
     "https://example.org/\nx", "java\tscript:alert(1)", "http://[", "file:///etc/passwd", "https://example.org/\0", "https://x/" + "a" * 1000],
)  # fmt: skip
def test_a_link_that_a_browser_would_run_or_cannot_open_is_refused(author, link):
    refused("evidence_link", make.entry, author, evidence_link=link)


@pytest.mark.parametrize(
    ("field", "text"),
    [("description", ""), ("description", " \n "), ("description", "x" * 3000), ("description", "a\0b"), ("description", "nama \u202egnp.exe"),
     ("description", "\ud83d"),
     ("unit", ""), ("unit", "x" * 61), ("submission_key", "k\0"), ("submission_key", "k" * 101), ("place", "surga"), ("place", ""),
     ("target", "abc"), ("target", "²"), ("target", "999999"), ("target", "9" * 30), ("activity_type", "-1"), ("activity_type", "1; DROP TABLE entry")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_beside_its_field(author, field, text):
    refused(field, make.entry, author, **{field: text})


def test_a_target_of_somebody_else_or_of_another_year_is_none_of_ones_own(author):
    facts = {"title": "Layanan", "entered_at": make.NOW, "entered_by": "x"}
    for target in (Target.create(person=make.person(), year=2020, **facts), Target.create(person=author, year=2019, **facts)):
        refused("target", make.entry, author, target=str(target.id))


@pytest.mark.parametrize(("quantity", "counted"), [(1.0, 30), (2.5, 75), (4.0, 120), (100.0, 120), (0.01, 0)])
def test_what_counts_is_the_types_minutes_and_never_more_than_was_claimed(quantity, counted):
    assert logs.effective(480, 600, quantity, ActivityType(minutes=30)) == counted
    assert logs.effective(480, 600, quantity, None) == 120


def test_hundredths_are_counted_exactly():
    found = [logs.effective(0, 1440, hundredths / 100, ActivityType(minutes=100)) for hundredths in range(1, 500)]
    assert found == list(range(1, 500))


@pytest.mark.parametrize(("starts", "ends"), [("09:00", "09:30"), ("07:00", "08:01"), ("09:59", "11:00"), ("07:00", "11:00"), ("08:00", "10:00")])
def test_two_activities_never_share_a_minute(author, starts, ends):
    make.entry(author, description="Rapat")
    assert "Rapat" in refused("starts", make.entry, author, starts, ends)


def test_activities_that_touch_do_not_overlap_nor_do_those_of_another_day_or_person(author):
    make.entry(author)
    make.entry(author, "10:00", "11:00")
    make.entry(author, "07:00", "08:00")
    make.entry(author, day=TUESDAY, now=TUESDAY_EVENING)
    make.entry(make.team().author)
    assert len(written(author)) == 3


def test_gaps_are_the_times_between_activities(author):
    for starts, ends in (("08:00", "09:00"), ("09:00", "10:00"), ("13:00", "14:00")):
        make.entry(author, starts, ends)
    assert logs.gaps(days.entries(days.find(author, MONDAY))) == [(600, 780)]
    assert logs.gaps([]) == []


def test_the_sixty_first_activity_is_refused_and_so_is_bringing_one_back_into_a_full_day(author):
    taken = make.entry(author, "23:00", "23:10")
    remove(taken)
    for number in range(60):
        make.entry(author, f"{number // 6:02}:{number % 6}0", f"{number // 6:02}:{number % 6}9")
    assert "60" in refused("", make.entry, author, "22:00", "22:10")
    refused("", logs.restore, Entry.get_by_id(taken.id), now=MONDAY_EVENING)
    assert days.find(author, MONDAY).entries == 60


def test_the_same_form_twice_is_one_activity_whatever_became_of_it(author):
    first = make.entry(author, submission_key="k")
    assert make.entry(author, submission_key="k", description="Diketik lain") == first
    remove(first)
    assert make.entry(author, submission_key="k") == first
    assert written(author) == []
    make.entry(author, "11:00", "12:00", submission_key="l")
    make.submitted(author)
    assert make.entry(author, submission_key="k") == first
    assert (Entry.select().count(), days.find(author, MONDAY).state) == (2, "submitted")


def test_the_same_key_on_another_day_or_of_another_person_is_another_activity(author):
    first = make.entry(author, submission_key="k")
    others = [make.entry(author, day=TUESDAY, now=TUESDAY_EVENING, submission_key="k"), make.entry(make.team().author, submission_key="k")]
    assert len({first.id, *(each.id for each in others)}) == 3


def test_forms_without_a_key_are_never_the_same(author):
    make.entry(author)
    make.entry(author, "10:00", "11:00", submission_key="  ")
    assert len(written(author)) == 2


def test_an_activity_is_changed_and_the_day_follows(author):
    entry = make.entry(author)
    changed = change(entry, starts="08:00", ends="09:00", description="Rapat")
    assert (changed.description, changed.revision) == ("Rapat", 1)
    row = days.find(author, MONDAY)
    assert (row.claimed, row.entries) == (60, 1)
    assert row.revision > entry.work_day.revision


def test_what_another_device_changed_meanwhile_is_not_overwritten(author):
    entry = make.entry(author)
    change(entry, description="Dari ponsel")
    assert "berubah" in refused("", change, entry, 0, description="Dari laptop")
    refused("", remove, entry, 0)
    assert written(author)[0][2] == "Dari ponsel"


def test_what_another_device_removed_is_not_changed_and_removing_it_again_changes_nothing(author):
    entry = make.entry(author)
    remove(entry)
    assert "dihapus" in refused("", change, entry, description="Masih di sini?")
    gone = Entry.get_by_id(entry.id)
    remove(entry)
    assert Entry.get_by_id(entry.id).__data__ == gone.__data__


def test_a_changed_time_may_not_overlap_another_activity_but_may_its_own_old_time(author):
    entry = make.entry(author)
    make.entry(author, "10:00", "11:00")
    refused("starts", change, entry, starts="09:00", ends="10:30")
    assert change(entry, starts="09:00", ends="10:00").starts == 540


def test_a_change_that_is_wrong_in_itself_is_refused_and_nothing_changes(author):
    entry = make.entry(author)
    refused("description", change, entry, description="")
    refused("quantity", change, entry, quantity="banyak")


def test_what_was_removed_stays_as_a_row_and_can_be_brought_back_where_its_time_is_free(author):
    entry = make.entry(author)
    remove(entry)
    assert (written(author), days.find(author, MONDAY).claimed, Entry.select().count()) == ([], 0, 1)
    logs.restore(Entry.get_by_id(entry.id), now=MONDAY_EVENING)
    assert (len(written(author)), days.find(author, MONDAY).claimed) == (1, 120)
    logs.restore(Entry.get_by_id(entry.id), now=MONDAY_EVENING)  # pressed twice
    assert len(written(author)) == 1
    remove(Entry.get_by_id(entry.id))
    make.entry(author, "09:00", "09:30")
    refused("starts", logs.restore, Entry.get_by_id(entry.id), now=MONDAY_EVENING)


@pytest.mark.parametrize("state", ["submitted", "approved", "rejected"])
def test_a_locked_day_takes_no_edit_of_any_kind(author, state):
    entry, gone = make.entry(author), make.entry(author, "13:00", "14:00")
    remove(gone)
    source = make.entry(author, day=TUESDAY, now=TUESDAY_EVENING).work_day
    WorkDay.update(state=state).where(WorkDay.day == MONDAY).execute()
    refused("", make.entry, author, "15:00", "16:00")
    refused("", change, entry, description="Lain")
    refused("", remove, entry)
    refused("", logs.restore, Entry.get_by_id(gone.id), now=MONDAY_EVENING)
    refused("", logs.copy_day, author, source, MONDAY, now=TUESDAY_EVENING)


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_a_decided_activity_in_a_returned_day_does_not_change(author, state):
    entry = make.entry(author)
    Entry.update(state=state).where(Entry.id == entry.id).execute()
    WorkDay.update(state="returned").execute()
    refused("", change, entry, description="Lain")
    refused("", remove, entry)
    assert make.entry(author, "10:00", "11:00")
    refused("starts", make.entry, author, "08:30", "09:00")


def test_an_edit_after_the_page_was_opened_is_seen_by_who_submits_on_another_device(author):
    make.entry(author)
    seen = days.find(author, MONDAY).revision
    make.entry(author, "10:00", "11:00")
    refused("", submission.submit, days.find(author, MONDAY), key="a", seen=seen, by="x", now=MONDAY_EVENING)


def test_the_same_change_sent_twice_is_one(author):
    entry = make.entry(author)
    first = change(entry, description="Sekali saja")
    again = change(entry, 0, description="Sekali saja")
    assert (again.id, again.revision, again.description) == (first.id, 1, "Sekali saja")
    assert "berubah" in refused("", change, entry, 0, description="Yang lain")

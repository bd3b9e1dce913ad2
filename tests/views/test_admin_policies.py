"""The screens of the policies that e-kinerja and services ask: added, replaced, said in plain words."""

import pytest

from portal.kinerja.working_days import WorkingDays
from portal.policies import (
    APPOINTMENTS,
    CAPACITY_CAP,
    LETTER_QUARANTINE,
    LOG_DEADLINE,
    MONTH_CLOSING,
    OBJECTION_DEADLINE,
    OF_SERVICES,
    OF_WORK,
    REQUEST_RETENTION,
    VALIDATION_DEADLINE,
    WORK_WEEK,
    Policy,
)
from tests import make
from tests.make import MONDAY
from tests.views.administration import Desk
from tests.views.reading import Reading
from tests.views.staff import fields_of

FACTS = {"name": "Aturan setempat", "legal_basis": "Pergub", "first_day": "2020-09-01"}
VALUES = {
    WORK_WEEK: ({"minutes": "420", "days": ["Mo", "Tu", "We", "Th", "Sa"]}, "420 menit sehari, Senin–Kamis, Sabtu"),
    LOG_DEADLINE: ({"days": "2"}, "akhir hari kerja ke-2 sesudah harinya"),
    VALIDATION_DEADLINE: ({"days": "4"}, "akhir hari kerja ke-4 sesudah diajukan"),
    MONTH_CLOSING: ({"days": "6"}, "akhir hari kerja ke-6 di bulan berikutnya"),
    OBJECTION_DEADLINE: ({"days": "7"}, "akhir hari kerja ke-7 sesudah keputusan"),
    APPOINTMENTS: ({"minutes": "20", "days": "7", "share": "40"}, "20 menit tiap janji, sampai 7 hari ke depan; 40% sehari untuk janji yang dipindah"),
    CAPACITY_CAP: ({"percent": "25"}, "25% pegawai pada saat yang sama"),
    LETTER_QUARANTINE: ({"hours": "48"}, "48 jam sejak diambil"),
    REQUEST_RETENTION: ({"months": "12"}, "12 bulan sejak ditutup"),
}


@pytest.fixture
def desk(client, at):
    at("2020-09-22T09:00+07:00")
    return Desk(client)


@pytest.mark.parametrize("kind", [*OF_WORK, *OF_SERVICES])
def test_each_kind_is_added_for_one_office_and_said_in_plain_words(desk, kind):
    office = make.office("Kantor Uji", slug="kantor-uji")
    value, words = VALUES[kind]
    assert desk.post(f"/admin/kebijakan/baru/{kind}", **FACTS, **value, office=office.slug).status_code == 303
    made = Policy.get()
    assert (made.kind, made.office_id) == (kind, office.id)
    assert words in Reading(desk.get("/admin/kebijakan").text).words
    english = Reading(desk.get("/admin/kebijakan?bahasa=en").text).words
    assert words not in english
    page = desk.get(f"/admin/kebijakan/{made.id}/ganti").text
    given = fields_of(page, "kebijakan")
    assert {name: given[name] if isinstance(each, list) else given[name][0] for name, each in value.items()} == value


def test_a_replaced_week_holds_from_its_day_on_and_the_old_one_until_then(desk):
    make.work_rules()
    old = Policy.get(Policy.kind == WORK_WEEK)
    sent = {**FACTS, "minutes": "300", "days": ["Mo", "Tu"], "first_day": "2020-09-22"}
    assert desk.post(f"/admin/kebijakan/{old.id}/ganti", **sent).status_code == 303
    office = make.office()
    calendar = WorkingDays.of([office.id], MONDAY, MONDAY)
    days = [MONDAY.replace(day=number) for number in (21, 22, 23)]
    assert [calendar.load(office.id, day) for day in days] == [450, 300, 0]


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        (WORK_WEEK, {"minutes": "450"}, "days"),
        (WORK_WEEK, {"minutes": "450", "days": ["Xx"]}, "days"),
        (WORK_WEEK, {"minutes": "0", "days": ["Mo"]}, "minutes"),
        (APPOINTMENTS, {"minutes": "", "days": "7"}, "minutes"),
        (APPOINTMENTS, {"minutes": "15", "days": "367"}, "days"),
        (CAPACITY_CAP, {"percent": "101"}, "percent"),
        (LETTER_QUARANTINE, {"hours": "sehari"}, "hours"),
        (REQUEST_RETENTION, {"months": "0"}, "months"),
        (WORK_WEEK, {"minutes": "1441", "days": ["Mo"]}, "minutes"),
        (WORK_WEEK, {"minutes": "banyak", "days": ["Mo"]}, "minutes"),
        (LOG_DEADLINE, {"days": "0"}, "days"),
        (MONTH_CLOSING, {"days": ""}, "days"),
        (VALIDATION_DEADLINE, {"days": "367"}, "days"),
        (OBJECTION_DEADLINE, {"days": "-1"}, "days"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_with_what_was_typed(desk, kind, typed, field):
    answer = desk.post(f"/admin/kebijakan/baru/{kind}", **FACTS, **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Aturan setempat"' in answer.text
    assert Policy.select().count() == 0

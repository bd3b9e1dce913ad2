"""The screens of administration: for administrators alone, with a token on every form, and calm whatever is typed into them."""

import re
from datetime import date, timedelta

import pytest

from portal.attendance.models import Leave
from portal.kinerja import activity_types, outages
from portal.kinerja.activity_types import Sort
from portal.offices import calendars, corrections, places, postings
from portal.offices.models import DropBox, Holiday, SpecialHours
from portal.people import roles
from portal.people.models import Person
from portal.services.models import Service
from tests import make
from tests.house.test_queries import counted
from tests.views.administration import Desk
from tests.views.reading import Reading
from tests.views.world import MORNING

TODAY = date(2020, 9, 22)
ODD = ["a\0b", "x" * 3000, "🏢" * 50, "2020-02-30", "' OR 1=1 --", "<script>", "٣", "-1", "1e999", "nan", "9" * 30, "\ud800"]


@pytest.fixture
def desk(client, at):
    at(MORNING)
    return Desk(client)


@pytest.fixture
def things(desk) -> dict[str, object]:
    """One of everything that administration can act upon."""
    office, person, other = make.office("Kantor Uji", region=make.region("31", "Jakarta").code), make.person("Orang Uji"), make.person()
    posting = make.posting(person, office, under=other)
    places.add_drop_box(office, "lobi", **make.ACT)
    calendars.set_special_hours(office, TODAY, TODAY, "", **make.ACT)
    calendars.add_regional(TODAY, "Hari Jadi", office.region, **make.ACT)
    return {
        "person": person.id,
        "posting": posting.id,
        "grant": postings.grant(person, roles.HEAD, office, **make.ACT).id,
        "acting": postings.act_for(other, person, kind="Plh", letter_number="1", first_day=TODAY, last_day=TODAY, **make.ACT).id,
        "leave": Leave.create(person=person, kind="sick", first_day=TODAY, last_day=TODAY, entered_by="x", entered_at=make.NOW).id,
        "correction": corrections.propose(posting, make.person(), reason="Pindah", **make.ACT).id,
        "slug": office.slug,
        "box": DropBox.get().id,
        "special": SpecialHours.get().id,
        "holiday": Holiday.get(Holiday.name == "Hari Jadi").id,
        "policy": make.reduced_hours(last=None).id,
        "type": activity_types.add(Sort("RAPAT", "Rapat", "rapat", 60), **make.ACT).id,
        "service": make.service("Layanan Uji", at=[office]).slug,
        "outage": outages.propose(make.NOW - timedelta(hours=1), now=make.NOW).id,
    }


PAGES = [
    "/admin",
    "/admin/atasan",
    "/admin/orang",
    "/admin/orang/{person}",
    "/admin/kantor",
    "/admin/kantor/{slug}",
    "/admin/libur",
    "/admin/kebijakan",
    "/admin/impor",
    "/admin/impor/people/selesai",
    "/admin/kinerja",
    "/admin/kinerja/jenis",
    "/admin/kinerja/gangguan",
    "/admin/layanan",
    "/admin/layanan/unduh.csv",
    "/admin/orang/ekspor.csv",
]
FORMS = [
    "/admin/orang/baru",
    "/admin/orang/{person}/ubah",
    "/admin/orang/{person}/penempatan",
    "/admin/orang/penempatan/{posting}/akhiri",
    "/admin/orang/{person}/peran",
    "/admin/orang/peran/{grant}/cabut",
    "/admin/orang/{person}/plt",
    "/admin/orang/{person}/ketidakhadiran",
    "/admin/orang/{person}/atur-ulang",
    "/admin/orang/{person}/matikan-kode",
    "/admin/orang/{person}/tutup",
    "/admin/orang/{person}/buka",
    "/admin/kantor/baru",
    "/admin/kantor/{slug}/ubah",
    "/admin/kantor/{slug}/jam",
    "/admin/kantor/{slug}/jam-khusus",
    "/admin/kantor/{slug}/kotak-surat",
    "/admin/libur/baru",
    "/admin/kebijakan/baru/reduced_hours",
    "/admin/kebijakan/baru/closure_minimum",
    "/admin/kebijakan/baru/closure_review",
    "/admin/kebijakan/baru/news_retention",
    "/admin/kebijakan/baru/closure_reasons",
    "/admin/kebijakan/baru/second_factor",
    "/admin/kebijakan/baru/appointments",
    "/admin/kebijakan/baru/capacity_cap",
    "/admin/kebijakan/baru/letter_quarantine",
    "/admin/kebijakan/baru/request_retention",
    "/admin/kebijakan/{policy}/ganti",
    "/admin/kebijakan/{policy}/akhiri",
    "/admin/impor/offices",
    "/admin/kinerja/jenis/baru",
    "/admin/kinerja/jenis/{type}/ubah",
    "/admin/kinerja/gangguan/baru",
    "/admin/layanan/baru",
    "/admin/layanan/{service}/ubah",
    "/admin/layanan/kotak-surat/{box}",
]
BUTTONS = [
    "/admin/atasan/{correction}",
    "/admin/orang/{person}/undang",
    "/admin/orang/plt/{acting}/akhiri",
    "/admin/orang/ketidakhadiran/{leave}/tarik",
    "/admin/kantor/kotak-surat/{box}/akhiri",
    "/admin/kantor/jam-khusus/{special}/tarik",
    "/admin/libur/{holiday}/batalkan",
    "/admin/libur/{holiday}/pulihkan",
    "/admin/impor/offices/abcdefghijklmnopqrstuvwx",
    "/admin/kinerja/jenis/{type}/pulihkan",
    "/admin/kinerja/gangguan/{outage}/benar",
    "/admin/layanan/{service}/pulihkan",
]


def test_every_address_of_administration_is_in_these_lists(app):
    def shape(address: str) -> str:
        return re.sub(
            r"[<{][^>}]*[>}]|atur-ulang|matikan-kode|tutup|buka|batalkan|pulihkan|benar|/(offices|people)|reduced_hours|closure_\w+|second_factor|appointments|capacity_cap|letter_\w+|news_\w+|request_\w+|abc\w+x$",
            "*",
            address,
        )

    rules = {shape(rule.rule) for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin")}
    listed = {shape(address.replace("/offices", "/<kind>").replace("/people", "/<kind>")) for address in (*PAGES, *FORMS, *BUTTONS)}
    assert rules == listed


@pytest.mark.parametrize("role", [role for role in roles.GRANTED if role != roles.ADMIN] + [roles.EMPLOYEE])
def test_other_roles_are_refused_everywhere(desk, things, role):
    other = Desk(desk.client, role)
    if role == roles.EMPLOYEE:
        make.posting(other.person)
    before = counts()
    for address in (*PAGES, *FORMS):
        assert other.get(address.format(**things)).status_code == 403, address
    token = other.token()
    for address in (*FORMS, *BUTTONS):
        assert other.client.post(address.format(**things), data={"csrf_token": token}).status_code == 403, address
    assert counts() == before


def test_strangers_are_sent_to_sign_in_and_change_nothing(app, things):
    stranger, before = app.test_client(), counts()
    for address in (*PAGES, *FORMS):
        assert stranger.get(address.format(**things)).location.startswith("/masuk"), address
    for address in (*FORMS, *BUTTONS):
        assert stranger.post(address.format(**things), data={"name": "x"}).status_code == 401, address
    assert counts() == before


def test_a_form_without_its_token_changes_nothing(desk, things):
    before = counts()
    for address in (*FORMS, *BUTTONS):
        assert desk.client.post(address.format(**things), data={"name": "x"}).status_code == 400, address
    assert counts() == before


def counts() -> list[object]:
    """What the acts above would change."""
    people = list(Person.select(Person.id, Person.name, Person.ended_at).order_by(Person.id).tuples())
    boxes = list(DropBox.select(DropBox.ended_at).tuples()) + list(SpecialHours.select(SpecialHours.withdrawn_at).tuples())
    services = list(Service.select(Service.slug, Service.name, Service.ended_at).order_by(Service.id).tuples())
    return [people, boxes, services, list(Holiday.select(Holiday.is_cancelled).order_by(Holiday.id).tuples()), list(Leave.select(Leave.withdrawn_at).tuples())]


@pytest.mark.parametrize("address", FORMS)
def test_a_form_that_cannot_be_meant_comes_back_with_what_was_typed(desk, things, address):
    address = address.format(**things)
    page, token = Reading(desk.get(address).text), desk.token()
    names = {held["name"] for tag, held in page.tags if tag in {"input", "select", "textarea"} and held.get("name") not in {None, "csrf_token", "file"}}
    for odd in ODD:
        encoded = {name: odd.encode("utf-8", "surrogatepass") for name in names}
        answer = desk.client.post(address, data={"csrf_token": token, **encoded})
        assert answer.status_code in {422, 303, 400}, (address, odd, answer.status_code)
        if names - {"language"} and odd.isprintable() and len(odd) < 100 and answer.status_code == 422 and "name" in names:
            assert Reading(answer.text).tags.count(("input", {})) == 0
            assert odd in [held.get("value") for tag, held in Reading(answer.text).tags if tag == "input"]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/orang/999999999",
        "/admin/orang/99999999999999999999",
        "/admin/kantor/tidak-ada",
        "/admin/kantor/a%00b",
        "/admin/kebijakan/0/akhiri",
        "/admin/kebijakan/baru/apa",
        "/admin/impor/apa",
        "/admin/orang/peran/0/cabut",
        "/admin/orang/penempatan/0/akhiri",
    ],
)
def test_what_does_not_exist_is_a_page_that_says_so(desk, address):
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/admin/orang", "/admin/kantor"])
def test_any_search_text_finds_or_does_not_find(desk, address):
    for odd in ODD[:-1]:
        assert desk.get(address, query_string={"q": odd, "hal": odd}).status_code == 200


@pytest.mark.parametrize("address", [*(page for page in PAGES if not page.endswith(".csv")), *FORMS])
def test_every_page_has_one_heading_and_each_field_its_label(desk, things, address):
    page = Reading(desk.get(address.format(**things)).text)
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    labelled = {held.get("for") for tag, held in page.tags if tag == "label"}
    asked = {held["id"] for tag, held in page.tags if tag in {"input", "select", "textarea"} and "id" in held}
    assert asked <= labelled


def fill(first: int, last: int, person: Person, chief: Person) -> None:
    """More of everything that the lists show."""
    for number in range(first, last):
        office = make.office(f"Kantor {number:03}", region="31", parent=None)
        worker = make.person(f"Pegawai {number:03}")
        posting = make.posting(worker, office, under=chief)
        corrections.propose(posting, person, reason="Pindah", **make.ACT)
        make.posting(person, office, under=chief, is_main=False)
        postings.grant(person, roles.HEAD, office, **make.ACT)
        day = TODAY + timedelta(days=number)
        postings.act_for(chief, person, kind="Plh", letter_number=str(number), first_day=day, last_day=day, **make.ACT)
        Leave.create(
            person=person,
            kind="annual",
            first_day=TODAY.replace(year=2030 + number),
            last_day=TODAY.replace(year=2030 + number),
            entered_by="x",
            entered_at=make.NOW,
        )
        make.reduced_hours("08:00-13:30", first=date(2020, 1, 1 + number), last=None, office_id=office.id)
        calendars.add_regional(date(2020, 3, 1 + number), "Hari Jadi", make.region("31"), **make.ACT)


@pytest.mark.parametrize("address", ["/admin", "/admin/atasan", "/admin/orang", "/admin/orang/{person}", "/admin/kantor", "/admin/libur", "/admin/kebijakan"])
def test_the_questions_of_a_list_do_not_grow_with_its_rows(desk, address):
    make.region("31", "Jakarta")
    person, chief = make.person(), make.person()
    address = address.format(person=person.id)
    asked = []
    for first, last in ((0, 2), (2, 25)):
        fill(first, last, person, chief)
        desk.get(address)
        with counted() as statements:
            assert desk.get(address).status_code == 200
        asked.append(statements)
    assert len(asked[1]) <= len(asked[0]), "\n".join(sorted(set(asked[1]) - set(asked[0])))

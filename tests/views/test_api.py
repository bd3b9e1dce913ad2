from itertools import pairwise

import pytest

from portal.offices import closures
from tests import make
from tests.views.world import json_of

OFFICE = {
    "slug",
    "name",
    "kind",
    "parent",
    "region",
    "lat",
    "lon",
    "is_approximate",
    "timezone",
    "state",
    "sentence",
    "until",
    "reopens_at",
    "channels",
    "closures",
}
CLOSURE = {
    "id",
    "offices",
    "except",
    "services",
    "reason",
    "starts_at",
    "ends_at",
    "review_on",
    "channels",
    "diversions",
    "legal_basis",
    "note",
    "status",
    "history",
}


def test_an_office_has_the_fields_of_the_contract(client, world):
    found = json_of(client, "/api/v1/offices")
    assert {"at", "version", "count", "page", "pages", "offices"} == set(found)
    assert all(set(office) == OFFICE for office in found["offices"])
    assert found["count"] == len(found["offices"]) == len(world.offices())


def test_a_closed_office_says_until_when_in_its_own_zone(client, world):
    hall = json_of(client, f"/api/v1/offices/{world.hall.slug}")
    assert (hall["state"], hall["until"], hall["reopens_at"]) == ("remote", "2020-09-23T00:00:00+07:00", "2020-09-23T08:00:00+07:00")
    assert hall["channels"] == {"counter": False, "online": True, "dropbox": True, "email": True}
    assert hall["closures"] == [world.main.id]
    jayapura = json_of(client, f"/api/v1/offices/{world.jayapura.slug}")
    assert (jayapura["until"], jayapura["reopens_at"]) == ("2020-09-24T00:00:00+09:00", "2020-09-24T08:00:00+09:00")


def test_an_open_office_has_an_end_and_no_reopening(client, world):
    office = json_of(client, f"/api/v1/offices/{world.denpasar.slug}")
    assert (office["state"], office["until"], office["reopens_at"]) == ("open", "2020-09-22T16:00:00+08:00", None)


def test_an_open_end_has_neither_end_nor_reopening(client, world):
    office = json_of(client, f"/api/v1/offices/{world.village.slug}")
    assert (office["state"], office["until"], office["reopens_at"]) == ("suspended", None, None)


def test_the_sentence_is_indonesian_whatever_the_language_asked_for(client, world):
    assert json_of(client, f"/api/v1/offices/{world.hall.slug}?bahasa=en")["sentence"].startswith("Tutup tatap muka sampai hari ini, Selasa, 22 September.")


def test_the_week_has_seven_days_with_a_holiday_named(client, world):
    week = json_of(client, f"/api/v1/offices/{world.denpasar.slug}")["week"]
    assert [day["day"] for day in week] == [f"2020-09-{day}" for day in range(22, 29)]
    assert week[0]["intervals"] == [{"from": "2020-09-22T08:00:00+08:00", "to": "2020-09-22T16:00:00+08:00"}]
    assert (week[3]["intervals"], week[3]["note"]) == ([], "Hari Jadi")


def test_a_drop_box_stands_with_its_hours(client, world):
    assert json_of(client, f"/api/v1/offices/{world.hall.slug}")["dropboxes"] == [{"place": "lobi Blok A", "hours": "Mo-Fr 08:00-13:30", "services": []}]


def test_a_moment_may_carry_any_offset_and_an_unencoded_plus(client, world):
    for moment in ("2020-09-23T09:00", "2020-09-23T09:00:00%2B07:00", "2020-09-23T09:00+07:00", "2020-09-23T02:00Z"):
        found = json_of(client, f"/api/v1/offices?at={moment}")
        assert found["at"] == "2020-09-23T09:00:00+07:00"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=posko", {"post"}),
        ("region=51", {"denpasar"}),
        ("state=suspended", {"village"}),
        ("q=kantor&region=31.74", {"neighbour"}),
        ("state=remote", {"hall", "floor", "jayapura"}),
    ],
)
def test_lists_are_searched_and_filtered(client, world, query, names):
    assert {office["slug"] for office in json_of(client, f"/api/v1/offices?{query}")["offices"]} == {getattr(world, name).slug for name in names}


def test_an_exact_name_comes_first(client, world):
    make.office("Kantor Wali Kota Jakarta Pusat Lama")
    assert json_of(client, "/api/v1/offices?q=kantor+wali+kota+jakarta+pusat")["offices"][0]["slug"] == world.hall.slug


def test_pages_hold_every_office_once(client, world):
    for count in range(120):
        make.office(f"Kantor Uji {count:03}")
    first = json_of(client, "/api/v1/offices?page=1")
    second = json_of(client, "/api/v1/offices?page=2")
    assert (first["pages"], second["page"], len(first["offices"])) == (2, 2, 100)
    slugs = [office["slug"] for office in first["offices"] + second["offices"]]
    assert len(slugs) == len(set(slugs)) == first["count"]


def test_every_act_raises_the_version(client, world):
    before = json_of(client, "/api/v1/offices")["version"]
    closures.withdraw(world.coming, reason="Batal.", by="kepala", now=make.local("2020-09-22T08:59"))
    assert json_of(client, "/api/v1/offices")["version"] > before


def test_a_timeline_is_clipped_to_its_days_and_has_no_gap(client, world):
    line = json_of(client, f"/api/v1/offices/{world.denpasar.slug}/timeline?from=2020-09-21&to=2020-09-27")
    assert (line[0]["from"], line[-1]["to"]) == ("2020-09-21T00:00:00+08:00", "2020-09-28T00:00:00+08:00")
    assert all(earlier["to"] == later["from"] for earlier, later in pairwise(line))
    assert all(interval["from"] < interval["to"] for interval in line)


def test_a_timeline_names_the_closures_of_each_stretch(client, world):
    line = json_of(client, f"/api/v1/offices/{world.hall.slug}/timeline?from=2020-09-19&to=2020-09-23")
    closed = [interval for interval in line if interval["state"] == "remote"]
    assert closed == [{"from": "2020-09-20T00:00:00+07:00", "to": "2020-09-23T00:00:00+07:00", "state": "remote", "closures": [world.main.id]}]


def test_a_closure_has_the_fields_of_the_contract(client, world):
    found = {closure["id"]: closure for closure in json_of(client, "/api/v1/closures")}
    assert set(found) == {closure.id for closure in world.closures()}
    assert all(set(closure) == CLOSURE for closure in found.values())
    main = found[world.main.id]
    assert (main["offices"], main["starts_at"], main["ends_at"]) == ([world.hall.slug], "2020-09-20T00:00:00+07:00", "2020-09-23T00:00:00+07:00")
    assert main["diversions"] == [{"service": None, "to": world.neighbour.slug, "note": ""}, {"service": "KTP", "to": None, "note": "Tenda di halaman"}]
    assert found[world.partly.id]["except"] == [world.post.slug]
    assert (found[world.open_end.id]["ends_at"], found[world.open_end.id]["review_on"]) == (None, "2020-10-03")


def test_each_closure_tells_its_status_and_its_history(client, world):
    found = {closure["id"]: closure for closure in json_of(client, "/api/v1/closures")}
    statuses = {world.past: "ended", world.main: "active", world.coming: "announced", world.mistake: "withdrawn"}
    assert {id: found[id]["status"] for id in (closure.id for closure in statuses)} == {closure.id: status for closure, status in statuses.items()}
    assert [act["what"] for act in found[world.mistake.id]["history"]] == ["announced", "withdrawn"]


def test_closures_are_asked_for_by_days_and_by_office(client, world):
    assert [each["id"] for each in json_of(client, "/api/v1/closures?from=2020-08-01&to=2020-08-31")] == [world.past.id]
    assert {each["id"] for each in json_of(client, f"/api/v1/closures?office={world.neighbour.slug}")} == {world.past.id, world.coming.id}


def test_internal_notes_and_names_of_people_leave_no_trace(client, world):
    secret = make.closure(world.station, internal_note="RAHASIA", override_reason="RAHASIA", by="RAHASIA", first="2020-09-22")
    for address in ("/api/v1/closures", "/umpan.atom", f"/kantor/{world.station.slug}", f"/kantor/{world.station.slug}/kalender.ics"):
        assert "RAHASIA" not in client.get(address).text
    assert secret.id in {each["id"] for each in json_of(client, "/api/v1/closures")}


def test_programs_of_any_origin_may_read(client, world):
    assert client.get("/api/v1/offices").headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/tidak-ada").headers["Access-Control-Allow-Origin"] == "*"


def test_a_missing_day_of_a_timeline_is_counted_from_the_other(client, world):
    address = f"/api/v1/offices/{world.hall.slug}/timeline"
    line = client.get(address + "?from=2020-01-06").json
    assert (line[0]["from"][:10], line[-1]["to"][:10]) == ("2020-01-06", "2020-01-20")
    line = client.get(address + "?to=2020-01-19").json
    assert (line[0]["from"][:10], line[-1]["to"][:10]) == ("2020-01-06", "2020-01-20")

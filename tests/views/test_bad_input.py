"""What people, programs and scanners send that no page expects: a clear answer with the right status, never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal import create_app
from tests.views.world import public_addresses

ODD = [
    "%00",
    "%0A",
    "%0D%0AX:1",
    "%22%27",
    "%28",
    "*",
    "NEAR(",
    "%F0%9F%98%80",
    "%ff%fe",
    "a" * 3000,
    "-1",
    "../../etc/passwd",
    "{{7*7}}",
    "%zz",
    "%E2%80%AE",
    "%C2%A0",
    "'; DROP TABLE office;--",
]
BUILDER = ("endpoint", "slug", "_external", "_scheme", "_method", "_anchor")  # words of the address builder, which no address may fill
FIELDS = {
    "/": ("q", "wilayah", "status", "pada", "hal", "bahasa"),
    "/kantor/{slug}": ("pada", "bahasa"),
    "/kantor/{slug}/pengumuman": ("pada",),
    "/data": ("bahasa",),
    "/umpan.atom": ("bahasa",),
    "/kantor/{slug}/umpan.atom": ("bahasa",),
    "/kantor/{slug}/kalender.ics": ("bahasa",),
    "/kantor/{slug}/lencana.svg": ("pada",),
    "/api/v1/offices": ("q", "region", "state", "at", "page"),
    "/api/v1/offices/{slug}": ("at",),
    "/api/v1/offices/{slug}/timeline": ("from", "to"),
    "/api/v1/closures": ("from", "to", "office"),
    "/api/v1/openapi.json": ("q",),
    "/sehat": ("q",),
}


def is_problem(answer, status: int) -> bool:
    body = answer.get_json()
    return answer.status_code == status == body["status"] and answer.mimetype == "application/problem+json" and bool(body["title"] and body["detail"])


@pytest.mark.parametrize("place", FIELDS)
def test_no_odd_value_of_any_field_breaks_any_page(client, world, place):
    address = place.format(slug=world.hall.slug)
    for odd in ODD:
        asked = [f"{field}={odd}" for field in FIELDS[place]] + ["&".join(f"{word}={odd}" for word in BUILDER)]
        for query in asked:
            answer = client.get(f"{address}?{query}")
            assert answer.status_code in {200, 400, 404}, (address, query, answer.status_code)
            assert answer.status_code == 200 or not address.startswith("/api/") or is_problem(answer, answer.status_code)


@pytest.mark.parametrize("odd", [*ODD, "%C5%9Ei%C5%9Fli", "KANTOR", "a%2Fb", "." * 300])
def test_an_odd_slug_is_not_found(client, world, odd):
    assert client.get(f"/kantor/{odd}").status_code == 404
    assert is_problem(client.get(f"/api/v1/offices/{odd}"), 404)


@pytest.mark.parametrize(
    "moment", ["kemarin", "2020-13-01", "2020-02-30", "2020-09-22T25:00", "2020-09-22T9:00", "0000-01-01", "9999-12-31", "2020-09-22T09:00+99:99", "²⁰²⁰-09-22"]
)
def test_an_unreadable_moment_is_the_readers_error_and_names_an_example(client, world, moment):
    page = client.get("/", query_string={"pada": moment})
    assert page.status_code == 400
    assert "2020-09-22T09:00" in page.text
    assert is_problem(client.get("/api/v1/offices", query_string={"at": moment}), 400)


@pytest.mark.parametrize("moment", ["1945-01-01", "2199-12-31T23:59", "2020-02-29T00:00:00.5Z", "2020-09-22T09:00-12:00"])
def test_a_moment_long_ago_or_far_ahead_is_answered(client, world, moment):
    assert client.get("/", query_string={"pada": moment}).status_code == 200
    assert client.get(f"/kantor/{world.hall.slug}", query_string={"pada": moment}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "offices?state=zu",
        "offices?region=zz",
        "offices?region=31.7",
        "offices?page=0",
        "offices?page=x",
        "offices?page=99999999999999999999",
        "closures?from=2020-13-01",
        "closures?to=x",
        "closures?from=2020-09-02&to=2020-09-01",
        "offices/{slug}/timeline?from=2020-09-02&to=2020-09-01",
        "offices/{slug}/timeline?from=2000-01-01&to=2020-01-01",
        "offices/{slug}/timeline?from=2020-9-1",
        "offices/{slug}?at=x",
    ],
)
def test_programs_are_told_what_cannot_be_read(client, world, query):
    assert is_problem(client.get("/api/v1/" + query.format(slug=world.hall.slug)), 400)


@pytest.mark.parametrize(
    "address", ["/api", "/api/", "/api/v1", "/api/v2/offices", "/api/v1/tidak-ada", "/api/v1/closures?office=tidak-ada", "/api/v1/offices/x/timeline"]
)
def test_what_the_interface_does_not_have_is_a_problem_document(client, world, address):
    assert is_problem(client.get(address), 404)


@pytest.mark.parametrize(
    "address",
    ["/tidak-ada", "/kantor", "/kantor/", "/umpan/xx.atom", "/statis/x/portal.css", "/statis/..%2f..%2fsettings.py/x", "/%ff", "/.env", "/wp-login.php"],
)
def test_an_unknown_address_is_a_page_with_a_way_on(client, world, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert 'action="/"' in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_a_wrong_method_is_told_which_ones_there_are(client, world, method):
    for address in public_addresses(world).values():
        if method == "POST" and address.partition("?")[0] == "/dekat":
            continue  # that one takes the position of who presses for it
        answer = client.open(address, method=method)
        assert answer.status_code == 405
        assert {"GET", "HEAD"} <= {each.strip() for each in answer.headers["Allow"].split(",")}
        assert not address.startswith("/api/") or is_problem(answer, 405)


@pytest.mark.parametrize("host", ["jahat.example", "", "localhost.jahat.example", "local host", "127.0.0.1@jahat.example", "[::1", "LOCALHOST:99999999"])
def test_a_foreign_name_is_refused(client, world, host):
    page = client.get("/", headers={"Host": host})
    assert page.status_code == 400
    assert "<html" in page.text
    assert is_problem(client.get("/api/v1/offices", headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:8000"])
def test_the_portals_own_names_are_served(client, world, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_oversize_body_is_refused_before_anybody_reads_it(client, world, method):
    body = b"x" * 1_000_001
    assert client.open("/", method=method, data=body).status_code == 413
    assert is_problem(client.open("/api/v1/offices", method=method, data=body), 413)


def test_a_repeated_parameter_counts_once(client, world):
    answer = client.get("/?pada=2020-09-22T09:00&pada=2020-09-23T09:00&q=a&q=b&hal=1&hal=x")
    assert answer.status_code == 200
    assert client.get("/?" + "&".join(f"f{count}=1" for count in range(3000))).status_code == 200


def test_a_field_of_the_address_builder_leads_nowhere_else(client, world):
    text = client.get("/?_external=1&_scheme=javascript&_anchor=x&endpoint=offices.office&next=//jahat.example").text
    assert "javascript:" not in text
    assert "jahat.example" not in text


@settings(max_examples=40)
@given(text=some.text(max_size=80), number=some.text(max_size=12))
def test_any_text_can_be_searched(client, world, text, number):
    assert client.get("/", query_string={"q": text, "hal": number, "status": text, "wilayah": text}).status_code == 200
    assert client.get("/api/v1/offices", query_string={"q": text}).status_code == 200


def test_an_error_on_a_fragment_keeps_the_address_of_the_page(client, world):
    answer = client.get("/?pada=x", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (answer.status_code, answer.headers["HX-Replace-Url"]) == (400, "false")
    assert "HX-Replace-Url" not in client.get("/?pada=x").headers


def test_no_error_may_be_kept(client, world):
    for answer in (client.get("/tidak-ada"), client.get("/?pada=x"), client.post("/"), client.get("/", headers={"Host": "jahat.example"})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_an_english_reader_gets_english_errors(client, world):
    page = client.get("/tidak-ada?bahasa=en")
    assert 'lang="en"' in page.text
    assert "Halaman ini tidak ada" not in page.text


def test_the_portal_starts_with_any_number_of_further_names(app):
    from portal import db

    kept = db.database.obj
    try:
        more = create_app(type(app.config["SETTINGS"])(**{**vars(app.config["SETTINGS"]), "trusted_hosts": "satu.example, dua.example"}))
    finally:
        db.database.initialize(kept)
    assert {"satu.example", "dua.example", "localhost"} <= set(more.config["TRUSTED_HOSTS"])

"""The description of the interface against what it answers, both ways."""

import json
import warnings
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, settings

from portal.views import api
from tests.views.world import HALL, json_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what schemathesis imports is its own affair
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

DESCRIPTION = json.loads((Path(api.__file__).parent / "openapi.json").read_text(encoding="utf-8"))
PATHS = DESCRIPTION["paths"]
described = schemathesis.openapi.from_dict(json.loads(json.dumps(DESCRIPTION)))
for operation in described.raw_schema["paths"].values():
    for parameter in operation["get"]["parameters"]:
        if parameter["name"] == "slug":
            parameter["schema"] = {"enum": [HALL]}  # the one office that is surely there


def validator(path: str, status: str = "200") -> jsonschema_rs.Validator:
    answer = PATHS[path]["get"]["responses"][status]
    answer = DESCRIPTION["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
    schema = next(iter(answer["content"].values()))["schema"]
    return jsonschema_rs.Draft202012Validator({**schema, "components": DESCRIPTION["components"]}, validate_formats=True)


def test_the_description_is_served_as_it_is_kept(client, world):
    assert json_of(client, "/api/v1/openapi.json") == DESCRIPTION


def test_every_address_of_the_interface_is_described_and_no_other(app):
    routes = {rule.rule.replace("<", "{").replace(">", "}") for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert routes == set(PATHS)


def test_every_object_of_ours_is_closed_so_that_drift_shows():
    open_ones = [
        name
        for name, schema in DESCRIPTION["components"]["schemas"].items()
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    ]
    assert open_ones == []


@pytest.mark.parametrize("moment", ["2020-09-22T09:00", "2020-09-22T23:00", "2020-09-26T09:00", "2020-08-24T09:00", "2021-01-01T00:00"])
def test_every_office_of_a_world_is_as_described_at_any_moment(client, world, moment):
    validator("/api/v1/offices").validate(json_of(client, f"/api/v1/offices?at={moment}"))
    for office in world.offices():
        validator("/api/v1/offices/{slug}").validate(json_of(client, f"/api/v1/offices/{office.slug}?at={moment}"))
        line = json_of(client, f"/api/v1/offices/{office.slug}/timeline?from=2020-08-20&to=2020-10-10")
        validator("/api/v1/offices/{slug}/timeline").validate(line)


def test_every_closure_of_a_world_is_as_described(client, world):
    found = json_of(client, "/api/v1/closures")
    assert len(found) == len(world.closures())
    validator("/api/v1/closures").validate(found)


def test_problems_are_as_described(client, world):
    for address, status in (("/api/v1/offices?at=x", "400"), ("/api/v1/offices?page=0", "400")):
        validator("/api/v1/offices", status).validate(client.get(address).get_json())
    validator("/api/v1/offices/{slug}", "404").validate(client.get("/api/v1/offices/tidak-ada").get_json())


@pytest.mark.parametrize("change", ["extra", "missing", "state"])
def test_a_drifted_answer_would_be_caught(client, world, change):
    answer = json_of(client, f"/api/v1/offices/{world.hall.slug}")
    broken = {
        "extra": {**answer, "secret": 1},
        "missing": {name: value for name, value in answer.items() if name != "until"},
        "state": {**answer, "state": "tutup"},
    }[change]
    assert not validator("/api/v1/offices/{slug}").is_valid(broken)


@pytest.mark.filterwarnings("ignore")
@described.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_description_allows_is_answered_as_it_says(case, app, client, world):
    case.call_and_validate(
        app=app, headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
    )  # that days stand in order no schema can say

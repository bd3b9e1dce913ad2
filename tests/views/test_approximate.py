"""An office of which nobody has said where it is stands in the middle of the region above its own, and each page that shows it there says so."""

import csv
import json
import re
from io import StringIO

import pytest

from portal.offices import places
from portal.offices.models import Office, Region
from tests import make
from tests.views.world import json_of


@pytest.fixture
def guessed(client, world) -> Office:
    Region.insert(code="31.77", parent_code="31", level="kota", name="Kota Jauh", lat=-6.15, lon=106.83).execute()
    Region.insert(code="31.77.01", parent_code="31.77", level="kecamatan", name="Dekat").execute()
    make.office("Kantor Pasti", slug="pasti", region="31.77", lat=-6.15, lon=106.83)
    return make.office("Kantor Kira-kira", slug="kira", region="31.77.01", lat=-6.15, lon=106.83)


def test_the_interfaces_mark_a_place_that_is_a_guess(client, guessed):
    assert json_of(client, "/api/v1/offices/kira")["is_approximate"] is True
    assert {each["slug"]: each["is_approximate"] for each in json_of(client, "/api/v1/offices?region=31.77")["offices"]} == {"kira": True, "pasti": False}
    rows = {row["slug"]: row["is_approximate"] for row in csv.DictReader(StringIO(client.get("/data/kantor.csv").text))}
    assert (rows["kira"], rows["pasti"]) == ("yes", "")


def test_search_engines_are_not_sent_to_a_guess(client, guessed):
    facts = {
        slug: re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(f"/kantor/{slug}").text, re.DOTALL) for slug in ("kira", "pasti")
    }
    assert "geo" not in json.loads(facts["kira"][1])
    assert json.loads(facts["pasti"][1])["geo"]["latitude"] == -6.15


def test_the_map_says_how_many_places_are_guesses_until_somebody_says_where_they_are(client, guessed, at):
    assert "1 kantor digambar di tengah wilayah di atasnya" in client.get("/wilayah/31.77/peta").text
    places.change(guessed, lat=-6.151, lon=106.832, by="pengelola", now=make.local("2020-09-22T09:00"))
    assert "digambar di tengah" not in client.get("/wilayah/31.77/peta").text
    assert json_of(client, "/api/v1/offices/kira")["is_approximate"] is False

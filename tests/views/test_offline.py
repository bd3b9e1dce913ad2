"""Slow and absent networks: what browsers keep, that it can be taken back, and what is left out for who saves data."""

from dataclasses import replace

from tests import make


def test_the_worker_says_in_both_languages_that_a_page_is_old(client):
    answer = client.get("/luring.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert "Ini keadaan pada {when}" in answer.text and "This is how it was on {when}" in answer.text


def test_where_it_is_not_wanted_any_more_the_worker_takes_itself_away(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], offline="no"))
    text = client.get("/luring.js").text
    assert "unregister()" in text and "caches.delete" in text and "fetch" not in text
    assert 'name="offline"' not in client.get("/").text


def test_who_saves_data_gets_the_board_without_the_script_that_searches_as_one_types(client):
    make.office()
    assert "/htmx.js" in client.get("/").text
    saving = client.get("/", headers={"Save-Data": "on"})
    assert "/htmx.js" not in saving.text and 'name="q"' in saving.text
    assert "Save-Data" in saving.vary

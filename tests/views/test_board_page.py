import pytest

from tests import make
from tests.views.reading import Reading


def words(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return Reading(answer.text).words


def test_the_board_counts_the_disrupted_offices_and_names_them(client, world):
    seen = words(client, "/")
    assert "4 dari 7 kantor terganggu hari ini" in seen
    for office in (world.hall, world.health, world.village, world.jayapura):
        assert office.name in seen


def test_the_board_in_english_says_it_in_english(client, world):
    seen = words(client, "/?bahasa=en")
    assert "4 of 7 offices" in seen
    assert "Kantor mana" not in seen


def test_the_board_can_be_asked_for_the_day_before_everything(client, world):
    assert "Semua kantor melayani seperti biasa" in words(client, "/?pada=2020-08-01T09:00")


def test_a_form_sent_without_a_moment_shows_the_board_of_now(client, world):
    assert "hari ini" in words(client, "/?pada=")


def test_the_board_announces_a_closure_before_it_starts(client, world):
    seen = words(client, "/")
    assert "Akan tutup" in seen
    assert "Senin, 28 September" in seen


def test_a_withdrawn_closure_is_on_no_board(client, world):
    assert "Buka" in words(client, "/?q=denpasar")
    assert "Tutup tatap muka" not in words(client, "/?q=denpasar")


def test_the_filter_for_a_state_leaves_only_offices_in_it(client, world):
    rows = client.get("/?status=suspended").text.partition('id="h-all"')[2]
    assert world.village.name in rows
    assert world.hall.name not in rows


def test_the_filter_for_a_region_leaves_only_its_offices(client, world):
    seen = words(client, "/?wilayah=51")
    assert world.denpasar.name in seen
    assert world.hall.name not in seen


def test_search_finds_units_by_the_beginning_of_a_word(client, world):
    assert world.post.name in words(client, "/?q=pos")
    assert world.floor.name in words(client, "/?q=lantai+2")


def test_a_search_that_finds_nothing_says_what_to_do_next(client, world):
    seen = words(client, "/?q=antahberantah")
    assert "Tidak ada kantor dengan nama itu" in seen
    assert "Coba nama kecamatannya saja" in seen


def test_every_office_stands_on_exactly_one_page_of_the_list(client, world):
    made = {make.office(f"Kantor Uji {count:03}", region="31.74").slug for count in range(60)}
    found: list[str] = []
    for number in (1, 2, 3):
        rows = client.get(f"/?hal={number}").text.partition('id="h-all"')[2]
        found += [link.removeprefix("/kantor/") for link in Reading(rows).links if link.startswith("/kantor/")]
    assert len(found) == len(set(found)) == 67
    assert made < set(found)


def test_a_page_past_the_end_is_the_last_one(client, world):
    assert Reading(client.get("/?hal=999").text).words == Reading(client.get("/").text).words


def test_links_keep_filters_and_language(client, world):
    links = Reading(client.get("/?bahasa=en&wilayah=31&pada=2020-09-22T09:00").text).links
    chip = next(link for link in links if "status=remote" in link)
    assert "bahasa=en" in chip
    assert "wilayah=31" in chip
    assert "pada=2020-09-22T09:00" in chip.replace("%3A", ":")


def test_a_change_of_filter_starts_at_the_first_page(client, world):
    links = Reading(client.get("/?hal=2").text).links
    assert not any("status=" in link and "hal=" in link for link in links)


def test_htmx_gets_the_results_alone_and_a_history_restore_the_page(client, world):
    part = client.get("/?q=kantor", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    whole = client.get("/?q=kantor", headers={"HX-Request": "true", "HX-Request-Type": "full"}).text
    assert part.lstrip().startswith('<div id="results"')
    assert "<html" not in part
    assert "<html" in whole
    assert part.strip() in whole


def test_what_people_type_is_shown_as_they_typed_it_and_runs_nowhere(client, world):
    text = client.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize(
    ("filters", "words"), [("wilayah=99", "Wilayah ini tidak"), ("wilayah=31.7", "Wilayah ini tidak"), ("status=foo", "Keadaan ini tidak")]
)
def test_a_filter_that_means_nothing_is_said_and_left_out(client, world, filters, words):
    page = client.get("/?" + filters)
    assert page.status_code == 200
    assert words in page.text
    assert world.hall.name in page.text

"""News by e-mail: asked for on a page, confirmed and ended through the links of the letters, by people and by mail programs."""

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.offices import announcing, subscriptions
from portal.offices.models import Office, Subscriber, Subscription
from portal.outbox import Letter
from portal.views import limits, mail
from tests import make
from tests.views.staff import Browser

pytestmark = pytest.mark.usefixtures("database")
MORNING = "2020-09-22T09:00+07:00"


@pytest.fixture
def visitor(app, at):
    at(MORNING)
    make.office("Kantor Uji", slug="kantor-uji", region=make.region("31.71", "Kota Administrasi Jakarta Pusat"))
    return Browser(app)


def send(visitor, email: str = "warga@surat.example", **fields: str):
    return visitor.post("/langganan", {"email": email, **(fields or {"office": "kantor-uji"})})


def written(visitor, letter: Letter, *, shows_secrets: bool = True) -> mail.Written:
    with visitor.client.application.app_context():
        return mail.written(letter, shows_secrets=shows_secrets)


def message(visitor, letter: Letter):
    with visitor.client.application.app_context():
        return mail._message(letter)


def link(visitor) -> str:
    letter = Letter.get(name=subscriptions.CONFIRMATION)
    return re.search(r"http://localhost(/langganan/\S+)", written(visitor, letter).text).group(1)


def confirmed() -> int:
    return Subscription.select().where(Subscription.confirmed_at.is_null(False), Subscription.ended_at.is_null()).count()


def test_the_form_says_for_which_office_or_region_and_keeps_what_was_typed(visitor):
    assert "Kantor Uji" in visitor.get("/langganan?kantor=kantor-uji").text
    assert "Jakarta Pusat" in visitor.get("/langganan?wilayah=31.71").text
    answer = send(visitor, "bukan alamat")
    assert answer.status_code == 422
    assert 'value="bukan alamat"' in answer.text
    assert 'href="#email"' in answer.text


def test_who_does_not_know_the_address_of_an_office_finds_it_by_name(visitor):
    page = visitor.get("/langganan?q=uji").text
    assert "/langganan?kantor=kantor-uji" in page
    assert "/langganan?wilayah=31.71" in visitor.get("/langganan?q=jakarta").text
    assert "Tidak ada kantor atau wilayah" in visitor.get("/langganan?q=zzz%25").text
    assert "Kantor tidak-ada tidak ada." in visitor.get("/langganan?kantor=tidak-ada").text


def test_the_office_page_the_board_of_a_region_and_the_footer_lead_to_the_form(visitor):
    assert "/langganan?kantor=kantor-uji" in visitor.get("/kantor/kantor-uji").text
    page = visitor.get("/?wilayah=31.71").text
    assert "/langganan?wilayah=31.71" in page
    assert 'href="/langganan"' in page


def test_only_a_press_on_the_page_of_the_letter_confirms_since_mail_scanners_open_links(visitor):
    answer = send(visitor)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/langganan/terkirim")
    for _ in range(2):
        page = visitor.get(link(visitor))
        assert "Ya, kirim kabar" in page.text
        assert visitor.client.head(link(visitor)).status_code == 200
    assert confirmed() == 0
    wish = Subscription.get().id
    assert visitor.client.post(link(visitor), data={"act": "pastikan", "wish": wish}).status_code == 303
    assert confirmed() == 1
    assert "Anda menerima kabar tentang" in visitor.get(link(visitor)).text


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(visitor):
    send(visitor)
    visitor.client.post(link(visitor), data={"act": "pastikan", "wish": Subscription.get().id})
    known, unknown = send(visitor), send(visitor, "lain@surat.example")
    pages = [(answer.status_code, answer.headers["Location"], answer.text) for answer in (known, unknown)]
    assert pages[0] == pages[1]


def test_a_mail_program_ends_all_with_one_click_without_session_or_form(app, visitor):
    send(visitor)
    visitor.client.post(link(visitor), data={"act": "pastikan", "wish": Subscription.get().id})
    for _ in range(2):
        answer = app.test_client().post(link(visitor), data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
        assert answer.status_code == 200
        assert confirmed() == 0
    assert "Kami tidak mengirim kabar lagi" in answer.text


def test_a_person_ends_one_of_several_or_all_on_the_same_page(visitor):
    send(visitor)
    send(visitor, region="31.71")
    first, second = Subscription.select().order_by(Subscription.id)
    for wish in (first, second):
        visitor.client.post(link(visitor), data={"act": "pastikan", "wish": wish.id})
    visitor.client.post(link(visitor), data={"act": "berhenti", "wish": first.id})
    assert confirmed() == 1
    visitor.client.post(link(visitor), data={"act": "berhenti-semua"})
    assert confirmed() == 0


@pytest.mark.parametrize("change", [lambda key: "a" * len(key), lambda key: key + "0", lambda key: "é"])
def test_a_link_that_was_not_mailed_opens_nothing_and_ends_nothing(visitor, change):
    send(visitor)
    visitor.client.post(link(visitor), data={"act": "pastikan", "wish": Subscription.get().id})
    start, _, key = link(visitor).rpartition("/")
    wrong = f"{start}/{change(key)}"
    assert visitor.get(wrong).status_code == 404
    assert visitor.client.post(wrong, data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert confirmed() == 1


@pytest.mark.parametrize("sent", [{"act": "pastikan", "wish": "9999999999999"}, {"act": "pastikan", "wish": "x"}, {"act": "lain"}, {}])
def test_a_press_that_makes_no_sense_changes_nothing(visitor, sent):
    send(visitor)
    assert visitor.client.post(link(visitor), data=sent).status_code == 303
    assert (confirmed(), Subscription.select().where(Subscription.ended_at.is_null()).count()) == (0, 1)


def test_too_many_from_one_address_and_programs_that_fill_every_field_get_nowhere(app, visitor):
    assert visitor.post("/langganan", {"email": "a@surat.example", "office": "kantor-uji", limits.TRAP: "x"}).status_code == 422
    for number in range(app.config["SETTINGS"].limit_submissions):
        assert send(visitor, f"w{number}@surat.example").status_code == 303
    assert send(visitor, "satu@lagi.example").status_code == 429
    assert not Subscriber.select().where(Subscriber.email == "satu@lagi.example").exists()


def test_a_form_that_lost_its_session_is_shown_again_as_typed(app, visitor):
    answer = app.test_client().post("/langganan", data={"email": "warga@surat.example", "office": "kantor-uji"})
    assert answer.status_code == 422
    assert 'value="warga@surat.example"' in answer.text
    assert Subscriber.select().count() == 0


def news(visitor, **facts: object) -> Letter:
    """The letter that somebody gets who follows the office, of a closure from tomorrow on."""
    send(visitor)
    visitor.client.post(link(visitor), data={"act": "pastikan", "wish": Subscription.get().id})
    office = Office.get(slug="kantor-uji")
    make.closure(office, first="2020-09-23", now=clock.now(), note="Banjir setinggi lutut.", **facts)
    list(announcing.go(now=clock.now() + timedelta(minutes=2)))
    return Letter.get(name=subscriptions.NEWS)


def test_news_say_what_the_page_says_with_generated_weekdays_and_the_zone(visitor):
    letter = news(visitor)
    told = written(visitor, letter)
    assert told.subject == "Tutup: Kantor Uji"
    for words in ("Rabu, 23 September", "sampai Jumat, 25 September", "WIB", "Buka lagi Senin, 28 September 2020 pukul 08.00 WIB", "Banjir",
                  "Banjir setinggi lutut.", "http://localhost/kantor/kantor-uji", "Layanan daring tetap berjalan"):  # fmt: skip
        assert words in told.text
        assert words in told.html
    assert link(visitor) in told.html
    assert "Kabar yang Anda minta tentang Kantor Uji:" in told.text
    assert "/langganan/" not in written(visitor, letter, shows_secrets=False).text


def test_news_are_in_the_language_of_the_page_on_which_they_were_confirmed(visitor):
    send(visitor)
    visitor.client.post(link(visitor) + "?bahasa=en", data={"act": "pastikan", "wish": Subscription.get().id})
    assert Subscriber.get().language == "en"


def test_news_carry_what_lets_a_mail_program_end_them_and_other_letters_do_not(visitor):
    sent = message(visitor, news(visitor))
    address = sent.extra_headers["List-Unsubscribe"]
    assert re.fullmatch(r"<http://localhost/langganan/\d+/[0-9a-f]{32}>", address)
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert visitor.client.post(address[17:-1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert confirmed() == 0
    assert "List-Unsubscribe" not in message(visitor, Letter.get(name=subscriptions.CONFIRMATION)).extra_headers


def test_a_page_of_subscriptions_is_private_and_found_by_no_search_engine(visitor):
    send(visitor)
    answer = visitor.get(link(visitor))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_an_office_of_that_name_stands_before_those_that_only_lie_there(visitor):
    for name in ("Kantor Kecamatan Cakung", "Kantor Wali Kota Jakarta Uji Raya"):
        make.office(name, region="31.71")
    page = visitor.get("/langganan?q=jakarta").text
    assert page.index("Kantor Wali Kota Jakarta Uji Raya") < page.index("Kantor Kecamatan Cakung")

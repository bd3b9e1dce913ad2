"""The worker tells subscribers, with a real mail server at its other end."""

from portal import clock
from portal.offices import subscriptions
from portal.offices.models import Subscriber
from portal.outbox import SENT, Letter
from tests import make
from tests.smtp_peer import running
from tests.views import staff


def follower(email: str, *wanted: object, language: str = "id") -> None:
    for each in wanted:
        subscriptions.ask(email, each, language=language, now=clock.now())
    found = Subscriber.get(email=email)
    for wish in subscriptions.wishes(found):
        subscriptions.confirm(found, wish.id, language=language, now=clock.now())


def test_news_go_out_by_mail_in_the_readers_language_with_the_way_to_end_them(mailing, peer, at):
    at("2020-09-19T08:00+07:00")
    with running(peer) as port, mailing(port) as flask:
        office = make.office("Kantor Uji", slug="kantor-uji")
        follower("warga@surat.example", office)
        follower("reader@surat.example", office, language="en")
        make.closure(office, now=clock.now())
        at("2020-09-19T08:02+07:00")
        for _ in range(2):
            assert flask("deliver", "--once").exit_code == 0
    news = [each for each in peer.accepted if each.message["List-Unsubscribe"]]
    subjects = {each.recipient: each.message["Subject"] for each in news}
    assert subjects == {"warga@surat.example": "Tutup: Kantor Uji", "reader@surat.example": "Closed: Kantor Uji"}
    assert all(each.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" for each in news)
    assert {letter.state for letter in Letter.select().where(Letter.name == subscriptions.NEWS)} == {SENT}


def test_the_head_gets_the_reminder_of_a_review_with_the_page_to_decide_on(mailing, peer, at):
    at("2020-09-19T08:00+07:00")
    with running(peer) as port, mailing(port) as flask:
        office = make.office("Kantor Uji", slug="kantor-uji")
        staff.person("head", office, email="kepala@surat.example")
        closure = make.closure(office, days=None, now=clock.now())
        for moment in ("2020-10-03T07:30+07:00", "2020-10-04T07:30+07:00"):
            at(moment)
            for _ in range(2):  # the house promises it after the letters of the first round
                flask("deliver", "--once")
    reminders = [each for each in peer.accepted if each.recipient == "kepala@surat.example"]
    assert [each.message["Subject"] for each in reminders] == ["Perlu ditinjau: penutupan Kantor Uji"] * 2
    for each, words in zip(reminders, ("Besok, Minggu, 4 Oktober 2020", "Hari ini, Minggu, 4 Oktober 2020"), strict=True):
        for kind in ("plain", "html"):
            assert words in each.part(kind)
            assert f"/penutupan/{closure.id}" in each.part(kind)

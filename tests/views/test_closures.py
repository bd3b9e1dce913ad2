"""Closures by hand: who sees and who changes them, and the four acts."""

import pytest

from portal import clock
from portal.audit import AuditEntry
from portal.offices import postings
from portal.offices.models import Closure
from portal.offices.staff import Grant
from portal.people import roles
from tests import make
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import Browser, person

ACTS = {
    "perpanjang": {"ends": "2020-09-30", "reason": "Belum aman."},
    "persingkat": {"ends": "2020-09-22", "reason": "Sudah aman."},
    "buka": {"reason": "Sudah aman."},
    "tarik": {"reason": "Keliru."},
}


def state_of(closure: Closure) -> tuple:
    fresh = Closure.get_by_id(closure.id)
    return fresh.ends_at, fresh.withdrawn_at


# Whose offices


@pytest.mark.parametrize("act", ACTS)
def test_a_head_acts_on_their_own_closures(app, world, act):
    head = Browser(app, person(roles.HEAD, world.hall, name="Kepala Hall"))
    own = make.closure(world.floor, first="2020-09-21", days=4)
    before = state_of(own)
    answer = head.post(f"/penutupan/{own.id}/{act}", ACTS[act])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/penutupan/{own.id}")
    assert state_of(own) != before
    assert "Kepala Hall" in words(head.get(f"/penutupan/{own.id}"))
    assert AuditEntry.select().where(AuditEntry.object_id == str(own.id), AuditEntry.actor == "Kepala Hall").count() == 1


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["head of another", "head of a part", "officer", "auditor", "crisis", "revoked", "nobody"])
def test_nobody_else_changes_a_closure(app, world, act, who):
    made = {
        "head of another": lambda: person(roles.HEAD, world.neighbour),
        "head of a part": lambda: person(roles.HEAD, world.floor),
        "officer": lambda: person(roles.OFFICER, world.hall),
        "auditor": lambda: person(roles.AUDITOR),
        "crisis": lambda: person(roles.CRISIS),
        "revoked": lambda: person(roles.HEAD, world.hall),
        "nobody": lambda: None,
    }[who]()
    if who == "revoked":
        postings.revoke(Grant.get(Grant.person == made), by="tests", now=clock.now())
    before = state_of(world.main)
    assert Browser(app, made).post(f"/penutupan/{world.main.id}/{act}", ACTS[act]).status_code == (401 if who == "nobody" else 403)
    assert state_of(world.main) == before


def test_one_closes_ones_own_office_and_what_is_below_and_nothing_else(app, head, world):
    declared(head.post(PAGE, plan(world.hall)))
    declared(head.post(PAGE, plan(world.floor)))
    for offices in ([world.neighbour], [world.hall, world.neighbour]):
        refused = head.post(PAGE, plan(*offices))
        assert refused.status_code == 422
        assert "Anda tidak berwenang menutup Kantor Wali Kota Jakarta Selatan." in words(refused)
    below = Browser(app, person(roles.HEAD, world.floor))
    assert below.post(PAGE, plan(world.hall)).status_code == 422


def test_a_closure_of_several_offices_is_changed_only_by_who_heads_them_all(app, head, world):
    both = make.closure(world.hall, world.neighbour, first="2020-09-21", days=4)
    assert head.post(f"/penutupan/{both.id}/tarik", {"reason": "x"}).status_code == 403
    postings.grant(head.session.person, roles.HEAD, world.neighbour, by="tests", now=clock.now())
    assert head.post(f"/penutupan/{both.id}/tarik", {"reason": "x"}).status_code == 303


def test_who_may_not_act_sees_the_closure_without_buttons(app, head, world):
    address = f"/penutupan/{world.main.id}"
    assert all(f'id="{act}"' in head.get(address).text for act in ACTS)
    for other in (person(roles.OFFICER, world.hall), person(roles.HEAD, world.neighbour), person(roles.AUDITOR)):
        page = Browser(app, other).get(address)
        assert page.status_code == 200
        assert not any(f'id="{act}"' in page.text for act in ACTS)
    assert "Umumkan penutupan" not in Browser(app, person(roles.OFFICER, world.hall)).get("/penutupan").text


# The four acts


def test_a_refused_act_opens_its_own_form_with_what_was_typed(head, world):
    answer = head.post(f"/penutupan/{world.main.id}/perpanjang", {"ends": "2020-09-20", "reason": "Belum aman."})
    assert answer.status_code == 422
    assert 'href="#perpanjang-ends"' in answer.text and 'id="perpanjang-ends"' in answer.text
    assert 'value="2020-09-20"' in answer.text and "Belum aman." in answer.text
    ids = Reading(answer.text).ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("act", "field"), [("perpanjang", "review_on"), ("persingkat", "ends"), ("buka", "reason"), ("tarik", "reason")])
def test_an_empty_act_is_refused_beside_its_field(head, world, act, field):
    answer = head.post(f"/penutupan/{world.main.id}/{act}", {})
    assert answer.status_code == 422
    assert f'href="#{act}-{field}"' in answer.text


@pytest.mark.parametrize(("act", "field"), [("buka", "override_reason"), ("persingkat", "ends")])
def test_ending_before_the_minimum_is_refused_by_name_and_may_be_overridden_with_a_reason(head, world, act, field):
    make.minimum()
    own = make.closure(world.floor, first="2020-09-21", days=4, reason="confirmed_case")
    address, facts = f"/penutupan/{own.id}/{act}", {**ACTS[act], "reason": "Sudah aman."}
    assert f'id="{act}-override_reason"' not in head.get(f"/penutupan/{own.id}").text
    refused = head.post(address, facts)
    assert refused.status_code == 422
    assert "Penutupan karena kasus menetapkan paling singkat 72 jam" in words(refused)
    assert f'href="#{act}-{field}"' in refused.text and f'id="{act}-override_reason"' in refused.text
    assert head.post(address, {**facts, "override_reason": "Hasil tes kedua negatif."}).status_code == 303
    assert "Hasil tes kedua negatif." in words(head.get(f"/penutupan/{own.id}"))
    entry = AuditEntry.select().where(AuditEntry.object_id == str(own.id)).order_by(AuditEntry.id.desc()).get()
    assert entry.after["override_reason"] == "Hasil tes kedua negatif."


def test_an_open_end_that_gets_too_early_a_date_may_be_overridden_too(head, world):
    make.minimum()
    own = make.closure(world.floor, first="2020-09-21", days=None, reason="confirmed_case")
    facts = {"ends": "2020-09-22", "reason": "Sudah aman."}
    refused = head.post(f"/penutupan/{own.id}/perpanjang", facts)
    assert refused.status_code == 422 and 'id="perpanjang-override_reason"' in refused.text
    assert head.post(f"/penutupan/{own.id}/perpanjang", {**facts, "override_reason": "Sudah negatif."}).status_code == 303


def test_the_history_keeps_the_first_promise(head, world):
    head.post(f"/penutupan/{world.main.id}/perpanjang", {"ends": "2020-09-30", "reason": "Belum aman."})
    told = words(head.get(f"/penutupan/{world.main.id}"))
    assert "Semula sampai" in told and "menjadi sampai Rabu, 30 September" in told and "Belum aman." in told


def test_a_closure_that_is_over_takes_no_more_acts(head, world):
    past = make.closure(world.floor, first="2020-08-01", days=2)
    assert not any(f'id="{act}"' in head.get(f"/penutupan/{past.id}").text for act in ACTS)
    for act, fields in ACTS.items():
        refused = head.post(f"/penutupan/{past.id}/{act}", fields)
        assert refused.status_code == 422 and "sudah berakhir" in words(refused)


def test_every_closure_can_be_shown_also_one_without_an_office(admin, world):
    lost = Closure.create(reason="flood", starts_at=clock.now(), ends_at=None, timezone="Asia/Jakarta", declared_at=clock.now())
    for closure in (*world.closures(), lost):
        assert admin.get(f"/penutupan/{closure.id}").status_code == 200
    assert "Kantornya tidak tercatat." in words(admin.get(f"/penutupan/{lost.id}"))
    assert admin.get("/penutupan").status_code == 200


@pytest.mark.parametrize("address", ["/penutupan/0", "/penutupan/999999", "/penutupan/99999999999999999999", "/penutupan/x"])
def test_a_closure_that_does_not_exist_is_not_found(admin, address):
    assert admin.get(address).status_code == 404
    assert admin.post(f"{address}/tarik", {"reason": "x"}).status_code == 404


def test_an_unknown_act_is_not_found(admin, world):
    assert admin.post(f"/penutupan/{world.main.id}/hapus", {"reason": "x"}).status_code == 404


def test_the_list_shows_ones_own_closures_first(app, world):
    page = words(Browser(app, person(roles.HEAD, world.village)).get("/penutupan"))
    assert page.index("Kelurahan Karang Anyar") < page.index("Kantor Wali Kota Jakarta Pusat")
    assert page.count("kantor Anda") == 1


def test_the_list_asks_as_many_questions_for_many_closures_as_for_few(admin, world):
    from tests.house.test_queries import counted

    def questions() -> int:
        with counted() as asked:
            assert admin.get("/penutupan").status_code == 200
        return len(asked)

    few = questions()
    for number in range(30):
        make.closure(make.office(f"Kantor Banyak {number}"), first="2020-09-21")
    assert questions() <= few

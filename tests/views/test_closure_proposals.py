"""What the form proposes for a reason, and that it never overwrites what was typed."""

import pytest

from portal.offices.closures import REASONS
from tests import make
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import fields_of
from tests.views.world import World

PARTIAL = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
NOTE = "Gedung disterilkan dan pelacakan kontak dilakukan. Mohon tidak datang ke kantor."


@pytest.fixture
def rule(world: World):
    return make.minimum()


def blank(world: World, **facts):
    """The form as it stands before anything was proposed."""
    return {**plan(world.hall, ends="", note="", dropbox="", action="template", proposed_online="yes"), **facts}


def filled(answer) -> dict[str, str]:
    """The fields that a proposal may fill, as they stand on a page."""
    fields = fields_of(answer.text, "penutupan")
    area = answer.text.split('<textarea id="note"')[1].split(">", 1)[1].split("</textarea>")[0]
    return {**{name: (fields.get(name) or [""])[0] for name in ("ends", "online", "dropbox")}, "note": area}


def test_a_new_form_names_no_reason_and_without_one_nothing_is_declared(head, world: World):
    assert fields_of(head.get(f"{PAGE}?kantor={world.hall.slug}").text, "penutupan").get("reason", [""]) == [""]
    refused = head.post(PAGE, plan(world.hall, reason=""))
    assert refused.status_code == 422 and 'href="#reason"' in refused.text and "Pilih sebabnya." in words(refused)


def test_a_confirmed_case_proposes_the_minimum_by_the_rules_online_and_drop_box(head, world: World, rule):
    answer = head.post(PAGE, blank(world, reason="confirmed_case"))
    assert answer.status_code == 200
    assert filled(answer) == {"ends": "2020-10-03", "online": "yes", "dropbox": "yes", "note": NOTE}
    sent = fields_of(answer.text, "penutupan")
    closure = declared(head.post(PAGE, {**sent, "reason": "confirmed_case", "note": NOTE, "action": "declare"}))
    assert (closure.ends_at, closure.online, closure.dropbox, closure.note) == (make.local("2020-10-04"), True, True, NOTE)


def test_with_hours_the_earliest_end_has_its_hour_too(head, world: World, rule):
    answer = head.post(PAGE, blank(world, reason="confirmed_case", starts="2020-10-01T09:30"))
    assert filled(answer)["ends"] == "2020-10-04T09:30"


def test_where_no_rule_holds_no_end_is_proposed(head, world: World, rule):
    assert filled(head.post(PAGE, blank(world, reason="flood"))) == {
        "ends": "", "online": "yes", "dropbox": "no", "note": "Kantor tidak dapat dicapai karena banjir. Mohon tidak datang."}  # fmt: skip


@pytest.mark.parametrize("facts", [{"services": "ktp"}, {"offices": []}, {"starts": "kapan-kapan"}, {"offices": ["\0"]}, {"starts": ""}])
def test_no_end_is_proposed_where_nobody_can_say_which(head, world: World, rule, facts):
    make.service("KTP", slug="ktp", at=[world.hall])
    answer = head.post(PAGE, blank(world, reason="confirmed_case", **facts))
    assert answer.status_code == 200 and filled(answer)["ends"] == ""


def test_another_reason_takes_back_what_the_one_before_had_proposed(head, world: World, rule):
    first = head.post(PAGE, blank(world, reason="confirmed_case"))
    sent = fields_of(first.text, "penutupan")
    again = head.post(PAGE, {**sent, "note": NOTE, "reason": "network", "action": "template"})
    assert filled(again) == {"ends": "", "online": "no", "dropbox": "", "note": "Loket dan layanan daring tidak dapat melayani selama gangguan jaringan."}


@pytest.mark.parametrize(("field", "typed"), [("ends", "2020-10-20"), ("online", "no"), ("dropbox", "no"), ("note", "Catatan saya.")])
def test_what_was_typed_by_hand_stays_whatever_the_reason(head, world: World, rule, field: str, typed: str):
    answer = head.post(PAGE, blank(world, reason="confirmed_case", **{field: typed}))
    assert filled(answer)[field] == typed
    sent = {**fields_of(answer.text, "penutupan"), "note": filled(answer)["note"]}
    assert filled(head.post(PAGE, {**sent, "reason": "flood", "action": "template"}))[field] == typed


def test_a_proposal_that_was_deleted_does_not_come_back(head, world: World, rule):
    sent = fields_of(head.post(PAGE, blank(world, reason="confirmed_case")).text, "penutupan")
    again = head.post(PAGE, {**sent, "note": "", "ends": "", "reason": "confirmed_case", "action": "template"})
    assert (filled(again)["note"], filled(again)["ends"]) == ("", "")


def test_to_htmx_the_fields_that_changed_come_by_themselves_once_the_reason_does(head, world: World, rule):
    form = {**blank(world, reason="confirmed_case"), "action": "preview"}
    part = head.post(PAGE, form, **PARTIAL).text
    assert {f"field-{name}" for name in ("ends", "dropbox", "note")} <= set(Reading(part).ids) and "field-online" not in part
    assert NOTE in part and 'value="2020-10-03"' in part
    known = {f"proposed_{name}": value for name, value in {"ends": "2020-10-03", "online": "yes", "dropbox": "yes", "note": NOTE}.items()}
    same = head.post(PAGE, {**form, **known, "ends": "2020-10-03", "dropbox": "yes", "note": NOTE}, **PARTIAL).text
    assert "field-" not in same
    moved = head.post(PAGE, {**form, **known, "ends": "2020-10-03", "dropbox": "yes", "note": NOTE, "starts": "2020-10-05"}, **PARTIAL).text
    assert 'id="field-ends"' in moved and 'value="2020-10-07"' in moved and "field-note" not in moved


def test_a_preview_without_script_proposes_nothing_unasked(head, world: World, rule):
    answer = head.post(PAGE, blank(world, reason="confirmed_case", ends="2020-10-05", action="preview"))
    assert filled(answer) == {"ends": "2020-10-05", "online": "yes", "dropbox": "", "note": ""}


def test_the_note_is_proposed_in_the_language_of_the_installation_because_it_is_kept(head, world: World):
    answer = head.post(f"{PAGE}?bahasa=en", blank(world, reason="confirmed_case"))
    assert filled(answer)["note"] == NOTE


@pytest.mark.parametrize("reason", REASONS)
def test_what_a_reason_proposes_can_be_declared(head, world: World, rule, reason: str):
    sent = {**blank(world, reason=reason), "review_on": "2020-10-10"}
    held = filled(head.post(PAGE, sent))
    declared(head.post(PAGE, {**sent, **held, "action": "declare"}))


@pytest.mark.parametrize("reason", ["", "x", "\0"])
def test_a_reason_that_is_none_proposes_nothing(head, world: World, reason: str):
    answer = head.post(PAGE, blank(world, reason=reason))
    assert answer.status_code == 200
    assert filled(answer) == {"ends": "", "online": "yes", "dropbox": "", "note": ""}

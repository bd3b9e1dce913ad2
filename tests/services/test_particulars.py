"""What citizens say about themselves: in one form however typed, sealed, masked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import sealed
from portal.refusals import Refused
from portal.sealed import Unreadable
from portal.services import particulars
from portal.services.models import Particular, ServiceRequest

DOT = "•"
SIGNS = st.text(max_size=80)


@pytest.mark.parametrize("typed", ["081200001234", "0812 0000 1234", "0812-0000-1234", "(0812) 0000.1234", "+62 812 0000 1234", "+6281200001234",
                                   "006281200001234", "6281200001234", "0812–0000–1234"])  # fmt: skip
def test_a_telephone_number_is_the_same_however_it_is_typed(typed):
    assert particulars.phone(typed) == "081200001234"


@pytest.mark.parametrize(("typed", "kept"), [("", ""), ("  ", ""), ("021 384 5678", "0213845678"), ("+65 6123 4567", "+6561234567"), ("1500-000", "1500000")])
def test_numbers_of_offices_and_of_abroad_are_kept(typed, kept):
    assert particulars.phone(typed) == kept


@pytest.mark.parametrize("typed", ["12", "nol delapan", "0812 0000 1234 ext 5", "+", "+-", "0812000012345678", "٠٨١٢٠٠٠٠١٢٣٤", "0812\x000000", "1" * 61])
def test_what_cannot_be_dialled_is_refused_beside_its_field(typed):
    with pytest.raises(Refused) as caught:
        particulars.phone(typed)
    assert caught.value.field == "phone"


@given(SIGNS)
def test_whatever_is_typed_a_telephone_number_is_digits_or_refused_and_stays_what_it_is(typed):
    try:
        kept = particulars.phone(typed)
    except Refused:
        return
    assert re.fullmatch(r"(\+?[0-9]{7,15})?", kept, re.ASCII)
    assert particulars.phone(kept) == kept


@pytest.mark.parametrize(("typed", "kept"), [("Nama@Contoh.ID", "Nama@contoh.id"), ("", ""), (" a@b.example ", "a@b.example")])
def test_an_address_is_kept_in_its_normal_form(typed, kept):
    assert particulars.email(typed) == kept


@pytest.mark.parametrize("typed", ["bukan", "a@", "a b@c.id", "a@b.id\nBcc: c@d.id", "x" * 300 + "@b.id", "a@b.id, c@d.id", "\0@b.id"])
def test_what_no_letter_reaches_is_refused(typed):
    with pytest.raises(Refused) as caught:
        particulars.email(typed)
    assert caught.value.field == "email"


@pytest.mark.parametrize("typed", ["3171000000000001", "3171 0000 0000 0001", "31.71.00.000000.0001", "3171-0000-0000-0001"])
def test_an_identity_number_is_its_sixteen_digits(typed):
    assert particulars.nik(typed) == "3171000000000001"


@pytest.mark.parametrize("typed", ["317100000000000", "31710000000000011", "317100000000000x", "٣" * 16])
def test_what_is_not_sixteen_digits_is_no_identity_number(typed):
    with pytest.raises(Refused):
        particulars.nik(typed)


def question(kind: str = "text", **facts: object) -> Particular:
    return Particular(**{"id": 7, "kind": kind, "options": ["Baru", "Perubahan"], **facts})


@pytest.mark.parametrize(("kind", "typed"), [("text", "RT 03"), ("long_text", "a\nb"), ("number", "12"), ("number", "1.500,5"), ("number", "5.000.000"),
                                             ("number", "0,75"), ("date", "2020-02-29"), ("choice", "Baru"), ("choice", ""),
                                             ("date", ""), ("number", "")])  # fmt: skip
def test_an_answer_of_its_kind_is_taken(kind, typed):
    assert particulars.answer(question(kind), typed) == typed


@pytest.mark.parametrize(("kind", "typed"), [("number", "dua"), ("number", "1e9"), ("number", "٣"), ("number", "1.5000.0"), ("number", "-1"),
                                             ("date", "29-02-2020"), ("date", "2021-02-29"), ("date", "2020-W10-1"), ("choice", "baru"),
                                             ("choice", "Lain"), ("text", "a\0b"),
                                             ("text", "x" * 301), ("long_text", "x" * 5001)])  # fmt: skip
def test_an_answer_of_another_kind_is_refused_beside_its_question(kind, typed):
    with pytest.raises(Refused) as caught:
        particulars.answer(question(kind), typed)
    assert caught.value.field == "isian-7"


def test_a_question_that_must_be_answered_is_and_others_may_stay_empty():
    assert particulars.answers([question(), question(id=8)], {8: "x"}) == {8: "x"}
    with pytest.raises(Refused):
        particulars.answers([question(is_required=True)], {})


@given(st.sampled_from(["text", "long_text", "number", "date", "choice"]), SIGNS)
def test_whatever_is_typed_an_answer_is_taken_or_refused(kind, typed):
    try:
        particulars.answer(question(kind), typed)
    except Refused as refusal:
        assert refusal.field == "isian-7"


def test_sensitive_answers_are_sealed_for_their_request_alone(app):
    asked = [question(is_sensitive=True), question(id=8)]
    kept = particulars.kept("N1", asked, {7: "9171000", 8: "RT 03"})
    assert "9171000" not in str(kept) and kept["8"] == "RT 03"
    assert particulars.read(ServiceRequest(number="N1", answers=kept)) == {7: "9171000", 8: "RT 03"}
    with pytest.raises(Unreadable):
        particulars.read(ServiceRequest(number="N2", answers=kept))


def test_an_identity_number_is_found_by_its_mark_and_read_in_its_own_request_alone(app):
    one, other = (particulars.seal_nik(number, "3171000000000001") for number in ("N1", "N2"))
    assert one["nik"] != other["nik"] and one["nik_mark"] == other["nik_mark"] == particulars.nik_mark("3171000000000001")
    assert particulars.open_nik(ServiceRequest(number="N1", **one)) == "3171000000000001"
    with pytest.raises(Unreadable):
        particulars.open_nik(ServiceRequest(number="N2", **one))
    assert sealed.fingerprint("3171000000000001") != one["nik_mark"]
    assert particulars.open_nik(ServiceRequest(number="N1", **particulars.seal_nik("N1", ""))) == ""


@given(st.text(min_size=1, max_size=60))
def test_a_masked_name_shows_no_more_than_the_first_letter_of_each_word(name):
    masked = particulars.masked_name(name)
    for word, shown in zip(name.split(), masked.split(" ") if masked else [], strict=True):
        assert shown[0] == word[0] and set(shown[1:]) <= {DOT} and len(shown) <= 6


@given(st.from_regex(r"\+?[0-9]{0,15}", fullmatch=True))
def test_a_masked_telephone_number_shows_at_most_its_first_four_digits_and_none_of_those_that_open_a_request(number):
    shown = "".join(sign for sign in particulars.masked_phone(number) if sign not in {DOT, " "})
    assert shown == (number[:4] if len(number) >= 8 else "")


@given(st.text("abc.@é", max_size=40))
def test_a_masked_address_shows_the_house_and_one_letter(address):
    masked = particulars.masked_email(address)
    who, at, house = address.partition("@")
    assert masked == (f"{who[:1]}{DOT * 3}@{house}" if at else "")


def test_an_answer_whose_question_ended_while_it_was_typed_is_sealed_all_the_same(app):
    assert set(particulars.kept("7KQ4-M2XT-9BD", [], {3: "Siti Aminah"})["3"]) == {"sealed"}

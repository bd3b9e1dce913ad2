"""Numbers that people read out over the telephone and type from paper."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import numbers

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TEN = st.text(SIGNS, min_size=10, max_size=10)


def test_a_fresh_number_stands_in_groups_and_reads_as_itself():
    for _ in range(200):
        number = numbers.new()
        assert re.fullmatch(rf"[{SIGNS}]{{4}}-[{SIGNS}]{{4}}-[{SIGNS}]{{3}}", number)
        assert numbers.read(number) == number


def test_two_fresh_numbers_are_never_the_same():
    assert len({numbers.new() for _ in range(2000)}) == 2000


@given(TEN)
def test_a_number_is_read_however_it_was_typed(signs):
    number = numbers.grouped(numbers.with_check(signs))
    bare = number.replace("-", "")
    for typed in (
        bare,
        bare.lower(),
        number.lower(),
        " ".join(bare),
        f"  {number}\n",
        number.replace("-", "–"),
        number.replace("-", "‑"),
        number.replace("-", ""),
    ):
        assert numbers.read(typed) == number


@given(TEN)
def test_o_is_nought_and_i_and_l_are_one(signs):
    number = numbers.grouped(numbers.with_check(signs))
    assert numbers.read(number.replace("0", "O").replace("1", "I")) == number
    assert numbers.read(number.replace("0", "o").replace("1", "l")) == number


@given(TEN, st.integers(0, 10), st.sampled_from(SIGNS))
def test_one_wrong_character_never_passes(signs, place, wrong):
    number = numbers.with_check(signs)
    if number[place] != wrong:
        assert numbers.read(number[:place] + wrong + number[place + 1 :]) is None


@given(TEN)
def test_two_neighbours_that_are_swapped_show_unless_they_lie_sixteen_apart(signs):
    number = numbers.with_check(signs)
    for place, (one, other) in enumerate(pairwise(number[:10])):
        if (SIGNS.index(one) - SIGNS.index(other)) % 16:
            assert numbers.read(number[:place] + other + one + number[place + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "7KQ4", "7KQ4-M2XT-9B", "7KQ4-M2XT-9BDD", "UUUU-UUUU-UUU", "7KQ4-M2XT-9B\0", "７KQ4-M2XT-9BD", "💐" * 11, "'; --", "%"])
def test_what_is_no_number_is_none(typed):
    assert numbers.read(typed) is None

import pytest

from portal.refusals import Refused, plain


def test_text_is_kept_trimmed_with_its_line_ends_made_one_kind():
    assert plain(" satu\r\ndua\tkolom 🏢 «é» \n", field="note") == "satu\ndua\tkolom 🏢 «é»"


@pytest.mark.parametrize("text", ["a\0", "bel\a", "\x1b[31m", "hapus\x7f.", "a\x85b", "\ud800", "a\ufffe", "\uffff", "x" * 2001, "satu\rdua"])
def test_text_that_cannot_be_kept_is_refused_at_its_field(text: str):
    with pytest.raises(Refused) as caught:
        plain(text, field="note")
    assert caught.value.field == "note"


def test_text_may_be_empty_unless_it_is_required():
    assert plain(" ", field="note") == ""
    with pytest.raises(Refused):
        plain(" \n", field="reason", required=True)
    assert plain("x" * 10, field="note", limit=10)

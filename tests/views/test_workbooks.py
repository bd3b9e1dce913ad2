"""A workbook holds what it was given, as what it is, and never a formula."""

import io
from datetime import date
from hashlib import sha256

import openpyxl
import pytest

from portal.views.workbooks import Sheet, sent, workbook


def cells(*rows):
    with workbook([Sheet("Isi", ["A", "B"], rows)]) as out:
        return [[(cell.value, cell.data_type) for cell in row] for row in openpyxl.load_workbook(io.BytesIO(out.read())).active.iter_rows(min_row=2)]


@pytest.mark.parametrize("text", ["=1+1", "+62 21", "-x", "@SUM(A1)", "{=1}", "http://example.org", "0012", " =1", "'x"])
def test_every_text_stays_the_text_that_it_was(text):
    assert cells([text, "x"]) == [[(text, "s"), ("x", "s")]]


def test_numbers_are_numbers_and_days_are_days():
    ((number, _), (day, kind)) = cells([12.5, date(2020, 9, 22)])[0]
    assert (number, day.date(), kind) == (12.5, date(2020, 9, 22), "d")


def test_rows_are_taken_one_by_one_and_the_answer_read_in_pieces():
    taken = []

    def rows():
        for number in range(3000):
            taken.append(number)
            yield [number, sha256(str(number).encode()).hexdigest()]

    answer = sent(workbook([Sheet("Isi", ["A", "B"], rows())]), "isi.xlsx")
    pieces = list(answer.response)
    assert taken == list(range(3000))
    assert len(pieces) > 1
    assert openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).active.max_row == 3001
    answer.close()

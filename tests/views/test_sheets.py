"""Cells that a spreadsheet must take as text."""

import pytest

from portal.views.sheets import guarded


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Budi;=1+1", "Budi;'=1+1"),
        ('Budi; "@SUM(1)', "Budi; \"'@SUM(1)"),
        ("=1;=2", "'=1;'=2"),
        ("a\t+1", "a\t'+1"),
        ("Mo-Th 08:00-12:00; Fr 08:00", "Mo-Th 08:00-12:00; Fr 08:00"),
        ("-6.2", "-6.2"),
        ("satu; dua", "satu; dua"),
    ],
)
def test_no_part_of_a_cell_becomes_a_formula_where_a_semicolon_parts_cells(value: str, kept: str):
    assert guarded(value) == kept

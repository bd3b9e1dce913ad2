"""The witness of the trial under mixed load knows what may be seen when, and the page of figures is made from them."""

import pytest

from bench import mixed, page

CLOSED = {"slug": "balai", "became": 7, "begun": 100.0, "done": 100.2}
OPENED = {"slug": "balai", "became": 0, "begun": 110.0, "done": 110.2}


def seen(asked: float, became: int, *, took: float = 0.01) -> mixed.Seen:
    return mixed.Seen("balai", "JSON", asked, asked + took, became, bool(became))


@pytest.mark.parametrize(
    "answer",
    [seen(99, 0), seen(100.1, 7), seen(101.1, 0), seen(105, 7), seen(109.995, 0, took=0.1), seen(111.1, 7), seen(120, 0)],
    ids=["before", "while it is done", "within the second", "as it is", "came after it was undone", "within the second again", "as it is again"],
)
def test_what_held_within_the_last_second_may_be_seen(answer):
    assert list(mixed.stale([answer], [CLOSED, OPENED])) == []


@pytest.mark.parametrize("answer", [seen(99, 7), seen(101.3, 0), seen(105, 8), seen(112, 7)], ids=["too early", "too late", "of another", "still"])
def test_what_never_held_or_is_long_over_is_stale(answer):
    assert [each for each, _ in mixed.stale([answer], [CLOSED, OPENED])] == [answer]


def test_the_page_of_figures_says_what_was_not_reached():
    row = {"what": "papan", "figure": "2 × hello", "goal": "≥ 3 × hello", "is_met": False, "beside": "12.000/s"}
    run = {"database": "SQLite", "at": "2026-11-22T10:00", "cores": 2, "python": "3.11", "is_quick": False, "clients": 64, "rounds": 30, "hello": 6000.0,
           "hellos": [5900, 6100], "rows": [row]}  # fmt: skip
    assert "| papan | 2 × hello | ≥ 3 × hello: **not met** | 12.000/s |" in page.page([run], [])

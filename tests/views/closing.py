"""Closures by hand as a browser sends them, and what comes back."""

from portal.offices.models import Closure
from tests.views.reading import Reading

PAGE = "/penutupan/baru"


def plan(*offices, **facts):
    return {
        "offices": [office.slug for office in offices],
        "reason": "flood",
        "starts": "2020-10-01",
        "ends": "2020-10-02",
        "online": "yes",
        "action": "declare",
        **facts,
    }


def declared(answer) -> Closure:
    assert answer.status_code == 303, Reading(answer.text).words[:2000]
    return Closure.get_by_id(int(answer.headers["Location"].rsplit("/", 1)[1]))


def words(answer) -> str:
    return Reading(answer.text).words

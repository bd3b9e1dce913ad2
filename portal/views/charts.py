"""A map of a region as plain SVG: each office by the sign of its state, or many of them by cells of a grid; names and a scale help to find one's way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, radians, sqrt
from typing import Any

from portal.offices.extracts import Spot
from portal.offices.listing import SEVERITY
from portal.offices.state import OPEN
from portal.views.drawing import without_outliers

MOST = 500  # offices that are drawn one by one
_WIDTH, _LOWEST, _HIGHEST, _EDGE, _CELL = 440, 200, 460, 20, 40
_KM_A_DEGREE = 111.2
_RULES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_LETTER, _LINE = 7.4, 18


@dataclass(frozen=True)
class Cell:
    """Several offices close together: where, how large, how many, how many of them disrupted, and the worst state among those."""

    x: float
    y: float
    radius: float
    count: int
    hurt: int
    state: str


@dataclass(frozen=True)
class Chart:
    """What is drawn: open offices as round dots and resting ones as dashes, in one path each; disrupted ones by their signs."""

    width: int
    height: int
    open: str = ""
    resting: str = ""
    marks: list[tuple[float, float, str]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    labels: list[tuple[float, float, str]] = field(default_factory=list)
    rule: tuple[float, int] = (0, 0)  # how long the scale is, and how many km it stands for
    left_out: int = 0  # islands far from all others


class _Ground:
    """From degrees to the picture's own measure."""

    def __init__(self, places: list[tuple[int, float, float]]) -> None:
        self.north, self.west = max(lat for _, lat, _ in places), min(lon for *_, lon in places)
        south, east = min(lat for _, lat, _ in places), max(lon for *_, lon in places)
        self.squeeze = cos(radians((south + self.north) / 2))
        wide, high = (east - self.west) * self.squeeze, self.north - south
        self.scale = min((_WIDTH - 2 * _EDGE) / max(wide, 0.01), (_HIGHEST - 2 * _EDGE) / max(high, 0.01))
        self.left = (_WIDTH - wide * self.scale) / 2
        self.height = round(max(_LOWEST, high * self.scale + 2 * _EDGE))
        self.top = (self.height - high * self.scale) / 2

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        return round(self.left + (lon - self.west) * self.squeeze * self.scale, 1), round(self.top + (self.north - lat) * self.scale, 1)


def chart(spots: list[Spot], names: Iterable[tuple[str, float, float]]) -> Chart | None:
    """The map of some offices, with the names of places (each with latitude and longitude) where there is room; none without any office."""
    kept = {id for id, *_ in without_outliers([(spot.id, spot.lat, spot.lon) for spot in spots])}
    near = [spot for spot in spots if spot.id in kept]
    if not near:
        return None
    ground = _Ground([(spot.id, spot.lat, spot.lon) for spot in near])
    placed = [(*ground.at(spot.lat, spot.lon), spot.state) for spot in near]
    drawn: dict[str, Any] = _signs(placed) if len(near) <= MOST else {"cells": _cells(placed)}
    return Chart(_WIDTH, ground.height, labels=_labels(ground, names), rule=_rule(ground), left_out=len(spots) - len(near), **drawn)


def _signs(placed: list[tuple[float, float, str]]) -> dict[str, Any]:
    """Each office by itself, the worst on top."""
    marks = sorted((each for each in placed if each[2] in SEVERITY), key=lambda each: -SEVERITY[each[2]])
    calm = [each for each in placed if each[2] not in SEVERITY]
    dots = "".join(f"M{x:g} {y:g}h0" for x, y, state in calm if state == OPEN)
    dashes = "".join(f"M{x - 3:g} {y:g}h6" for x, y, state in calm if state != OPEN)
    return {"open": dots, "resting": dashes, "marks": marks}


def _cells(placed: list[tuple[float, float, str]]) -> list[Cell]:
    """Offices by the cells of a grid, each drawn in the middle of its own."""
    held: dict[tuple[int, int], list[tuple[float, float, str]]] = {}
    for x, y, state in placed:
        held.setdefault((int(x // _CELL), int(y // _CELL)), []).append((x, y, state))
    most = max(len(each) for each in held.values())
    cells = []
    for (column, row), some in sorted(held.items()):
        states = Counter(state for *_, state in some if state in SEVERITY)
        radius = round(7 + (_CELL / 2 - 8) * sqrt(len(some) / most), 1)
        worst = min(states, key=lambda state: SEVERITY[state], default="")
        cells.append(Cell((column + 0.5) * _CELL, (row + 0.5) * _CELL, radius, len(some), sum(states.values()), worst))
    return cells


def _labels(ground: _Ground, names: Iterable[tuple[str, float, float]]) -> list[tuple[float, float, str]]:
    """Names of places within the picture, none over another."""
    taken: list[tuple[float, float, float]] = []
    labels = []
    for name, lat, lon in names:
        x, y = ground.at(lat, lon)
        half = len(name) * _LETTER / 2
        is_inside = half < x < _WIDTH - half and _LINE + 9 < y < ground.height - 2 * _LINE
        if is_inside and not any(abs(x - other) < half + wide + 4 and abs(y - line) < _LINE for other, line, wide in taken):
            taken.append((x, y, half))
            labels.append((x, y, name))
    return labels


def _rule(ground: _Ground) -> tuple[float, int]:
    """The longest scale in round kilometres that takes a quarter of the width."""
    a_km = ground.scale / _KM_A_DEGREE
    km = max((each for each in _RULES if each * a_km <= _WIDTH / 4), default=_RULES[0])
    return round(km * a_km, 1), km

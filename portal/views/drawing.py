"""Pictures of data as plain SVG paths; a table or words stand beside each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from math import cos, radians

import segno

from portal.services.aftermath import Coverage

_WIDTH, _FEWEST = 300, 8
_CELL, _ROW, _HEAD = 46, 42, 20
_CURVE_WIDTH, _CURVE_HEIGHT, _STEPS, _SHORTEST = 420, 150, 120, timedelta(hours=1)


@dataclass(frozen=True)
class DotMap:
    """Places as dots in one path, and those with something to tell as (x, y, state)."""

    width: int
    height: int
    path: str
    marks: list[tuple[float, float, str]]


@dataclass(frozen=True)
class Ground:
    """Where places stand on a small map, whatever there is to tell of them."""

    height: int
    at: dict[int, tuple[float, float]]
    dots: dict[int, str]

    def marked(self, states: dict[int, str]) -> DotMap:
        """The map on which these places have something to tell."""
        quiet = "".join(dot for id, dot in self.dots.items() if id not in states)
        marks = [(round(self.at[id][0], 1), round(self.at[id][1], 1), state) for id, state in states.items() if id in self.at]
        return DotMap(_WIDTH, self.height, quiet, marks)


def ground(places: list[tuple[int, float, float]]) -> Ground | None:
    """A map of places (id, latitude, longitude); none for fewer than eight, which would show nothing."""
    places = without_outliers(places)
    if len(places) < _FEWEST:
        return None
    south, north = min(lat for _, lat, _ in places), max(lat for _, lat, _ in places)
    west, east = min(lon for *_, lon in places), max(lon for *_, lon in places)
    squeeze = cos(radians((south + north) / 2))
    scale = (_WIDTH - 24) / max((east - west) * squeeze, (north - south) * 0.8, 0.01)
    at = {id: (12 + (lon - west) * squeeze * scale, 12 + (north - lat) * scale) for id, lat, lon in places}
    return Ground(round((north - south) * scale + 24), at, {id: f"M{x:.0f} {y:.0f}h0" for id, (x, y) in at.items()})


def without_outliers(places: list[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    """Places far from all others (islands a day's sail away) would shrink the rest to a spot: they stand in the table alone."""
    if len(places) < 20:
        return places
    kept = places
    for axis in (1, 2):
        values = sorted(place[axis] for place in places)
        low, high = values[len(values) // 4], values[-1 - len(values) // 4]
        reach = (high - low) * 3
        kept = [place for place in kept if low - reach <= place[axis] <= high + reach]
    return kept


@dataclass(frozen=True)
class Cell:
    """One day in the picture of a month: where it stands, how full it is (0 to 3), and what it says."""

    x: int
    y: int
    day: date
    look: str
    minutes: int


def month_cells(days: Iterable[tuple[date, str, int]]) -> tuple[list[Cell], int]:
    """The days of a month (each with its look and minutes) in weeks from Monday on, and the height of the picture."""
    days = list(days)
    before = days[0][0].weekday() if days else 0
    places = [divmod(before + number, 7) for number in range(len(days))]
    cells = [Cell(column * _CELL, _HEAD + row * _ROW, *facts) for (row, column), facts in zip(places, days, strict=True)]
    return cells, _HEAD + _ROW * (places[-1][0] + 1 if places else 1)


@dataclass(frozen=True)
class Curve:
    """A share that grows with time, as steps: the line, the area below it, the share at its end in per cent, and how much time its width stands for."""

    width: int
    height: int
    line: str
    area: str
    share: int
    lasts: timedelta


def spread(found: Coverage) -> Curve | None:
    """The curve of how the news reached people, from the act until shortly after the last of them, at most until now; none where nobody was affected."""
    if not found.affected:
        return None
    last = found.reached[-1] if found.reached else timedelta()
    lasts = max(min(found.lasted, max(last * 1.2, _SHORTEST)), last, timedelta(minutes=1))
    every = [lasts * place / _STEPS for place in range(_STEPS + 1)]
    heights = [round(_CURVE_HEIGHT * (1 - found.after(passed) / found.affected), 1) for passed in every]
    step = _CURVE_WIDTH / _STEPS
    changes = [f"H{place * step:.1f}V{high}" for place, high in enumerate(heights) if place and high != heights[place - 1]]
    line = f"M0 {heights[0]}" + "".join(changes) + f"H{_CURVE_WIDTH}"
    area = f"M0 {_CURVE_HEIGHT}V{heights[0]}" + "".join(changes) + f"H{_CURVE_WIDTH}V{_CURVE_HEIGHT}Z"
    return Curve(_CURVE_WIDTH, _CURVE_HEIGHT, line, area, round(100 * len(found.reached) / found.affected), lasts)


BAR, BARS_HEIGHT = 14, 44  # one bar with the gap beside it, and how high the highest stands


def bars(values: list[int], most: int) -> str:
    """Values side by side as one path; whatever is not nothing can be seen."""
    path = ""
    for place, value in enumerate(values):
        high = max(2.0, round(BARS_HEIGHT * value / most, 1)) if value else 0
        path += f"M{place * BAR + 2} {BARS_HEIGHT}v-{high:g}h{BAR - 4}v{high:g}z" if high else ""
    return path


def qr_path(code: segno.QRCode) -> tuple[str, int]:
    """A QR code as the path data of an SVG in modules, and its width with a quiet zone of two."""
    out = BytesIO()
    code.save(out, kind="svg", border=2, xmldecl=False, svgns=False, svgclass=None, lineclass=None, nl=False)
    path = out.getvalue().decode()
    start = path.index(' d="') + 4
    return path[start : path.index('"', start)], code.symbol_size(border=2)[0]

"""Which of the offices found is likeliest meant."""

from typing import Any, NamedTuple

from portal.offices.spelling import Typed, core, folded, joined

_KINDS = {"kecamatan": 0, "kelurahan": 1, "desa": 2}


class Row(NamedTuple):
    """What decides the place of an office among those found."""

    id: int
    name: str
    parent: int | None
    region: str | None
    root_id: int | None


def best_first(rows: list[Row], typed: Typed, text: str, region: str, closed: frozenset[int] = frozenset()) -> list[Row]:
    """The exact name first; then whose name stands whole among the words, names that begin so, the kind that was said, the reader's own region, open ones."""
    written = " ".join(text[:400].split()).casefold()
    words = typed.words
    last = typed.parts[-1].typed[-1]

    def place(row: Row) -> tuple[Any, ...]:
        own = folded(row.name)
        name, its_core = row.name.casefold(), core(own)
        whole = "".join(its_core)
        is_named = whole in words or all(word in words for word in its_core)
        has = words.intersection([*own, *joined(its_core)])
        return (
            name != written, -len(whole) if is_named else 0, not name.startswith(written), not typed.kinds.isdisjoint(_KINDS) and typed.kinds.isdisjoint(own),
            -len(has), not any(word.startswith(last) for word in own), -_nearness(row.region, region), row.parent is not None, row.root_id in closed,
            next((order for kind, order in _KINDS.items() if kind in own), 0), len(row.name), row.name, row.id,
        )  # fmt: skip

    return sorted(rows, key=place)


def _nearness(code: str | None, region: str) -> int:
    """How many levels two regions have in common, from the province down."""
    return sum(1 for one, other in zip((code or "").split("."), region.split("."), strict=False) if one == other) if region else 0

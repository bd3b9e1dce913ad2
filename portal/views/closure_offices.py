"""The offices in the form of a closure: chosen, searched for, by whole regions, and the parts of a complex to tick."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from peewee import Case, fn

from portal.offices import search
from portal.offices.board import within
from portal.offices.models import Office, Region
from portal.offices.regions import ancestry
from portal.refusals import Refused
from portal.views.access import me
from portal.views.forms import Form
from portal.words import Sentence

MOST = 500  # offices in one act
_CANDIDATES, _REGIONS, _ROWS, _REMEMBERED = 60, 6, 300, 40
_Above = Office.alias()
Named = list[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """A node of a complex: `offices` ticks it to be closed, `except` to stay open; no field where it stands among the chosen ones above."""

    slug: str
    name: str
    depth: int
    field: str
    is_ticked: bool


@dataclass(frozen=True)
class Tree:
    """A complex with its parts, and how many of them are not shown."""

    name: str
    parts: list[Part]
    more: int = 0

    @property
    def has_ticks(self) -> bool:
        """Whether any part besides the complex itself is ticked."""
        return any(part.is_ticked and part.depth for part in self.parts)


@dataclass(frozen=True)
class Area:
    """A region, and how many offices one may close in it at once; the parts of a complex are not counted."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Choice:
    """What the form offers: chosen offices by id, those one might mean, regions of that name, complexes; and a mark of how the complexes stand."""

    chosen: dict[int, tuple[str, str]]
    candidates: Named
    areas: list[Area]
    trees: list[Tree]
    remembered: list[str] = field(default_factory=list)

    @property
    def names(self) -> Named:
        return list(self.chosen.values())

    @property
    def listed(self) -> str:
        return " ".join(slug for slug, _ in [*self.chosen.values(), *self.candidates])

    @property
    def mark(self) -> str:
        said = "\n".join(f"{part.field} {part.slug}" for tree in self.trees for part in tree.parts)
        return sha256(said.encode()).hexdigest()[:12] if said else ""


def choice(form: Form, *, is_list_kept: bool) -> Choice:
    """What the form offers to choose; where the page keeps its list of offices, what stands in it is known from the form."""
    known = Office.slug.in_(_sayable(form.all("offices")))
    chosen = {id: (slug, name) for id, slug, name in Office.select(Office.id, Office.slug, Office.name).where(known).order_by(Office.name).tuples()}
    taken = {slug for slug, _ in chosen.values()}
    text = form["cari"][:200]
    candidates = [] if is_list_kept else _candidates(text, taken)
    listed = set(form["listed"].split()) if is_list_kept else taken | {slug for slug, _ in candidates}
    areas = [] if is_list_kept else _areas(text)
    remembered = _sayable(form["trees"].split())[:_REMEMBERED]
    trees, shown = _trees(taken, set(form.all("except")), remembered, listed)
    inside = {part.slug for tree in trees for part in tree.parts if part.field == "except"}  # they close with their complex
    return Choice(chosen, [each for each in candidates if each[0] not in inside] or candidates, areas, trees, shown)


def own() -> Named:
    """Offices of one's own, before one has searched for any."""
    return _candidates("", set())


def with_area(form: Form, code: str) -> Form:
    """The same form with all offices of a region that one may close; a complex stands for its parts."""
    of_mine, top = _mine()
    inside = within(Office.region, code) & (top | ~within(fn.COALESCE(_Above.region, ""), code))
    rows = _with_above(Office.slug).where(of_mine, inside).order_by(Office.name).limit(MOST + 1) if code.isprintable() else None
    found = [slug for (slug,) in rows.tuples()] if rows is not None else []
    together = list(dict.fromkeys([*form.all("offices"), *found]))
    if len(together) > MOST:
        raise Refused(Sentence("Paling banyak {most} kantor sekaligus. Pilih wilayah yang lebih kecil.", most=MOST), field="offices")
    form.values["offices"], form.values["cari"] = together, [""]
    return form


def _mine() -> tuple[Any, Any]:
    """The condition on offices that one may close, and that nothing of one's own stands above."""
    own = me().closable
    if own is None:
        return Office.id.is_null(False), _Above.id.is_null()
    return Office.id.in_(list(own) or [0]), _Above.id.is_null() | _Above.id.not_in(list(own) or [0])


def _with_above(*columns: Any) -> Any:
    return Office.select(*columns).left_outer_join(_Above, on=(Office.parent == _Above.id))


def _candidates(searched: str, chosen: set[str]) -> Named:
    """Offices one may close and might mean: those searched for, else one's own, a complex for its parts."""
    where, top = _mine()
    if searched.strip():
        found = search.matching(searched)
        if found is None:
            return []
        where = where & found
    elif me().closable is None:
        return []
    else:
        where = where & top
    order = search.best_first(searched) if searched.strip() else [Office.name]
    rows = _with_above(Office.slug, Office.name).where(where).order_by(*order).limit(_CANDIDATES).tuples()
    return [(slug, name) for slug, name in rows if slug not in chosen]


def _areas(searched: str) -> list[Area]:
    """Regions of that name in which one may close more than one office, the widest first."""
    words = search.folded(searched)[:8]
    if not words:
        return []
    of_mine, top = _mine()
    named = Region.select(Region.code, Region.name).where(*(Region.name.contains(word) for word in words))
    if me().closable is not None:
        codes = Office.select(Office.region).where(of_mine, Office.region.is_null(False)).distinct().tuples()
        named = named.where(Region.code.in_({above for (code,) in codes for above in ancestry(code)} or [""]))
    found = list(named.order_by(fn.LENGTH(Region.code), Region.name).limit(_REGIONS).tuples())
    if not found:
        return []
    inside = [within(Office.region, code) & (top | ~within(fn.COALESCE(_Above.region, ""), code)) for code, _ in found]
    counts = next(iter(_with_above(*(fn.SUM(Case(None, [(each, 1)], 0)) for each in inside)).where(of_mine).tuples()))
    return [Area(code, name, count) for (code, name), count in zip(found, counts, strict=True) if count and count > 1]


def _trees(chosen: set[str], excepted: set[str], remembered: list[str], listed: set[str]) -> tuple[list[Tree], list[str]]:
    """The complexes of what is or was chosen, and by which offices they are found again."""
    roots = Office.select(Office.root_id).where(Office.slug.in_([*chosen, *remembered] or [""]))
    columns = (Office.id, Office.root_id, Office.parent, Office.slug, Office.name)
    rows = list(Office.select(*columns).where(Office.root_id.in_(roots)).order_by(Office.name).tuples())
    below: dict[int | None, list[tuple[int, str, str]]] = {}
    for id, _, parent, slug, name in rows:
        below.setdefault(parent, []).append((id, slug, name))
    tops = [(id, slug, name) for id, root, _, slug, name in rows if id == root and id in below]
    own, room, found = me().closable, _ROWS, []
    for top in tops:
        parts = [part for id, part in _parts(top, below, chosen, excepted, listed) if own is None or id in own]
        shown = parts if len(parts) <= room else [part for part in parts if part.is_ticked]
        room -= len(shown)
        found.append(Tree(top[2], shown, len(parts) - len(shown)))
    return found, [slug for _, slug, _ in tops][:_REMEMBERED]


def _parts(top: tuple[int, str, str], below: dict[int | None, list[tuple[int, str, str]]], chosen: Collection[str], excepted: Collection[str],
           listed: Collection[str]) -> Iterator[tuple[int, Part]]:  # fmt: skip
    """A complex from its top down; what lies under a closed node may stay open, the others may be closed alone."""
    waiting = [(top, 0, False)]
    while waiting:
        (id, slug, name), depth, is_taken = waiting.pop()
        is_excepted = is_taken and slug in excepted
        field = "except" if is_taken and slug not in chosen else "" if slug in chosen and slug in listed else "offices"
        if depth or slug in chosen or slug not in listed:  # the list above has it
            yield id, Part(slug, name.removeprefix(f"{top[2]}: ") if depth else name, depth, field, slug in chosen or is_excepted)
        is_taken = slug in chosen or (is_taken and not is_excepted)
        waiting += [(each, depth + 1, is_taken) for each in reversed(below.get(id, []))]


def _sayable(slugs: Iterable[str]) -> list[str]:
    return [slug for slug in slugs if "\0" not in slug]

"""Finding offices by what people type: what of the index a text asks for, and how offices come into it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import SQL, Case, Expression, NodeList, fn

from portal.db import database, is_postgres, transaction
from portal.offices import board, ranking, spelling
from portal.offices.models import Office
from portal.offices.regions import ancestry, named
from portal.offices.spelling import Part, Typed, folded

_AT_ONCE, _LOOKED_AT, _SHOWN_SOON = 5000, 120, 48
_NAME, _KEY = "name", "key"
_COLUMNS = (Office.id, Office.name, Office.parent, Office.region, Office.root_id)
_WEIGHT = {_NAME: "A", _KEY: "B", "": ""}


@dataclass(frozen=True)
class Hits:
    """What was found: the best first, the condition that all of it fulfils, and whether it is only like what was typed."""

    rows: list[ranking.Row]
    query: str = ""
    where: Any = None
    is_guess: bool = False

    @property
    def condition(self) -> Any:
        """What holds for all that was found, looked at or not."""
        return _in(_matched(self.query)) if self.where is None else _in(_matched(self.query)) & self.where

    def count(self, most: int) -> int:
        """How many there are, counted as far as `most`."""
        if len(self.rows) < _LOOKED_AT:
            return len(self.rows)
        if self.where is not None:
            return Office.select(Office.id).where(self.condition).limit(most).count()
        found = NodeList((SQL("SELECT COUNT(*) FROM ("), _matched(self.query, most), SQL(") AS found")))
        return int(database.execute(found).fetchone()[0])


def find(text: str, where: Any = None, *, at: datetime, region: str = "") -> Hits | None:
    """The offices that a text may name, also with an abbreviation or one wrong letter: none where it holds no word. Those near a region, and open, go first."""
    typed = spelling.read(text)
    if typed is None:
        return None
    for meant, query, is_guess in _ways(typed):
        rows = _candidates(meant, query, where)
        if rows:
            rows = ranking.best_first(rows, meant, text, region)
            first, rest = rows[:_SHOWN_SOON], rows[_SHOWN_SOON:]
            closed = board.closed_among({row.root_id for row in first}, at)
            first = ranking.best_first(first, meant, text, region, closed) if closed else first
            return Hits(first + rest, query, where, is_guess)
    return Hits([])


def matching(text: str) -> Expression | None:
    """The condition on Office for a search text, each word as the beginning of one of the office's; none where it holds no word."""
    typed = spelling.read(text)
    return _in(_matched(_every(typed.parts))) if typed else None


def best_first(text: str) -> list[Any]:
    """The order of results: the exact name, names that begin so, names that hold it, then those of which only the region does; tops of trees, short names."""
    written = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:400]).split())
    name, typed = fn.LOWER(Office.name), written.lower()
    is_so, begins, holds = (name == typed) | (Office.name == written), fn.SUBSTR(name, 1, len(typed)) == typed, Office.name.contains(written)
    rank = Case(None, [(is_so, 0), (begins, 1), (holds, 2)], 3)
    return [rank, Office.parent.is_null(False), fn.LENGTH(Office.name), Office.name, Office.id]


def index(offices: Iterable[tuple[int, str, str, str | None]]) -> None:
    """Make offices findable, in place of what was known of them: rows of (id, name, kind, region code)."""
    batch, is_much = [], False
    for office in offices:
        batch.append(office)
        if len(batch) == _AT_ONCE:
            _index(batch)
            batch, is_much = [], True
    _index(batch)
    if is_much and is_postgres():  # its planner knows nothing of rows that came at once, and what waits to enter an index is read from end to end
        database.execute_sql("SELECT gin_clean_pending_list('office_index_words')")
        for table in ("office", "office_index", "office_word", "region"):
            database.execute_sql(f"ANALYZE {table}")


def complete() -> int:
    """Make those offices findable that are not; how many there were."""
    column = "office_id" if is_postgres() else "rowid"
    missing = Office.id.not_in(SQL(f"(SELECT {column} FROM office_index)"))
    with transaction():
        rows = list(Office.select(Office.id, Office.name, Office.kind, Office.region).where(missing).tuples())
        index(rows)
    return len(rows)


def _ways(typed: Typed) -> Iterator[tuple[Typed, str, bool]]:
    """The ways to understand what was typed, the strictest first: every word, without the kind of office, with a wrong letter, some of the words."""
    yield typed, _every(typed.parts), False
    telling = tuple(part for part in typed.parts if not part.is_kind) or typed.parts
    if telling != typed.parts:
        yield typed, _every(telling), False
    for corrected in _corrected(typed):
        yield corrected, _every(tuple(part for part in corrected.parts if not part.is_kind) or corrected.parts), True
    yield typed, _any_of(_part(part) for part in telling), True


def _corrected(typed: Typed) -> Iterator[Typed]:
    """What was typed, with words of the index that are one wrong letter away: beside words that the index has not, then beside all."""
    misses = {part: spelling.near_misses(part.typed[0]) for part in typed.parts if len(part.typed) == 1 and not part.is_kind}
    known = _known(set().union(*misses.values(), *(part.typed for part in misses)))
    strange = {part: near for part, near in misses.items() if part.typed[0] not in known and not part.meant}
    for wrong in (strange, misses):
        if any(near & known for near in wrong.values()):
            yield Typed(tuple(_beside(part, wrong.get(part, set()) & known, known) for part in typed.parts))


def _beside(part: Part, near: set[str], known: set[str]) -> Part:
    own = (part.typed,) if part.typed[0] in known and not part.meant else ()
    return Part(part.typed, (*part.meant, *own, *((each,) for each in sorted(near))))


def _known(words: set[str]) -> set[str]:
    if not words:
        return set()
    if is_postgres():
        found = database.execute_sql("SELECT word FROM office_word WHERE word = ANY(%s)", (list(words),))
    else:
        listed = '["' + '","'.join(words) + '"]'
        found = database.execute_sql("SELECT word FROM office_word WHERE word IN (SELECT value FROM json_each(?))", (listed,))
    return {word for (word,) in found.fetchall()}


def _candidates(typed: Typed, query: str, where: Any) -> list[ranking.Row]:
    """Offices to choose the best from: those whose name is among the words, those with the words in the name, others with the words; some of each."""
    named = _all_of([_any_of(_word(key, in_=_KEY) for key in typed.keys), query])
    rows: dict[int, ranking.Row] = {}
    for each in (query, named):
        found = _anywhere(each) if where is None else Office.select(*_COLUMNS).where(_in(_matched(each)), where).limit(_LOOKED_AT).tuples()
        rows |= {row[0]: ranking.Row(*row) for row in found}
        if len(rows) < _LOOKED_AT:
            break
    return list(rows.values())


def _anywhere(query: str) -> list[tuple[Any, ...]]:
    """The first offices that a question to the index finds: asked at every letter that one types, so in words that are made once."""
    columns = "SELECT id, name, parent_id, region_code, root_id FROM office WHERE id IN"
    if is_postgres():  # a limit alone makes it read the whole table from its beginning, in the hope of finding enough soon
        every = "WITH found AS MATERIALIZED (SELECT office_id FROM office_index WHERE words @@ CAST(%s AS tsquery))"
        found = f"{every} SELECT office_id FROM found LIMIT {_LOOKED_AT}"
    else:
        found = f"SELECT rowid FROM office_index WHERE office_index MATCH ? LIMIT {_LOOKED_AT}"
    asked = database.execute_sql(f"{columns} ({found})", (query,))
    return list(asked.fetchall())


def _in(found: NodeList) -> Expression:
    return NodeList((Office.id, SQL("IN ("), found, SQL(")")))


def _matched(query: str, most: int = 0) -> NodeList:
    """The ids of offices that a question to the index finds."""
    limit = SQL(f"LIMIT {most}") if most else SQL("")
    if is_postgres():
        return NodeList((SQL("SELECT office_id FROM office_index WHERE words @@ CAST("), query, SQL("AS tsquery)"), limit))
    return NodeList((SQL("SELECT rowid FROM office_index WHERE office_index MATCH"), query, limit))


def _every(parts: tuple[Part, ...]) -> str:
    """All parts, or all of them with two neighbours written as one word; «kantor» says nothing beside other words, and most offices have it."""
    parts = tuple(part for part in parts if part.likeliest != ("kantor",)) or parts
    ways = [_all_of(_part(part) for part in parts)]
    for place in range(len(parts) - 1):
        one, two = parts[place : place + 2]
        pairs = {"".join(pair) for pair in (one.typed + two.typed, one.likeliest + two.likeliest) if len(pair) == 2}
        if pairs and not (one.is_kind or two.is_kind):
            both = _any_of(_word(pair, is_start=True) for pair in sorted(pairs))
            ways.append(_all_of([*map(_part, parts[:place]), both, *map(_part, parts[place + 2 :])]))
    return _any_of(ways)


def _part(part: Part) -> str:
    """What is typed as the beginning of a word, or what it may mean."""
    typed = _all_of(_word(word, is_start=len(word) > 1) for word in part.typed)
    return _any_of([typed, *(_all_of(map(_word, each)) for each in part.meant)])


def _word(word: str, *, is_start: bool = False, in_: str = "") -> str:
    if is_postgres():
        mark = ("*" if is_start else "") + _WEIGHT[in_]
        return f"'{word}':{mark}" if mark else f"'{word}'"
    return (f"{in_} : " if in_ else "") + f'"{word}"' + ("*" if is_start else "")


def _all_of(queries: Iterable[str]) -> str:
    return "(" + (" & " if is_postgres() else " AND ").join(queries) + ")"


def _any_of(queries: Iterable[str]) -> str:
    return "(" + (" | " if is_postgres() else " OR ").join(dict.fromkeys(queries)) + ")"


def _index(batch: list[tuple[int, str, str, str | None]]) -> None:
    regions = named(region for *_, region in batch)
    rows, words = [], set[str]()
    for id, name, kind, region in batch:
        own = folded(name)
        above = [folded(regions.get(code, "")) for code in ancestry(region)]
        own_joined, around = spelling.joined(spelling.core(own)), [word for each in (*above, folded(kind)) for word in (*each, *spelling.joined(each))]
        rows.append((id, "".join(spelling.core(own))[:40], [*own, *own_joined], around))
        words.update(own, own_joined, around)
    _write(rows, words)


def _write(rows: list[tuple[int, str, list[str], list[str]]], words: set[str]) -> None:
    cursor = database.cursor()
    ids = [(id,) for id, *_ in rows]
    fresh = [(word,) for word in sorted(words)]
    if is_postgres():
        cursor.executemany("DELETE FROM office_index WHERE office_id = %s", ids)
        cursor.executemany("INSERT INTO office_index (office_id, words) VALUES (%s, CAST(%s AS tsvector))",
                           [(id, _weighed((key and [key], "2B"), (own, "1A"), (around, "3"))) for id, key, own, around in rows])  # fmt: skip
        cursor.executemany("INSERT INTO office_word (word) VALUES (%s) ON CONFLICT DO NOTHING", fresh)
    else:
        cursor.executemany("DELETE FROM office_index WHERE rowid = ?", ids)
        cursor.executemany("INSERT INTO office_index (rowid, key, name, around) VALUES (?, ?, ?, ?)",
                           [(id, key, " ".join(own), " ".join(around)) for id, key, own, around in rows])  # fmt: skip
        cursor.executemany("INSERT INTO office_word (word) VALUES (?) ON CONFLICT DO NOTHING", fresh)


def _weighed(*groups: tuple[Any, str]) -> str:
    """The text of a tsvector: words with the weight of where they stand."""
    return " ".join(f"'{word}':{weight}" for words, weight in groups for word in words or ())

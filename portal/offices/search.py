"""Finding offices by what people type: names, kinds, and the regions around them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from peewee import SQL, Case, Expression, NodeList, fn

from portal.db import database, is_postgres
from portal.offices.models import Office
from portal.offices.regions import ancestry, named

_MOST_WORDS, _LONGEST_WORD, _AT_ONCE = 8, 40, 5000


def folded(text: str) -> list[str]:
    """The words of a text without case and accents."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return [word[:_LONGEST_WORD] for word in re.findall(r"[^\W_]+", bare.casefold())]


def matching(text: str, *, every_word: bool = True) -> Expression | None:
    """The condition on Office for a search text, each word as the beginning of one of the office's; none where it holds no word."""
    words = folded(text[:400])[:_MOST_WORDS]
    if not words:
        return None
    if is_postgres():
        query = (" & " if every_word else " | ").join(f"{word}:*" for word in words)
        found = NodeList((SQL("SELECT office_id FROM office_index WHERE words @@ to_tsquery('simple',"), query, SQL(")")))
    else:
        query = (" " if every_word else " OR ").join(f'"{word}"*' for word in words)
        found = NodeList((SQL("SELECT rowid FROM office_index WHERE office_index MATCH"), query))
    return NodeList((Office.id, SQL("IN ("), found, SQL(")")))


def best_first(text: str) -> list[Any]:
    """The order of results: the exact name, names that begin so, tops of trees, short names."""
    written = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:400]).split())
    name, typed = fn.LOWER(Office.name), written.lower()
    rank = Case(None, [((name == typed) | (Office.name == written), 0), (fn.SUBSTR(name, 1, len(typed)) == typed, 1)], 2)
    return [rank, Office.parent.is_null(False), fn.LENGTH(Office.name), Office.name, Office.id]


def index(offices: Iterable[tuple[int, str, str, str | None]]) -> None:
    """Make offices findable, in place of what was known of them: rows of (id, name, kind, region code)."""
    rows = list(offices)
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        regions = named(region for *_, region in batch)
        words = [(id, " ".join([name, kind, *(regions.get(code, "") for code in ancestry(region))])) for id, name, kind, region in batch]
        _write([(id, " ".join(folded(text))) for id, text in words])


def _write(rows: list[tuple[int, str]]) -> None:
    cursor = database.cursor()
    ids = [(id,) for id, _ in rows]
    if is_postgres():
        cursor.executemany("DELETE FROM office_index WHERE office_id = %s", ids)
        cursor.executemany("INSERT INTO office_index (office_id, words) VALUES (%s, to_tsvector('simple', %s))", rows)
    else:
        cursor.executemany("DELETE FROM office_index WHERE rowid = ?", ids)
        cursor.executemany("INSERT INTO office_index (rowid, words) VALUES (?, ?)", rows)

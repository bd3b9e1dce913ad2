"""Reads a page as people and browsers do: its words, its links, its tags."""

from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "img", "hr", "use", "path", "rect"}


class Reading(HTMLParser):
    """The words that are seen, every tag with its attributes, and every address that the page leads to or loads."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self._words: list[str] = []
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attributes}
        self.tags.append((tag, held))
        self.links += [held[name] for name in ("href", "src", "action", "hx-get") if name in held]
        self.ids += [held["id"]] if "id" in held else []
        if tag not in _VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "head"} & set(self._inside):
            self._words.append(data)

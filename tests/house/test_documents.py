"""What README and CONTRIBUTING point at and quote stands in the repository."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")


def code() -> set[str]:
    """Every line of the portal and its tests, without its indentation."""
    files = [path for folder in ("portal", "tests") for path in (ROOT / folder).rglob("*.py")]
    return {line.strip() for path in files for line in path.read_text(encoding="utf-8").splitlines()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_link_or_picture_of_a_document_is_dead(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not target.startswith("https://") and not (ROOT / target).exists()] == []


def test_the_good_examples_are_lines_of_our_own() -> None:
    blocks = re.findall(r"# good\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    known = code()
    assert len(blocks) >= 5
    assert [line for block in blocks for line in block.splitlines() if line.strip() and line.strip() not in known] == []

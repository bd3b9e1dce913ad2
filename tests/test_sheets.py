from pathlib import Path

import pytest

from portal.sheets import Problems, read


def file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "berkas.csv"
    path.write_bytes(content)
    return path


def wrong(tmp_path: Path, content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(Problems) as caught:
        read(file(tmp_path, content), required=("a", "b"))
    return [(problem.line, problem.column) for problem in caught.value.problems]


def values(tmp_path: Path, content: bytes) -> list[tuple[int, str, str]]:
    return [(line.number, line["a"], line["b"]) for line in read(file(tmp_path, content), required=("a", "b"))]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xef\xbb\xbfa,b\r\n1,2\r\n", b"b,a\n2,1", b" a , b \n 1 , 2 \n\n", b"a,b\n1,2\n,\n"])
def test_a_file_is_read_with_or_without_mark_whatever_its_line_ends_and_order(tmp_path: Path, content: bytes):
    assert values(tmp_path, content) == [(2, "1", "2")]


def test_a_line_is_numbered_by_where_it_begins(tmp_path: Path):
    assert values(tmp_path, b'a,b\n"satu\r\nbaris",2\n\n3,"4, lima"\n') == [(2, "satu\nbaris", "2"), (5, "3", "4, lima")]


@pytest.mark.parametrize(("content", "places"), [
    (b"", [(1, "a"), (1, "b")]),
    (b"a\n1\n", [(1, "b")]),
    (b"a,b,c\n1,2,3\n", [(1, "c")]),
    (b"a,b,b\n1,2,3\n", [(1, "b")]),
    (b"a,b\n1\n1,2\n1,2,3\n", [(2, ""), (4, "")]),
    (b"a,b\n1,2\n1,\xe9\n", [(3, "")]),
    ("a,b\n1,2\n".encode("utf-16"), [(1, "")]),
    (b"a,b\n1,2\n1,x\0y\n", [(3, "b")]),
    (b"a,b\n\x01,\x7f\n", [(2, "a"), (2, "b")]),
    (b'a,b\n1,2\n1,"x"y\n', [(3, "")]),
    (b'a,b\n1,"x', [(2, "")]),
    (b"a,b\n1," + b"x" * 200_000, [(2, "")]),
])  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_place(tmp_path: Path, content: bytes, places: list[tuple[int, str]]):
    assert wrong(tmp_path, content) == places


def test_a_file_with_a_header_alone_is_empty(tmp_path: Path):
    assert values(tmp_path, b"a,b\n") == []

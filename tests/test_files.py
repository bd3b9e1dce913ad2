"""Attachments are checked before they are kept, kept whole or not at all, and kept as long as a row names them."""

import hashlib
import io
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal import files
from portal.commands import delivery
from portal.files import Attachment
from portal.refusals import NotFound, Refused, is_storable
from tests import clamd_peer, make, pictures

PICTURE = pictures.picture()
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path, app):
    """A folder of attachments for one test; then the suite's own again."""
    before = (files._here.folder, files._here.limit, files._here.clamd)
    files.use(tmp_path / "new" / "uploads", limit=1)
    yield tmp_path / "new" / "uploads"
    files.use(before[0], limit=before[1], clamd=before[2])


def take(content=PICTURE, name="foto.jpg", now=make.NOW):
    return files.take(content, name, now=now, field="evidence")


def refusal(content=PICTURE, name="foto.jpg") -> str:
    with pytest.raises(Refused) as refused:
        take(content, name)
    assert refused.value.field == "evidence"
    return str(refused.value)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".swept"]


def test_a_file_is_named_by_its_content_and_nobody_else_can_read_it(folder):
    stored = take()
    path = folder / stored.digest[:2] / stored.digest
    assert on_disk(folder) == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    assert {each.stat().st_mode & 0o777 for each in (folder, path.parent)} == {0o700}
    assert path.stat().st_size == stored.size
    assert (stored.name, stored.mimetype) == ("foto.jpg", "image/jpeg")


def test_the_same_file_twice_is_kept_once_under_both_names(folder, database):
    one, other = (files.record(take(name=name), by_id=7, now=make.NOW) for name in ("satu.jpg", "dua.jpg"))
    assert len(on_disk(folder)) == 1
    assert files.path_of(one) == files.path_of(other)
    assert [each.name for each in Attachment.select().order_by(Attachment.id)] == ["satu.jpg", "dua.jpg"]


def test_a_row_says_who_added_what_and_when(folder, database):
    stored = take(pictures.PDF, "Laporan.pdf")
    added = Attachment.get_by_id(files.record(stored, by_id=7, now=make.NOW).id)
    assert (added.digest, added.name, added.mimetype, added.size) == (stored.digest, "Laporan.pdf", "application/pdf", len(pictures.PDF))
    assert (added.added_by_id, added.added_at) == (7, make.NOW)
    assert files.path_of(added).read_bytes() == pictures.PDF


def test_a_stream_is_read_as_far_as_the_limit_and_no_further(folder):
    sent = io.BytesIO(b"\xff\xd8\xff" + b"\0" * 5_000_000)
    assert "paling banyak 1 MB" in refusal(sent)
    assert sent.tell() <= files.MEGABYTE + 1
    assert take(io.BytesIO(PICTURE)) == take(PICTURE)


def test_attachments_leave_room_for_the_database(folder, monkeypatch, caplog):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda path: SimpleNamespace(free=199 * files.MEGABYTE))
    assert "gangguan di portal" in refusal()
    assert on_disk(folder) == []
    assert "the database" in caplog.text


def test_an_empty_file_is_refused(folder):
    assert "kosong" in refusal(b"")
    assert "kosong" in refusal(io.BytesIO(b""))
    assert on_disk(folder) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(pictures.HTML, "foto.jpg"), (pictures.SVG, "logo.svg"), (pictures.SVG, "logo.png"), (pictures.ZIP, "bukti.zip"), (pictures.PROGRAM, "laporan.pdf")],
)
def test_what_lies_about_its_kind_is_refused_and_leaves_nothing(folder, content, name):
    assert "bukan foto" in refusal(content, name)
    assert on_disk(folder) == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Laporan Harian.PDF", "Laporan Harian.pdf"),
        ("laporan.exe", "laporan.exe.pdf"),
        ("foto.jpg", "foto.pdf"),
        ("../../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Budi\\surat.pdf", "surat.pdf"),
        ("/", "berkas.pdf"),
        ("", "berkas.pdf"),
        ("..", "berkas.pdf"),
        (".pdf", "pdf.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie- x.pdf"),
        ('kutip".pdf', "kutip-.pdf"),
        ("🌊 banjir 🏢.pdf", "🌊 banjir 🏢.pdf"),
        ("lap\u202efdp.exe", "lapfdp.exe.pdf"),
        ("setengah \ud83d.pdf", "setengah.pdf"),
        ("v1.2  akhir", "v1.2 akhir.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
    ],
)
def test_a_name_is_kept_as_it_may_be_shown_and_saved(given, shown):
    assert files.clean_name(given, "application/pdf") == shown
    assert is_storable(shown)


@pytest.mark.parametrize("letter", ["a", "é", "🌊", "👩\u200d🚒"])
def test_a_name_of_three_thousand_letters_is_cut_where_a_letter_ends(letter):
    shown = files.clean_name(letter * 3000, "image/jpeg")
    assert 190 < len(shown.encode()) <= 200
    assert shown.endswith(".jpg")
    assert set(shown.removesuffix(".jpg")) <= set(letter)


def test_a_folder_that_cannot_be_written_to_refuses_with_a_sentence(folder):
    folder.parent.parent.joinpath("new").write_text("no folder")
    assert "gangguan" in refusal()


def test_a_disk_that_runs_full_in_the_middle_refuses_and_leaves_nothing_half_written(folder):
    whole = take(pictures.PDF)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        said = refusal(pictures.PDF.replace(b"endobj", b"endobj" + b" " * 200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "gangguan" in said
    assert [path.name for path in on_disk(folder)] == [whole.digest]


def test_a_file_that_the_disk_has_lost_is_said_to_be_lost(folder, database):
    added = files.record(take(), by_id=7, now=make.NOW)
    files.path_of(added).unlink()
    with pytest.raises(NotFound):
        files.path_of(added)


def test_what_was_swept_away_before_it_was_named_has_to_be_sent_again(folder, database):
    stored = take()
    (folder / stored.digest[:2] / stored.digest).unlink()
    with pytest.raises(Refused, match="sekali lagi"):
        files.record(stored, by_id=7, now=make.NOW)
    assert not Attachment.select().exists()


def test_the_sweep_takes_what_no_row_names_after_a_day(folder, database):
    named = files.record(take(), by_id=7, now=make.NOW)
    forgotten, young = take(pictures.picture("PNG")), take(pictures.PDF, now=make.NOW + DAY)
    half_written = folder / "ab" / "x.tmp"
    half_written.parent.mkdir(exist_ok=True)
    half_written.write_bytes(b"half")
    os.utime(half_written, (make.NOW.timestamp(),) * 2)
    assert files.sweep(now=make.NOW + DAY - timedelta(hours=2)) == 0
    assert files.sweep(now=make.NOW + DAY + timedelta(minutes=1)) == 2
    assert {path.name for path in on_disk(folder)} == {named.digest, young.digest}
    assert forgotten.digest not in {path.name for path in on_disk(folder)}


def test_a_file_sent_once_more_is_young_again(folder, database):
    files.record(take(pictures.PDF), by_id=7, now=make.NOW)
    take()
    take(now=make.NOW + DAY)
    assert files.sweep(now=make.NOW + DAY + timedelta(hours=1)) == 0


def test_the_folder_is_swept_once_an_hour_however_often_somebody_asks(folder, database):
    files.record(take(pictures.PDF), by_id=7, now=make.NOW)
    take()
    assert files.sweep(now=make.NOW + DAY - timedelta(minutes=1)) == 0
    assert files.sweep(now=make.NOW + DAY + timedelta(minutes=1)) == 0
    assert files.sweep(now=make.NOW + DAY + timedelta(minutes=60)) == 1


def test_a_database_that_names_no_file_at_all_is_not_believed(folder, database):
    stored = take()
    assert files.sweep(now=make.NOW + 9 * DAY) == 0
    assert [path.name for path in on_disk(folder)] == [stored.digest]


def test_more_files_than_one_question_can_name_are_swept(folder, database, monkeypatch):
    monkeypatch.setattr(files, "_AT_ONCE", 2)
    kept = files.record(take(), by_id=7, now=make.NOW)
    for number in range(5):
        take(pictures.PDF.replace(b"1.7", f"1.{number}".encode()))
    assert files.sweep(now=make.NOW + 2 * DAY) == 5
    assert [path.name for path in on_disk(folder)] == [kept.digest]


def test_no_folder_and_a_folder_that_cannot_be_read_stop_no_worker(folder, database):
    assert files.sweep(now=make.NOW) == 0
    files.record(take(), by_id=7, now=make.NOW)
    (folder / "ff").write_text("no folder")
    assert files.sweep(now=make.NOW) == 0


def test_many_who_send_the_same_file_at_once_keep_it_once_and_whole(folder):
    with ThreadPoolExecutor(8) as senders:
        stored = set(senders.map(lambda number: take(PICTURE if number % 2 else pictures.PDF), range(40)))
    assert sorted(path.name for path in on_disk(folder)) == sorted(each.digest for each in stored)
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in on_disk(folder)} == {each.digest for each in stored}


def test_the_worker_sweeps():
    assert files.sweep in delivery.CHORES


def test_an_infected_file_is_refused_and_not_kept(folder):
    peer = clamd_peer.Peer()
    with clamd_peer.running(peer) as address:
        files.use(folder, limit=1, clamd=address)
        stored = take(pictures.PDF)
        assert "virus" in refusal(pictures.PDF.replace(b"endobj", clamd_peer.SIGNATURE))
    assert [path.name for path in on_disk(folder)] == [stored.digest]
    assert len(peer.seen) == 2


def test_without_the_scanner_a_file_waits_for_another_try(folder):
    files.use(folder, limit=1, clamd=f"127.0.0.1:{clamd_peer.free_port()}")
    assert "Coba lagi" in refusal()
    assert on_disk(folder) == []

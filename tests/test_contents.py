"""What is in a file is told by its content; pictures are drawn anew, and nothing else of them stays."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal import contents
from portal.refusals import Refused
from tests import pictures

HIDDEN = b"<?php system($_GET['c']); ?><script>alert(1)</script>"


def kept(content: bytes) -> Image.Image:
    return pictures.opened(contents.harmless(content, field="file")[0])


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        contents.harmless(content, field="file")
    assert refused.value.field == "file"
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "mimetype"),
    [
        (pictures.picture("JPEG"), "image/jpeg"),
        (pictures.picture("PNG"), "image/png"),
        (pictures.picture("WEBP"), "image/webp"),
        (pictures.PDF, "application/pdf"),
    ],
    ids=["jpeg", "png", "webp", "pdf"],
)
def test_pictures_and_pdf_are_known_by_their_content(content, mimetype):
    assert contents.harmless(content, field="file")[1] == mimetype


@pytest.mark.parametrize(
    "content", [pictures.HTML, pictures.SVG, pictures.ZIP, pictures.PROGRAM, pictures.GIF, b"\0" * 100, b" " + pictures.PDF, b"RIFF\0\0\0\0WAVEfmt "]
)
def test_anything_else_is_refused_whatever_it_is_called(content):
    assert "bukan foto" in refusal(content)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"msf1"])
def test_a_photo_that_only_telephones_read_is_refused_with_what_to_do(brand):
    sent = b"\0\0\0\x24ftyp" + brand + b"\0\0\0\0mif1heic" + b"\0" * 100
    assert "HEIC" in refusal(sent)
    assert "Pengaturan > Kamera > Format, pilih Paling Kompatibel, lalu" in refusal(sent)
    assert "tangkapan layar" in refusal(sent)


def archive(comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr("jahat.exe", pictures.PROGRAM)
        written.comment = comment
    return out.getvalue()


def test_documents_and_archives_are_told_to_become_pdf():
    for sent in (archive(), pictures.ZIP, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600):
        assert "simpan sebagai PDF" in refusal(sent)


def test_a_pdf_that_is_an_archive_too_is_refused():
    assert "bukan PDF" in refusal(pictures.PDF + archive())
    for end in (b"%%EOF", b"%%EOF" + b"\n" * 500):
        assert "bukan PDF" in refusal(pictures.PDF + archive() + end)


def test_a_pdf_stays_as_it_is_and_one_without_its_end_is_refused():
    assert contents.harmless(pictures.PDF, field="file")[0] == pictures.PDF
    assert "tidak utuh" in refusal(pictures.PDF.replace(b"%%EOF", b""))
    assert "tidak utuh" in refusal(pictures.PDF + b"\0" * 2000)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_a_picture_was_taken_is_gone(format):
    sent = pictures.from_a_telephone(format)
    assert dict(pictures.opened(sent).getexif().get_ifd(pictures.GPS))
    content, _ = contents.harmless(sent, field="file")
    assert dict(pictures.opened(content).getexif()) == {}
    for trace in (b"Exif", b"EXIF", b"eXIf", b"Rahasia"):
        assert trace not in content


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")]
)
def test_a_picture_stands_upright_however_the_telephone_was_held(format, orientation, corner):
    image = kept(pictures.from_a_telephone(format, orientation=orientation)).convert("RGB")
    assert image.size == ((64, 32) if orientation < 5 else (32, 64))
    width, height = image.size
    places = {"left": (4, height // 2), "right": (width - 5, height // 2), "top": (width // 2, 4), "bottom": (width // 2, height - 5)}
    red = [name for name, place in places.items() if image.getpixel(place)[0] > 200 and image.getpixel(place)[2] < 60]
    assert corner in red
    assert {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[corner] not in red


@pytest.mark.parametrize(
    "sent",
    [
        pictures.picture("JPEG", comment=HIDDEN),
        pictures.picture("JPEG", icc_profile=HIDDEN),
        pictures.picture("JPEG") + HIDDEN,
        pictures.picture("PNG") + HIDDEN,
        pictures.picture("WEBP", xmp=HIDDEN),
    ],
    ids=["comment", "profile", "behind a jpeg", "behind a png", "xmp"],
)
def test_a_program_hidden_in_a_picture_is_gone(sent):
    assert HIDDEN in sent
    content, _ = contents.harmless(sent, field="file")
    assert b"php" not in content
    assert b"alert" not in content


def test_the_colour_profile_of_a_png_is_gone():
    sent = pictures.picture("PNG", icc_profile=HIDDEN)
    assert b"iCCP" in sent
    assert b"iCCP" not in contents.harmless(sent, field="file")[0]


def test_a_palette_that_spells_a_text_is_drawn_in_plain_colours():
    image = Image.new("P", (16, 16))
    image.putpalette(b"<?php evil(); ?>".ljust(768, b" "))
    sent = pictures.written(image, "PNG")
    assert b"<?php" in sent
    content, _ = contents.harmless(sent, field="file")
    assert b"<?php" not in content
    assert pictures.opened(content).mode == "RGB"


def test_what_shines_through_still_does():
    assert kept(pictures.picture("PNG", mode="RGBA", colour=(1, 2, 3, 0))).getpixel((0, 0)) == (1, 2, 3, 0)
    image = Image.new("P", (8, 8), 1)
    image.putpalette([10, 20, 30, 200, 100, 50])
    assert kept(pictures.written(image, "PNG", transparency=1)).getpixel((0, 0)) == (200, 100, 50, 0)


@pytest.mark.parametrize(("mode", "format", "colour", "seen"), [
    ("I;16", "PNG", 0x8000, 128), ("1", "PNG", 1, (255, 255, 255)), ("L", "JPEG", 100, 100), ("CMYK", "JPEG", (0, 0, 0, 0), (255, 255, 255)),
])  # fmt: skip
def test_scans_in_other_colours_look_as_before(mode, format, colour, seen):
    assert kept(pictures.picture(format, mode=mode, colour=colour)).getpixel((5, 5)) == seen


@pytest.mark.parametrize("size", [(60_000, 60_000), (5001, 5001), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(size):
    assert "juta piksel" in refusal(pictures.png_saying(*size))


def test_a_comment_that_would_fill_the_memory_is_refused():
    assert "rusak" in refusal(pictures.png_saying(10, 10, with_text=b"\0" * 100_000_000))


def test_a_picture_that_is_drawn_over_itself_without_end_is_refused_before_it_is_drawn():
    sent = pictures.picture("JPEG", (64, 64), mode="L", progressive=True)
    last = sent[sent.rindex(b"\xff\xda") : -2]
    assert kept(sent[:-2] + last * 10 + sent[-2:]).size == (64, 64)
    assert "rusak" in refusal(sent[:-2] + last * 1000 + sent[-2:])


def test_a_film_behind_a_photograph_is_cut_off_and_does_no_harm():
    film = b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\2" * 1000
    assert b"ftyp" not in contents.harmless(pictures.picture() + film, field="file")[0]


def test_what_is_written_beside_a_photograph_is_not_taken_for_the_photograph():
    assert kept(pictures.picture("JPEG", comment=b"\xff\xda" * 1000)).size == (40, 20)


def test_a_large_photograph_is_kept_smaller_in_the_same_shape():
    width, height = kept(pictures.picture("JPEG", (6000, 3000))).size
    assert width * height <= 12_100_000
    assert width / height == pytest.approx(2, abs=0.01)


def test_a_long_narrow_picture_stays_long_and_narrow():
    assert kept(pictures.picture("PNG", (4, 30_000))).size == (4, 30_000)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused(format):
    whole = pictures.written(Image.effect_noise((200, 200), 90).convert("RGB"), format)
    assert "rusak" in refusal(whole[: len(whole) // 2])
    assert "rusak" in refusal(whole[:12])


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_note_about_turning_that_cannot_be_read_leaves_the_picture_as_it_lies():
    sent = pictures.from_a_telephone()
    broken = sent.replace(sent[sent.index(b"Exif\0\0") + 6 :][:8], b"MM\0*\xff\xff\xff\xff", 1)
    assert kept(broken).size == (64, 32)


def test_the_same_picture_is_drawn_the_same_twice():
    sent = pictures.from_a_telephone()
    assert contents.harmless(sent, field="") == contents.harmless(sent, field="")


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_picture_is_drawn_or_refused_and_nothing_else(format, damages):
    content = bytearray(pictures.from_a_telephone(format))
    for place, value in damages:
        content[place % len(content)] = value
    try:
        drawn, mimetype = contents.harmless(bytes(content), field="file")
    except Refused:
        return
    assert contents.mimetype_of(drawn) == mimetype
    assert mimetype == "application/pdf" or dict(pictures.opened(drawn).getexif()) == {}


def test_a_header_of_webp_that_says_more_than_there_is_is_refused():
    sent = bytearray(pictures.picture("WEBP"))
    sent[26:30] = struct.pack("<HH", 16_383, 16_383)
    assert refusal(bytes(sent))

"""What is in a file that somebody sent: told by its content, never by its name, and made harmless."""

import io
import math
import re
from contextlib import suppress
from threading import Lock

from PIL import Image

from portal.refusals import Refused
from portal.words import Sentence

KINDS = {"image/jpeg": (".jpg", ".jpeg", ".jfif"), "image/png": (".png",), "image/webp": (".webp",), "application/pdf": (".pdf",)}  # the first ending is ours
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_MOST_PIXELS = {"JPEG": 51_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}  # a JPEG can be read at half its size, the others only whole
_MOST_SCANS = 64  # times that a JPEG is drawn over itself, each as dear as the whole; cameras write up to ten
_KEPT_PIXELS = 12_000_000  # a sheet of A4 at 350 dots an inch
# Each in the way that costs least: at their best PNG and WebP take three times as long, and others wait for their turn.
_SAVED: dict[str, dict[str, int]] = {"JPEG": {"quality": 85}, "PNG": {"compress_level": 1}, "WEBP": {"quality": 85, "method": 1}}
_WITHOUT_ALPHA, _WITH_ALPHA = ("L", "RGB"), ("L", "LA", "RGB", "RGBA")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90}  # fmt: skip
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}  # what telephones write after "ftyp"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # ZIP and all that is one: docx, xlsx, apk; and the older doc, xls
_END_OF_ARCHIVE, _END_LENGTH = b"PK\x05\x06\0\0\0\0", 70_000  # its mark, and how far from the end it is looked for
_TAIL = 1024  # bytes in which readers of PDF look for its end
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # those with a length behind them
_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_one_at_a_time = Lock()  # a large picture takes a hundred megabytes while it is open


def mimetype_of(content: bytes) -> str:
    """What the first bytes say it is: one of KINDS, or nothing."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if content.startswith(b"%PDF-") else ""


def harmless(content: bytes, *, field: str) -> tuple[bytes, str]:
    """A file as it may be kept, and its type: pictures drawn anew without all that travels in them, PDF as it came; anything else is Refused."""
    mimetype = mimetype_of(content)
    if mimetype in _FORMATS:
        return _redrawn(content, _FORMATS[mimetype], field=field), mimetype
    if not mimetype or _is_archive_too(content):
        raise Refused(_what_to_send_instead(content), field=field)
    if b"%%EOF" not in content[-_TAIL:]:
        raise Refused(Sentence("PDF ini tidak utuh. Simpan sekali lagi dari aplikasinya, lalu unggah lagi."), field=field)
    return content, mimetype


def _what_to_send_instead(content: bytes) -> Sentence:
    """What to do with a file that is none of KINDS, by what it is."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return Sentence(
            "Foto ini berbentuk HEIC, yang tidak terbuka di banyak komputer. Di iPhone: buka Pengaturan > Kamera > Format, pilih Paling Kompatibel, "
            "lalu potret lagi. Atau kirim tangkapan layar dari foto itu.")  # fmt: skip
    if content.startswith(_ARCHIVES):
        return Sentence("Berkas ini bukan foto dan bukan PDF, melainkan Word, Excel, atau ZIP. Buka dulu, simpan sebagai PDF, lalu unggah PDF-nya.")
    return Sentence("Berkas ini bukan foto (JPEG, PNG, WebP) dan bukan PDF. Simpan dalam salah satu bentuk itu, lalu unggah lagi.")


def _is_archive_too(content: bytes) -> bool:
    """Whether a file ends as a ZIP does, whatever it begins as: what reads from the end would unpack it."""
    return _END_OF_ARCHIVE in content[-_END_LENGTH:]


def _redrawn(content: bytes, format: str, *, field: str) -> bytes:
    """The picture itself, upright and of bounded size: where and with what it was taken, comments, and whatever hides behind it stay behind."""
    try:
        if format == "JPEG" and _scans_in(content) > _MOST_SCANS:
            raise ValueError("a picture that is drawn without end")
        with Image.open(io.BytesIO(content), formats=(format,)) as picture:
            if math.prod(picture.size) <= _MOST_PIXELS[format]:
                with _one_at_a_time:
                    return _drawn(picture, format)
    except Image.DecompressionBombError:
        pass
    except Exception:  # a decoder fails over a broken picture in any way there is
        raise Refused(Sentence("Gambar ini rusak atau tidak utuh. Buka dulu di perangkat Anda, simpan lagi, lalu unggah lagi."), field=field) from None
    raise Refused(Sentence("Gambar ini terlalu besar: paling banyak {most} juta piksel. Perkecil dulu.", most=_MOST_PIXELS[format] // 1_000_000), field=field)


def _drawn(picture: Image.Image, format: str) -> bytes:
    picture.draft(None, _bounded(picture.size))
    picture.load()
    turn = _turn(picture)
    drawn = _in_plain_colours(picture, has_alpha=format != "JPEG")
    drawn.thumbnail(_bounded(drawn.size))
    if turn is not None:
        drawn = drawn.transpose(turn)
    drawn.info = {}  # Pillow would write the comment and the colour profile out again
    out = io.BytesIO()
    drawn.save(out, format, **_SAVED[format])
    return out.getvalue()


def _scans_in(jpeg: bytes) -> int:
    """How many times over a JPEG is drawn: a few bytes a time are enough to keep a decoder busy for hours."""
    place, scans = 2, 0
    while (marker := _MARKER.search(jpeg, place)) and marker[0] != _END:
        scans += marker[0] == _START_OF_SCAN
        place = marker.end() + int.from_bytes(jpeg[marker.end() : marker.end() + 2], "big")
    return scans


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How a picture has to be turned to stand upright; a camera's note that cannot be read leaves it as it lies."""
    with suppress(Exception):
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    return None


def _in_plain_colours(picture: Image.Image, *, has_alpha: bool) -> Image.Image:
    """Eight bits a colour and no palette, which could carry a text."""
    if picture.mode in (_WITH_ALPHA if has_alpha else _WITHOUT_ALPHA):
        return picture
    if picture.mode == "I;16":  # a plain conversion would make all but the darkest greys white
        return picture.point(lambda dot: dot / 256).convert("L")
    return picture.convert("RGBA" if has_alpha and picture.has_transparency_data else "RGB")


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    """The size, or where it has too many dots the same shape with as many as are kept."""
    scale = min(1.0, math.sqrt(_KEPT_PIXELS / math.prod(size)))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))

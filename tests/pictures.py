"""Files as people send them, honest and not: pictures with what cameras write into them, PDF, and things that lie about what they are."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

GPS = 0x8825
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00"
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def picture(format: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", colour: Any = 128, **facts: Any) -> bytes:
    """A picture of one colour."""
    return written(Image.new(mode, size, colour), format, **facts)


def written(image: Image.Image, format: str = "JPEG", **facts: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **facts)
    return out.getvalue()


def from_a_telephone(format: str = "JPEG", *, orientation: int = 6) -> bytes:
    """A picture, red on its left half, with the place and the device in it, held as the orientation says."""
    image = Image.new("RGB", (64, 32), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0110] = "Telepon Rahasia"
    exif[0x0112] = orientation
    exif.get_ifd(GPS).update({1: "S", 2: (6.0, 10.0, 30.0), 3: "E", 4: (106.0, 49.0, 0.0)})
    return written(image, format, exif=exif)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def png_saying(width: int, height: int, *, with_text: bytes = b"") -> bytes:
    """A tiny PNG that says it is this large."""
    parts = [_chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    parts += [_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(with_text))] if with_text else []
    return b"\x89PNG\r\n\x1a\n" + b"".join([*parts, _chunk(b"IDAT", zlib.compress(b"\0" * 100)), _chunk(b"IEND", b"")])


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

"""Long answers that leave in pieces: packed on the way, never held whole."""

import zlib
from collections.abc import Iterable, Iterator

from flask import Response, request, stream_with_context

_PIECE = 60_000  # bytes that are packed at a time
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}  # what other sites' pages may read


def streamed(lines: Iterable[bytes], mimetype: str, *, name: str = "") -> Response:
    """An answer made of lines, open to all sites, as a file with a name if it has one."""
    takes_gzip = request.accept_encodings["gzip"] > 0
    pieces = _packed(_pieces(lines)) if takes_gzip else _pieces(lines)
    headers = {**OPEN, "Vary": "Accept-Encoding"}
    if takes_gzip:
        headers["Content-Encoding"] = "gzip"
    if name:
        headers["Content-Disposition"] = f"attachment; filename={name}"
    return Response(stream_with_context(pieces), mimetype=mimetype, headers=headers, direct_passthrough=True)


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in pieces worth sending."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()

"""How an answer leaves: security headers, one strong tag for each encoding, gzip, 304, no cookie on public pages."""

import gzip
import hashlib
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from secure import CacheControl, ContentSecurityPolicy, CrossOriginOpenerPolicy, PermissionsPolicy, ReferrerPolicy, Secure, XContentTypeOptions

from portal.db import ready_connection
from portal.views.access import PUBLIC

_COMPRESSED = ("text/", "application/json", "application/problem+json", "application/atom+xml", "application/openapi+json", "image/svg+xml")
_policy = (
    ContentSecurityPolicy().default_src("'none'").script_src("'self'").style_src("'self'").img_src("'self'", "data:").connect_src("'self'")
    .form_action("'self'").base_uri("'none'").frame_ancestors("'none'")
)  # fmt: skip
_headers = Secure(
    csp=_policy, referrer=ReferrerPolicy().same_origin(), xcto=XContentTypeOptions(), coop=CrossOriginOpenerPolicy().same_origin(),
    permissions=PermissionsPolicy().geolocation().camera().microphone())  # fmt: skip
SECURITY_HEADERS: dict[str, str] = dict(_headers.headers)
PRIVATE = CacheControl().no_store().header_value
WITHOUT_DATABASE = ("health", "assets")


def start(app: Flask) -> None:
    """Give each request a connection and each answer its headers."""
    app.before_request(_connect)
    app.after_request(_finish)
    app.wsgi_app = under_scheme(app.wsgi_app, app.config["PREFERRED_URL_SCHEME"])  # type: ignore[method-assign]


def under_scheme(serve: Any, scheme: str) -> Any:
    """The application with the scheme of its own address: before it a proxy ends TLS, and what then arrives as http was asked for by https."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.url_scheme"] = scheme
        return serve(environ, start_response)

    return answer


def show(full: str, fragment: str = "", /, **facts: Any) -> str:
    """A page, or its fragment alone when htmx asks for that."""
    wants_fragment = fragment and request.headers.get("HX-Request-Type") == "partial"  # a history restore wants the page
    return render_template(fragment if wants_fragment else full, **facts)


def _connect() -> None:
    """A connection for every view but those that must answer without one."""
    if request.blueprint not in WITHOUT_DATABASE:
        ready_connection()


def _finish(answer: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        answer.headers.setdefault(name, value)
    view = current_app.view_functions.get(request.endpoint or "")
    is_public = PUBLIC in getattr(view, "allowed", ()) or answer.status_code in {404, 405}
    if not is_public:
        answer.headers.setdefault("Cache-Control", PRIVATE)
        return _packed(answer)  # its tokens are safe so: the cookie is SameSite, no other site can ask for page after page in the reader's name
    answer.headers.setdefault("Cache-Control", "public, no-cache" if answer.status_code == 200 else "no-store")
    if answer.direct_passthrough or answer.status_code != 200 or request.method not in {"GET", "HEAD"}:
        return _packed(answer)
    answer.vary.update(("Accept-Encoding", "HX-Request", "HX-Request-Type", "Save-Data"))
    if "ETag" not in answer.headers:
        answer.set_etag(hashlib.blake2b(answer.get_data(), digest_size=12).hexdigest())
    packed = _packed(answer)
    packed.make_conditional(request)
    return packed


def _packed(answer: Response) -> Response:
    """The answer compressed, where the reader takes that and it is worth it; then with a tag of its own."""
    if answer.direct_passthrough or answer.is_streamed:  # a long table on its way is never held whole
        return answer
    body = answer.get_data()
    wanted = request.accept_encodings["gzip"] > 0 and (answer.mimetype or "").startswith(_COMPRESSED)
    if wanted and len(body) > 500 and "Content-Encoding" not in answer.headers:
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
        tag, _ = answer.get_etag()
        if tag:
            answer.set_etag(tag + "-gzip")
    return answer

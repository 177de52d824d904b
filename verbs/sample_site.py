"""The sample organisation's web site: a Moodle, feeds and pages, on the loopback interface only."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.secrets import variable

SAMPLE = Path(__file__).resolve().parent.parent / "config" / "sample"
SOURCES = SAMPLE / "sources.yaml"
PORT = 8790  # as written in the sample's sources.yaml and in its files
_TOKEN = SAMPLE / "moodle.token"
_SITE = SAMPLE / "site"
_MOODLE = _SITE / "moodle"
_WRITTEN_ADDRESS = f"127.0.0.1:{PORT}".encode()
_TYPES = {
    ".atom": "application/atom+xml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rss": "application/rss+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def environment() -> dict[str, str]:
    """The variables that hand the sample's Moodle token to its connector."""
    return {f"{variable('campus', 'token')}_FILE": str(_TOKEN)}


@contextmanager
def serve_sample(port: int = PORT) -> Iterator[str]:
    """Serves the sample on 127.0.0.1 while the block runs; 0 takes a free port.

    Gives the site's address. Raises OSError where the port is taken.
    """
    with ThreadingHTTPServer(("127.0.0.1", port), _Handler) as server:
        thread = Thread(target=server.serve_forever, name="sample site", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


_NOT_FOUND = Answer(b"not found\n", "text/plain", 404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleSite"
    # Headers and body go out in two writes; with Nagle's algorithm that cost 40 ms a request.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self._send(answer(unquote(url.path), dict(parse_qsl(url.query))))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._send(answer(unquote(url.path), dict(parse_qsl(url.query)) | dict(parse_qsl(sent))))

    def _send(self, found: Answer) -> None:
        body = found.body
        if _is_text(found.type):
            body = body.replace(
                _WRITTEN_ADDRESS, "{}:{}".format(*self.connection.getsockname()).encode()
            )
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        status = 304 if found.status == 200 and self._has(tag, found) else found.status
        self.send_response(status)
        for name, value in ({"ETag": tag} | dict(found.headers)).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", found.type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(body)

    def _has(self, tag: str, found: Answer) -> bool:
        """Whether the client's copy is the current one (RFC 9110, 13.2.2: the tag decides)."""
        if self.command == "POST":
            return False
        if tags := self.headers.get("If-None-Match"):
            return tag in tags or tags.strip() == "*"
        since, changed = self.headers.get("If-Modified-Since"), found.headers.get("Last-Modified")
        if not since or not changed:
            return False
        try:
            return parsedate_to_datetime(since) >= parsedate_to_datetime(changed)
        except (TypeError, ValueError):
            return False

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the site runs beside a progress bar."""


def answer(path: str, fields: Mapping[str, str]) -> Answer:
    """What the site says to a request for `path` with these parameters."""
    if path == "/moodle/webservice/rest/server.php":
        return Answer(json.dumps(_web_service(fields)).replace("/", "\\/").encode())
    if path.startswith("/moodle/webservice/pluginfile.php/"):
        if refusal := _refused(fields, "token"):
            told = {"error": refusal["message"], "errorcode": refusal["errorcode"]}
            return Answer(json.dumps(told | {"stacktrace": None, "debuginfo": None}).encode())
        return _file(_MOODLE / "files", path.removeprefix("/moodle/webservice/pluginfile.php/"))
    if path == "/moodle/course/view.php":
        return _course_page(fields.get("id", ""))
    if path.startswith("/moodle/mod/") and path.endswith("/view.php"):
        return _module_page(fields.get("id", ""))
    if path.startswith("/moodle/"):
        return _NOT_FOUND
    if path.startswith("/handbook/"):
        return _file(SAMPLE / "handbook", path.removeprefix("/handbook/"))
    return _file(_SITE, path.strip("/"))


def _file(root: Path, name: str) -> Answer:
    """A file below `root`, or the page of that name."""
    found = (root / name).resolve()
    if not found.suffix:
        found = found.with_suffix(".html")
    if not found.is_relative_to(root) or not found.is_file():
        return _NOT_FOUND
    kind = _TYPES.get(found.suffix) or mimetypes.guess_type(found.name)[0]
    changed = formatdate(found.stat().st_mtime, usegmt=True)
    headers = {"Last-Modified": changed}
    return Answer(found.read_bytes(), kind or "application/octet-stream", headers=headers)


def _web_service(fields: Mapping[str, str]) -> Any:
    """Moodle's answer, from the file named for the function; its errors come with status 200."""
    if refusal := _refused(fields, "wstoken"):
        return {"exception": "core\\exception\\moodle_exception"} | refusal
    function = fields.get("wsfunction", "")
    course = fields.get("courseid", "") if function == "core_course_get_contents" else ""
    courses: list[dict[str, Any]] = _read("core_course_get_courses")
    if course and course not in {str(known["id"]) for known in courses}:
        return _error("dml_missing_record_exception", "invalidrecord", "Can't find data record")
    if function == "core_course_get_courses":
        wanted = {value for name, value in fields.items() if name.startswith("options[ids]")}
        return [known for known in courses if not wanted or str(known["id"]) in wanted]
    known_functions = {
        entry["name"] for entry in _read("core_webservice_get_site_info")["functions"]
    }
    if function not in known_functions:
        return _error("webservice_access_exception", "accessexception", "Access control exception")
    return _read(f"{function}/{course}" if course else function)


def _refused(fields: Mapping[str, str], name: str) -> dict[str, str] | None:
    token = fields.get(name)
    if token is None:
        return {
            "errorcode": "missingparam",
            "message": f"A required parameter ({name}) was missing",
        }
    if token != _TOKEN.read_text(encoding="utf-8").strip():
        return {"errorcode": "invalidtoken", "message": "Invalid token - token not found"}
    return None


def _error(exception: str, code: str, message: str) -> dict[str, str]:
    return {"exception": exception, "errorcode": code, "message": message}


def _read(name: str) -> Any:
    return json.loads((_MOODLE / "answers" / f"{name}.json").read_text(encoding="utf-8"))


def _modules(course: int) -> list[dict[str, Any]]:
    sections = _read(f"core_course_get_contents/{course}")
    return [module for section in sections for module in section["modules"] if module]


def _course_page(number: str) -> Answer:
    """A plain stand-in for Moodle's own page, so that a hit opens something."""
    course = next((c for c in _read("core_course_get_courses") if str(c["id"]) == number), None)
    if course is None:
        return _NOT_FOUND
    body = "".join(
        f'<section id="module-{m["id"]}"><h2>{escape(m["name"])}</h2>{_module_text(m)}</section>\n'
        for m in _modules(course["id"])
    )
    title = escape(course["fullname"])
    page = (
        f'<!DOCTYPE html>\n<html lang="{course["lang"] or "en"}">\n<head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><main><h1>{title}</h1>\n"
        f"{course['summary']}\n{body}</main></body></html>\n"
    )
    return Answer(page.encode(), _TYPES[".html"])


def _module_text(module: Mapping[str, Any]) -> str:
    texts = [module.get("description") or ""]
    for content in module.get("contents", ()):
        url = content["fileurl"] or ""
        if content["type"] == "url":
            texts.append(f'<a href="{escape(url)}">{escape(content["filename"])}</a>')
        elif url.partition("?")[0].endswith(".html"):
            path = urlsplit(url).path.removeprefix("/moodle/webservice/pluginfile.php/")
            page = (_MOODLE / "files" / path).read_text(encoding="utf-8")
            texts.append(page.partition("<body>")[2].partition("</body>")[0])
    return "".join(texts)


def _module_page(number: str) -> Answer:
    for course in _read("core_course_get_courses"):
        if any(str(module["id"]) == number for module in _modules(course["id"])):
            place = f"/moodle/course/view.php?id={course['id']}#module-{number}"
            return Answer(b"", "text/html", 303, {"Location": place})
    return _NOT_FOUND


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or "json" in kind or "xml" in kind.partition("+")[2]

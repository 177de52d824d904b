"""The sample site answers as a Moodle and as a well-kept web server do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from config.secrets import secret
from verbs.sample_site import PORT, SOURCES, environment, serve_sample


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve_sample(0) as address:
        yield address


@pytest.fixture(scope="module")
def token() -> str:
    found = secret("campus", "token", environment())
    assert found
    return found.get_secret_value()


def ask(site: str, **fields: str) -> requests.Response:
    fields |= {"moodlewsrestformat": "json"}
    return requests.post(f"{site}/moodle/webservice/rest/server.php", data=fields, timeout=10)


def test_courses_and_their_contents(site: str, token: str) -> None:
    courses = ask(site, wstoken=token, wsfunction="core_course_get_courses").json()
    assert [course["id"] for course in courses] == list(range(1, 12))
    sections = ask(site, wstoken=token, wsfunction="core_course_get_contents", courseid="2").json()
    names = [module and module["modname"] for section in sections for module in section["modules"]]
    assert names == ["page", "page", None, "page", "label"]


def test_courses_can_be_asked_for_by_number(site: str, token: str) -> None:
    function = "core_course_get_courses"
    fields = {"wstoken": token, "wsfunction": function, "options[ids][0]": "4"}
    assert [course["id"] for course in ask(site, **fields).json()] == [4]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"wstoken": "wrong", "wsfunction": "core_course_get_courses"}, "invalidtoken"),
        ({"wsfunction": "core_course_get_courses"}, "missingparam"),
    ],
)
def test_without_the_token_moodle_says_so_with_status_200(
    site: str, fields: dict[str, str], code: str
) -> None:
    reply = ask(site, **fields)
    assert reply.status_code == 200
    assert reply.json()["exception"]
    assert reply.json()["errorcode"] == code


@pytest.mark.parametrize(
    ("function", "course", "code"),
    [
        ("core_user_delete_users", "", "accessexception"),
        ("core_course_get_contents", "99", "invalidrecord"),
        ("core_course_get_contents", "../core_course_get_courses", "invalidrecord"),
    ],
)
def test_what_is_not_there_is_an_exception(
    site: str, token: str, function: str, course: str, code: str
) -> None:
    reply = ask(site, wstoken=token, wsfunction=function, courseid=course).json()
    assert reply["errorcode"] == code


def files(site: str, token: str) -> list[dict[str, Any]]:
    reply = ask(site, wstoken=token, wsfunction="core_course_get_contents", courseid="3")
    modules = [module for section in reply.json() for module in section["modules"]]
    return [c for m in modules for c in m["contents"] if c["type"] == "file"]


def test_files_carry_this_sites_address_and_need_the_token(site: str, token: str) -> None:
    urls = [content["fileurl"] for content in files(site, token)]
    assert len(urls) == 5
    for url in urls:
        assert url.startswith(f"{site}/moodle/webservice/pluginfile.php/")
        reply = requests.get(url, params={"token": token}, timeout=10)
        assert reply.status_code == 200
        refusal = requests.get(url, timeout=10).json()
        assert refusal["errorcode"] == "missingparam"
        assert refusal["error"]


def test_a_file_has_the_size_that_moodle_tells(site: str, token: str) -> None:
    (pdf,) = [content for content in files(site, token) if content.get("mimetype")]
    reply = requests.get(pdf["fileurl"], params={"token": token}, timeout=10)
    assert reply.headers["Content-Type"] == pdf["mimetype"] == "application/pdf"
    assert len(reply.content) == pdf["filesize"]


def test_a_course_and_a_module_open_a_page(site: str) -> None:
    reply = requests.get(f"{site}/moodle/mod/page/view.php", params={"id": "210"}, timeout=10)
    assert urlsplit(reply.url).path == "/moodle/course/view.php"
    assert 'id="module-210"' in reply.text
    assert "feel it with the back of your hand" in reply.text


@pytest.mark.parametrize("name", ["deck-log.rss", "hafenblog.atom", "crew-clips.json"])
def test_an_unchanged_feed_is_not_sent_again(site: str, name: str) -> None:
    first = requests.get(f"{site}/feeds/{name}", timeout=10)
    assert first.status_code == 200
    assert site in first.text
    for given, asked in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        headers = {asked: first.headers[given]}
        again = requests.get(f"{site}/feeds/{name}", headers=headers, timeout=10)
        assert again.status_code == 304
        assert again.content == b""
    other = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}
    assert requests.get(f"{site}/feeds/{name}", headers=other, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/robots.txt", "text/plain"),
        ("/deck-log/pivot-tables", "text/html"),
        ("/harbourlight/HL-101", "text/html"),
        ("/handbook/safety-handbook.pdf", "application/pdf"),
    ],
)
def test_links_open(site: str, path: str, kind: str) -> None:
    reply = requests.get(site + path, timeout=10)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/moodle/answers/core_course_get_courses.json",
        "/%2e%2e/moodle.token",
        "/handbook/..%2fmoodle.token",
        "/handbook/%2fetc/passwd",
        "/",
    ],
)
def test_nothing_else_is_served(site: str, path: str) -> None:
    assert requests.get(site + path, timeout=10).status_code == 404


def test_the_written_address_is_that_of_the_sources_file() -> None:
    assert f"http://127.0.0.1:{PORT}/" in SOURCES.read_text(encoding="utf-8")


def test_the_token_is_where_the_environment_says(token: str) -> None:
    (path,) = environment().values()
    assert Path(path).read_text(encoding="utf-8").strip() == token
    assert json.dumps(token) not in SOURCES.read_text(encoding="utf-8")

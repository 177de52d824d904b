"""A Qdrant server that is away, busy or refuses us, told from each other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from catalogue.errors import NeedsPerson, SkillshelfError, TryLater
from index.depots import open_depot

KEY = SecretStr("a-key-nobody-may-see")


@contextmanager
def answering(status: int, body: bytes = b'{"status": {"error": "no"}}') -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


# The client warns that a key goes over plain HTTP; on loopback that is meant.
@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")
@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (401, NeedsPerson, "SKILLSHELF_QDRANT_API_KEY"),
        (403, NeedsPerson, "refuses the key"),
        (429, TryLater, "answers 429"),
        (503, TryLater, "answers 503"),
    ],
)
def test_what_a_server_answers(
    tmp_path: Path, status: int, kind: type[SkillshelfError], says: str
) -> None:
    with answering(status) as url, pytest.raises(kind, match=says) as told:
        open_depot(tmp_path, url, KEY).ready()
    assert KEY.get_secret_value() not in str(told.value)


def test_an_answer_that_is_no_json_is_tried_again_later(tmp_path: Path) -> None:
    with answering(200, b"<html>a proxy's page") as url, pytest.raises(TryLater):
        open_depot(tmp_path, url).ready()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with answering(200) as url:
        pass
    with pytest.raises(TryLater, match=r"127\.0\.0\.1:\d+ does not answer"):
        open_depot(tmp_path, url).ready()

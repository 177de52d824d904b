"""Real git repositories, and git's own HTTP server in front of them."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from requests import PreparedRequest

from connectors.testing import Answer

File = bytes | str | None  # None removes it; text is the target of a link, or "submodule"
START = 1767600000  # seconds; each commit is a minute after the one before
QUIET = {
    "PATH": os.environ.get("PATH", ""),
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "HOME": "/nonexistent",
}


def git(folder: Path, *words: str, data: bytes = b"") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], input=data, capture_output=True, check=True, env=QUIET
    )
    return done.stdout.decode().strip()


def repository(folder: Path, *commits: Mapping[str, File]) -> list[str]:
    """Make a bare repository with these commits on `main`; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    git(folder, "config", "uploadpack.allowFilter", "true")
    return [commit(folder, files) for files in commits]


def commit(folder: Path, files: Mapping[str, File], onto: str = "") -> str:
    """Add a commit to `main`, or make `main` anew on top of `onto`."""
    parent = onto or git(folder, "for-each-ref", "--format=%(objectname)", "refs/heads/main")
    number = int(git(folder, "rev-list", "--count", parent)) if parent else 0
    who = f"Ann Writer <ann@example.org> {START + 60 * number} +0000"
    stream = f"commit refs/heads/main\ncommitter {who}\ndata 5\nwords\n".encode()
    stream += f"from {parent}\n".encode() if parent else b""
    stream += b"".join(_change(path, content) for path, content in files.items())
    git(folder, "fast-import", "--quiet", "--force", data=stream + b"\ndone\n")
    return git(folder, "rev-parse", "refs/heads/main")


def _change(path: str, content: File) -> bytes:
    if content is None:
        return f'D "{path}"\n'.encode()
    if content == "submodule":
        return f'M 160000 {"1" * 40} "{path}"\n'.encode()
    data = content.encode() if isinstance(content, str) else content
    mode = "120000" if isinstance(content, str) else "100644"
    return f'M {mode} inline "{path}"\ndata {len(data)}\n'.encode() + data + b"\n"


def http_backend(
    root: Path, authorised: Callable[[PreparedRequest], bool]
) -> Callable[[PreparedRequest], Answer]:
    """git's own CGI program, serving the repositories below `root`."""

    def server(request: PreparedRequest) -> Answer:
        if not authorised(request):
            return Answer("who are you?", 401, {"WWW-Authenticate": 'Basic realm="git"'})
        return _answer(_backend(root, request))

    return server


def _backend(root: Path, request: PreparedRequest) -> bytes:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else bytes(body)
    environment = {
        **QUIET,
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": str(request.headers.get("Git-Protocol", "")),
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "REQUEST_METHOD": str(request.method),
        "CONTENT_TYPE": str(request.headers.get("Content-Type", "")),
        "CONTENT_LENGTH": str(len(data)),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    }
    done = subprocess.run(["git", "http-backend"], input=data, capture_output=True, env=environment)
    return done.stdout


def _answer(said: bytes) -> Answer:
    head, _, body = said.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n"))
    headers = {name: value for name, _, value in lines}
    return Answer(body, int(headers.pop("Status", "200").split()[0]), headers)

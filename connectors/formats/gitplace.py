"""Where a repository is: at an https address, or in a folder. Read through dulwich.

Nothing is checked out, no hook, filter, submodule or setting of the repository is heeded. From a
server come the trees of one commit first, then the files that are wanted: no history, no clone.
"""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from catalogue.errors import BadItem, NeedsPerson, SkillshelfError, TryLater
from connectors.formats.gitchanges import Contents
from connectors.formats.gitpack import check_sizes
from connectors.http import Http
from connectors.http.addresses import shown

MOST_FILES = 500_000  # the Linux kernel has 90,000; a hostile tree of a few objects may have 10^10
PACKED = 128 * 2**20  # bytes of one answer
UNPACKED = 512 * 2**20  # a pack of text unpacks to about four times its size


class _NotUnderstood(NeedsPerson):
    """An answer that makes no sense to a git client."""


class Repository(Protocol):
    def tip(self, branch: str) -> tuple[str, str]:
        """The branch's name and its latest commit; "" asks for the repository's own default."""

    def trees(self, *commits: str) -> bool:
        """Make the commits' trees readable. False where one of them does not exist any more."""

    def files(self, commit: str) -> dict[str, str]:
        """Path → hash of every regular file. "" is the commit before the first."""

    def contents(self, hashes: set[str]) -> Contents:
        """What the files hold; BadItem where one cannot be had."""

    def close(self) -> None: ...


def files_of(store: Any, commit: str) -> dict[str, str]:
    if not commit:
        return {}
    entries = store.iter_tree_contents(_commit(store, commit).tree)
    found = {
        entry.path.decode("utf-8", "backslashreplace"): entry.sha.decode()
        for entry in islice(entries, MOST_FILES)
        if stat.S_ISREG(entry.mode)  # no links, no submodules
    }
    if next(entries, None) is not None:
        raise NeedsPerson(f"commit {commit[:10]} has more than {MOST_FILES:,} files")
    return {path: sha for path, sha in found.items() if ".." not in path.split("/")}


def _commit(store: Any, name: str) -> Any:
    found = store[name.encode()]
    while found.type_name == b"tag":
        found = store[found.object[1]]
    return found


class InFolder:
    """A repository on this machine, bare or with its working tree."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        from dulwich.errors import NotGitRepository
        from dulwich.repo import Repo

        self._max_bytes = max_bytes
        try:
            self._repo: Any = Repo(str(path))
        except (NotGitRepository, OSError):
            raise NeedsPerson(f"{path} is no git repository; correct `path`") from None
        self._path = path

    def tip(self, branch: str) -> tuple[str, str]:
        refs = self._repo.refs
        name = f"refs/heads/{branch}".encode() if branch else refs.follow(b"HEAD")[0][-1]
        try:
            return name.decode().removeprefix("refs/heads/"), refs[name].decode()
        except KeyError:
            raise NeedsPerson(f"{self._path} has no branch {branch or 'with a commit'}") from None

    def trees(self, *commits: str) -> bool:
        return all(commit.encode() in self._repo.object_store for commit in commits)

    def files(self, commit: str) -> dict[str, str]:
        return files_of(self._repo.object_store, commit)

    def contents(self, hashes: set[str]) -> Contents:
        return {sha: self._content(sha) for sha in hashes}

    def _content(self, sha: str) -> bytes | BadItem:
        data: bytes = self._repo.object_store[sha.encode()].as_raw_string()
        large = len(data) > self._max_bytes
        return (
            BadItem(f"is {len(data):,} bytes; `max_bytes` is {self._max_bytes:,}")
            if large
            else data
        )

    def close(self) -> None:
        self._repo.close()


class AtAddress:
    """A repository on a server, by git's protocol over HTTP through the polite door."""

    def __init__(
        self, url: str, http: Http, user: str, token: SecretStr | None, max_bytes: int
    ) -> None:
        from dulwich.object_store import MemoryObjectStore

        self.url, self._http, self._max_bytes = url.rstrip("/"), http, max_bytes
        self._auth = (user, token.get_secret_value()) if token else None
        self._store: Any = MemoryObjectStore()

    def tip(self, branch: str) -> tuple[str, str]:
        with self._understood():
            answer = self._client().get_refs("", ref_prefix=[b"HEAD", b"refs/heads/"])
        own = answer.symrefs.get(b"HEAD", b"HEAD")
        name = f"refs/heads/{branch}".encode() if branch else own
        commit = answer.refs.get(name)
        if commit is None:
            raise NeedsPerson(f"{shown(self.url)} has no branch {branch or 'with a commit'}")
        return name.decode().removeprefix("refs/heads/"), commit.decode()

    def trees(self, *commits: str) -> bool:
        missing = [c for c in commits if c and c.encode() not in self._store]
        try:
            if missing:
                with self._understood():
                    self._fetch(missing, UNPACKED, depth=1, filter_spec=b"blob:none")
        except _NotUnderstood:  # "not our ref", mostly: the branch was written anew
            return False
        except BadItem as error:
            raise NeedsPerson(f"{shown(self.url)}: its listing is {error}") from None
        return all(name.encode() in self._store for name in missing)

    def files(self, commit: str) -> dict[str, str]:
        with self._understood():
            return files_of(self._store, commit)

    def contents(self, hashes: set[str]) -> Contents:
        """A batch that is too large is halved until what makes it so is alone."""
        present = {sha for sha in hashes if sha.encode() in self._store}
        found: dict[str, bytes | BadItem] = {s: self._taken(s) for s in present}
        wanted = sorted(hashes - present)
        try:
            if wanted:
                with self._understood():
                    self._fetch(wanted, self._max_bytes, item=True)
        except BadItem as error:
            if len(wanted) == 1:
                return found | {wanted[0]: error}
            half = len(wanted) // 2
            more = (self.contents(set(some)) for some in (wanted[:half], wanted[half:]))
            return found | {sha: data for some in more for sha, data in some.items()}
        return found | {sha: self._taken(sha) for sha in wanted}

    def close(self) -> None:
        self._store.close()

    def _taken(self, sha: str) -> bytes:
        """A file's bytes, which are not kept any longer."""
        try:
            data: bytes = self._store[sha.encode()].as_raw_string()
        except KeyError:
            raise TryLater(f"{shown(self.url)} left out a file that it had listed") from None
        del self._store[sha.encode()]
        return data

    def _client(self, item: bool = False) -> Any:
        from connectors.formats.gitclient import DoorClient

        return DoorClient(self.url, self._http, self._auth, PACKED, item=item)

    def _fetch(self, wants: list[str], largest: int, item: bool = False, **how: Any) -> None:
        from connectors.formats.gitclient import NoHistory

        pack, names = BytesIO(), [name.encode() for name in wants]
        client = self._client(item)
        client.fetch_pack("", lambda *_, **__: names, NoHistory(), pack.write, **how)
        if pack.tell():
            check_sizes(pack.getvalue(), largest, UNPACKED)
            file, commit, _ = self._store.add_pack()
            file.write(pack.getvalue())
            commit()

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """What dulwich cannot read is said in the words of this product."""
        try:
            yield
        except SkillshelfError:
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {str(error)[:200]}"
            raise _NotUnderstood(f"{shown(self.url)}: not what git answers ({said})") from None

"""A PostgreSQL server of the tests' own, in a temporary folder, reached by a Unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text


def installed() -> Path | None:
    """The folder of the newest server's programs, where one is installed and can be run."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return found[-1].parent if found and (os.geteuid() != 0 or _unprivileged()) else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Starts a server; yields the address of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_quickest()))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, control = folder / "data", programs / "pg_ctl"
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    try:
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        _run(control, "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _run(control, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_schema(address: str) -> str:
    """Makes an empty schema; its address as a user would write it.

    A schema, because to drop a database makes the server write everything to disk first.
    """
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(address)
    with engine.begin() as conn:
        conn.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{address.replace('+psycopg', '')}&options=-csearch_path%3D{name}"


def _quickest() -> Path | None:
    """Memory where there is enough: the server makes and removes thousands of files."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30
    return memory if roomy and os.access(memory, os.W_OK) else None


def _run(*command: str | Path) -> None:
    # The server refuses to run as root, and must not inherit a pipe it would keep open.
    prefix = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*prefix, *map(str, command)], stdout=subprocess.DEVNULL, cwd="/", check=False, timeout=60
    )
    assert done.returncode == 0, f"{command[0]} failed"


def _unprivileged() -> bool:
    users = {user.pw_name for user in pwd.getpwall()}
    return "postgres" in users and shutil.which("runuser") is not None


def _version(path: Path) -> int:
    return int(path.parent.parent.name)

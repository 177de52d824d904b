"""A home folder and a person at a terminal before it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import cli
from config.environment import child_environment
from config.settings import load_settings

PATIENCE_S = 240
# A taxonomy of a few skills: ESCO's 14,000 take a second or two to be got ready in every process.
FEW_SKILLS = """id,label
http://skills.example/negotiate,negotiate price
http://skills.example/weld,weld metal
http://skills.example/accounts,keep accounts
http://skills.example/first-aid,provide first aid
http://skills.example/git,use version control
http://skills.example/statistics,compute statistics
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a verb answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Home:
    path: Path

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def settings(self, text: str = "") -> None:
        """Write skillshelf.toml, with a small taxonomy."""
        self.write("skills.csv", FEW_SKILLS)
        self.write("skillshelf.toml", f'taxonomy = "skills.csv"\n{text}')

    def sources(self, **stanzas: str) -> None:
        """Write sources.yaml: of each source its lines below `owner`."""
        lines = ["sources:"]
        for name, stanza in stanzas.items():
            lines += [f"  {name}:", "    owner: ann@learn.example"]
            lines += [f"    {line}" for line in stanza.splitlines()]
        self.write("sources.yaml", "\n".join(lines) + "\n")

    def run(self, *words: str) -> Said:
        """One verb, in this process."""
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main(["--home", str(self.path), *words])
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Said(code, out.getvalue(), err.getvalue())

    def run_apart(
        self,
        *words: str,
        environ: Mapping[str, str] | None = None,
        given: str = "",
        cwd: Path | None = None,
    ) -> Said:
        """One verb, in a process of its own."""
        done = subprocess.run(
            self.command(*words),
            env=self.environment(environ),
            input=given,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def start(
        self,
        *words: str,
        environ: Mapping[str, str] | None = None,
        out: IO[bytes] | int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """One verb under way, in a process group of its own."""
        return subprocess.Popen(
            self.command(*words),
            env=self.environment(environ),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @contextmanager
    def running(
        self, *words: str, until: str, environ: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A verb that has said `until`; it is interrupted at the end of the block."""
        log = self.path / f"{words[0]}.log"
        with log.open("wb") as file:
            process = self.start(*words, environ=environ, out=file)
        try:
            deadline = time.monotonic() + PATIENCE_S
            while until not in log.read_text():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_S)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        return child_environment(load_settings(self.path, {})) | dict(more or {})

    @staticmethod
    def command(*words: str) -> list[str]:
        return [sys.executable, "-u", "-m", "cli", *words]


def kill(process: subprocess.Popen[bytes]) -> None:
    """As `kill -9` does to a whole group; one that has ended already is no error."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""Run a command that ends when we do, however we end: `python -m flows.leash COMMAND…`.

Whoever starts this holds the other end of its standard input. The system closes that end even
when its holder is killed; then the command, and what it started, is told to end.
"""

import os
import signal
import subprocess
import sys
import threading

PATIENCE_S = 10


def main() -> int:
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: end(process))
    threading.Thread(target=watch, args=(process,), daemon=True).start()
    return process.wait()


def watch(process: subprocess.Popen[bytes]) -> None:
    """End the command once the other end of our standard input is closed."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group to end, then make it."""
    tell(process, signal.SIGTERM)
    timer = threading.Timer(PATIENCE_S, tell, (process, signal.SIGKILL))
    timer.daemon = True
    timer.start()


def tell(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, what)


if __name__ == "__main__":
    sys.exit(main())

"""`ais` as a process that goes on, and what its runs need."""
import os
import select
import signal
import subprocess
import time

from conftest import BUILD

AIS = BUILD / "bin" / "ais"


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


def environment(endpoint, **more):
    base = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return {**base, "AIS_ENDPOINT": endpoint, "TERM": "xterm", **more}


class Pipe:
    """A command whose output is read line by line while it runs."""

    def __init__(self, endpoint, *arguments):
        self.process = subprocess.Popen([AIS, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=environment(endpoint))
        self.text = b""

    def read_until(self, condition, timeout=30):
        """Reads until `condition(text)` holds; returns the text."""
        deadline = time.monotonic() + timeout
        while not condition(self.text.decode()):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert piece, (self.text, self.process.poll())
            self.text += piece
        return self.text.decode()

    def interrupt(self):
        """Ctrl-C; returns (exit status, all output, errors)."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, (self.text + out).decode(), err.decode()

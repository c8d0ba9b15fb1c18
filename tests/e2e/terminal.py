"""A program on a pseudo-terminal whose width changes while it runs, and what that terminal shows."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PIECE = re.compile(r"\x1b\[(\?)?([\d;]*)([A-Za-z])|(\r)|(\n)|([^\x1b])", re.DOTALL)
MARK = "\x1b[99z"  # no program writes this; it says how far the terminal's output had come


class Screen:
    """What the output does to a terminal: where the cursor is and whether a line ran over the right edge."""

    def __init__(self, columns):
        self.columns, self.column, self.wraps = columns, 0, True
        self.too_wide = []  # lines that went on in the next row

    def feed(self, text):
        for private, number, letter, carriage, newline, character in PIECE.findall(text):
            if carriage or newline or letter == "H":
                self.column = 0
            elif private and number == "7" and letter in "hl":
                self.wraps = letter == "h"
            elif character and self.column < self.columns:
                self.column += 1
            elif character and self.wraps:
                self.too_wide.append(text)
                self.column = 1


class ResizedTerminal:
    """A context, entered when the first picture has begun. `frame` begins each picture that the program draws: "\\r" of a line,
    "\\x1b[H" of a screen."""

    def __init__(self, arguments, environment, frame, columns, rows=40):
        self.frame, self.pending, self.text = frame, "", ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.read(0, 1)  # the size comes first
            os.execve(arguments[0], [str(word) for word in arguments], environment)
        self.rows, self.columns = rows, columns
        attributes = termios.tcgetattr(self.fd)
        attributes[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(self.fd, termios.TCSANOW, attributes)
        self._set_size(columns)
        os.write(self.fd, b"\n")
        self._read_until(frame)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)

    def _set_size(self, columns):
        self.columns = columns
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, columns, 0, 0))

    def _read_until(self, wanted, timeout=30):
        """Output up to and including `wanted`."""
        deadline = time.monotonic() + timeout
        while wanted not in self.pending:
            assert select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))[0], (wanted, self.pending)
            self.pending += os.read(self.fd, 65536).decode(errors="replace")
            assert self.pending, "the program has ended"
        head, _, self.pending = self.pending.partition(wanted)
        self.text += head + wanted
        return head + wanted

    def frames(self, number):
        """The next whole pictures."""
        self._read_until(self.frame)
        return [self.frame + self._read_until(self.frame).removesuffix(self.frame) for _ in range(number)]

    def resize(self, columns):
        """From here on frames() are those of the new width: the program stands still while it changes, and what it drew before, or was
        about to draw, is read away."""
        os.kill(self.pid, signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(self.pid, os.WUNTRACED)[1]), self.text
        line = os.open(os.readlink(f"/proc/{self.pid}/fd/0"), os.O_WRONLY | os.O_NOCTTY)
        os.write(line, MARK.encode())
        os.close(line)
        self._read_until(MARK)
        self._set_size(columns)
        os.kill(self.pid, signal.SIGCONT)
        self._read_until(self.frame)
        self._read_until(self.frame)

    def interrupt(self, timeout=30):
        """Ctrl-C; the exit status."""
        os.kill(self.pid, signal.SIGINT)
        deadline = time.monotonic() + timeout
        while select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
            try:
                piece = os.read(self.fd, 65536)
            except OSError:  # the program has ended
                break
            self.text += piece.decode(errors="replace")
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        self.pid = 0
        return status

"""Lines that are drawn again and again on a terminal whose width changes, and in a pipe that is none."""
import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest
from conftest import BUILD
from terminal import ResizedTerminal, Screen

AIS, LOADER = BUILD / "bin/ais", BUILD / "bin/aisloader"
WIDTHS = [100, 37, 12, 160, 60]
LINE, SCREEN = "\r", "\x1b[H"


def environment(endpoint):
    return {**os.environ, "AIS_ENDPOINT": endpoint, "TERM": "xterm"}


@pytest.fixture
def many(tmp_path):
    """More files than one worker sends while the terminal changes."""
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(6000):
        (folder / f"f{i:04}").write_bytes(b"x" * 100)
    return folder


def check_widths(terminal, widths):
    """Draws at every width; the longest line at each."""
    longest = []
    for columns in widths:
        terminal.resize(columns)
        screen = Screen(columns)
        screen.wraps = terminal.text.rfind("\x1b[?7l") <= terminal.text.rfind("\x1b[?7h")
        frames = terminal.frames(2)
        for frame in frames:
            screen.feed(frame)
        assert screen.too_wide == [], (columns, screen.too_wide)
        lines = re.sub(r"\x1b\[[?\d;]*[A-Za-z]|\r", "", "\n".join(frames)).split("\n")
        longest.append(max(map(len, lines)))
    return longest


def test_the_model_sees_a_line_that_is_too_wide():
    screen = Screen(5)
    screen.feed("\r12345\x1b[K\r\x1b[1m12345\x1b[0m\r\n\x1b[?7l1234567\x1b[?7h")
    assert screen.too_wide == []
    screen.feed("\r123456")
    assert screen.too_wide


def test_progress_keeps_within_the_terminal(cluster, bucket, many):
    line = [AIS, "put", many, f"ais://{bucket}/", "-j", "1"]
    with ResizedTerminal(line, environment(cluster.endpoint), LINE, 80) as terminal:
        longest = check_widths(terminal, WIDTHS)
        assert all(text < columns for text, columns in zip(longest, WIDTHS)), "one column stays free"
        assert longest[3] > 60 and longest[2] > 5, f"the width is used: {longest}"
        assert terminal.interrupt() == 130


def test_progress_of_the_loader_keeps_within_the_terminal(cluster, bucket):
    line = [LOADER, "--bucket", f"ais://{bucket}", "--pctput", "100", "--minsize", "1", "--duration", "5m", "--numworkers", "1"]
    with ResizedTerminal(line, environment(cluster.endpoint), LINE, 80) as terminal:
        longest = check_widths(terminal, [30, 100])
        assert longest[0] < 30 < longest[1] < 100, longest
        assert terminal.interrupt() == 0


@pytest.mark.parametrize("command", [["show", "cluster"], ["show", "performance"]])
def test_live_view_keeps_within_the_terminal(cluster, command):
    with ResizedTerminal([AIS, *command, "--refresh", "100ms"], environment(cluster.endpoint), SCREEN, 120) as terminal:
        longest = check_widths(terminal, WIDTHS)
        assert terminal.interrupt() == 0
    assert all(text > 10 for text in longest), longest
    assert "\x1b[?7h" in terminal.text[terminal.text.rindex(SCREEN):], "the terminal breaks lines again"


@pytest.mark.parametrize("flags, lines", [(["--progress"], True), ([], False), (["--no-progress"], False)])
def test_progress_in_a_pipe(cluster, bucket, flags, lines):
    """The command waits for its input until a line has come, or has it at once when none is to come."""
    put = subprocess.Popen([AIS, "put", "-", f"ais://{bucket}/o", *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, env=environment(cluster.endpoint))
    first = put.stderr.readline() if lines else b""
    out, rest = put.communicate(b"contents", timeout=30)
    text = (first + rest).decode()
    assert put.returncode == 0 and out.startswith(b"uploaded 1 object, 8B")
    if not lines:
        assert text == ""
        return
    assert text.endswith("\n") and text.count("\n") >= 2 and "\r" not in text and "\x1b" not in text
    for line in text.splitlines():
        assert re.match(r"(\[.*\] )?uploaded [01]", line) and len(line) <= 80, text


TABLES = ["show storage", "show performance latency", "show performance", "show cluster", "ls ais://{} --props all"]


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("words", TABLES)
def test_tables_fit_narrow_terminals_with_whole_ids(cluster, bucket, run_tool, columns, words):
    assert run_tool("ais", "put", "-", f"ais://{bucket}/o", stdin="x").returncode == 0
    fd_out, fd_in = pty.openpty()
    fcntl.ioctl(fd_in, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    run = subprocess.run([AIS, *words.format(bucket).split()], stdout=fd_in, stderr=subprocess.PIPE, timeout=30,
                         env=environment(cluster.endpoint))
    os.close(fd_in)
    text = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while piece := os.read(fd_out, 65536):
            text += piece
    os.close(fd_out)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text.decode()).splitlines()
    assert run.returncode == 0 and lines, run
    tables = [line for line in lines if "; primary " not in line]  # the sentence below a table may wrap
    assert max(map(len, tables)) <= columns, tables
    if words.startswith("show"):
        for node in cluster.targets:
            assert any(node.id in line for line in tables), tables
    else:
        assert any(re.search(r"\d\d \w{3} \d\d \d\d:\d\d UTC", line) for line in tables), tables
        assert any(re.search(r"t\[\w+\]", line) for line in tables), tables

"""`ais` and gateways that are away, silent, slow or restart: one clear line, and the exit status that is documented."""
import contextlib
import json
import signal
import socket
import subprocess
import threading
import time

import pytest
from cli_process import AIS, environment
from loader_process import LOADER
from local_cluster import wait_until

SILENCE = 1  # seconds; what the settings of these tests allow


@pytest.fixture
def impatient(tmp_path):
    """The environment of a user who waits one second for a node."""
    folder = tmp_path / "config" / "ais" / "cli"
    folder.mkdir(parents=True)
    (folder / "cli.json").write_text(json.dumps({"timeout": {"http_timeout": f"{SILENCE}s"}}))
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


class SilentServer:
    """Takes connections and requests and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.requests = 0
        self.connections = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections.append(connection)
                threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        with contextlib.suppress(OSError):
            while data := connection.recv(65536):
                self.requests += data.count(b" HTTP/1.1\r\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for connection in self.connections:
            connection.close()


def ais(endpoint, *arguments, timeout=30, **more):
    return subprocess.run([AIS, *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          env=environment(endpoint, **more))


@pytest.mark.parametrize("words", [["ls"], ["ls", "ais://b"], ["cat", "ais://b/x"], ["rmo", "ais://b/x"], ["show", "bucket", "ais://b"]])
def test_a_silent_gateway_is_waited_for_once(impatient, words):
    with SilentServer() as server:
        begin = time.monotonic()
        run = ais(server.url, *words, **impatient)
        took = time.monotonic() - begin
        assert run.returncode == 1 and run.stdout == "", run
        lines = run.stderr.splitlines()
        assert len(lines) == 1 and lines[0].startswith("error: ") and server.url.removeprefix("http://") in lines[0], run.stderr
        assert "no answer in time" in lines[0] and f"the endpoint {server.url}" in lines[0], run.stderr
        assert server.requests == 1 and SILENCE <= took < 2 * SILENCE, (server.requests, took)


@pytest.mark.parametrize("words", [["ls"], ["put", "-", "ais://b/x"], ["get", "ais://b/x", "-"], ["show", "cluster"], ["status"]])
def test_a_dead_gateway_is_one_line(words):
    run = ais("http://127.0.0.1:1", *words)
    assert run.returncode == 1 and run.stdout == "", run
    assert len(run.stderr.splitlines()) == 1 and run.stderr.startswith("error: "), run.stderr
    assert "127.0.0.1:1: connect: Connection refused" in run.stderr
    assert "is the endpoint http://127.0.0.1:1 right?" in run.stderr


def test_a_gateway_that_restarts_in_the_middle_of_a_job(make_cluster, tmp_path):
    own = make_cluster(targets=1)
    assert ais(own.endpoint, "create", "ais://b").returncode == 0
    (tmp_path / "files").mkdir()
    for i in range(2000):
        (tmp_path / f"files/f{i:04}").write_bytes(b"x" * 100)
    words = [AIS, "put", "-r", str(tmp_path / "files"), "ais://b", "-j", "2"]
    job = subprocess.Popen([*words, "--verbose"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           env=environment(own.endpoint))
    for _ in range(50):
        job.stdout.readline()
    own.primary.kill()
    out, errors = job.communicate(timeout=60)
    assert job.returncode == 1, (out[-300:], errors)
    lines = errors.splitlines()
    assert len(lines) <= 6 and "gave up, since the cluster cannot be reached" in lines[-1], errors
    own.primary.start().wait_ready()
    wait_until(lambda: own.primary.healthy("?readiness=true"), 20, "the gateway is ready again")
    again = subprocess.run([*words, "--skip-existing"], capture_output=True, text=True, env=environment(own.endpoint), timeout=60)
    assert again.returncode == 0 and again.stderr == "", again
    listed = ais(own.endpoint, "ls", "ais://b", "--name-only")
    assert len(listed.stdout.split()) == 2000, listed.stderr


def test_a_timeout_names_the_node_that_is_silent(make_cluster, impatient):
    own = make_cluster(targets=2)
    assert ais(own.endpoint, "create", "ais://b").returncode == 0
    silent = own.targets[1]
    silent.signal(signal.SIGSTOP)
    try:
        run = ais(own.endpoint, "ls", "ais://b", **impatient)
    finally:
        silent.signal(signal.SIGCONT)
    assert run.returncode == 1 and len(run.stderr.splitlines()) == 1, run
    assert f"t[{silent.id}] at {silent.url} does not answer" in run.stderr and own.targets[0].id not in run.stderr, run.stderr


def test_a_wait_is_not_longer_than_its_timeout():
    with SilentServer() as server:
        begin = time.monotonic()
        run = ais(server.url, "status", "--wait", "--timeout", "2s")
        took = time.monotonic() - begin
        assert run.returncode == 1 and "no answer in time" in run.stderr and 2 <= took < 4, (run, took)


def test_the_loader_waits_once_for_a_silent_gateway():
    with SilentServer() as server:
        begin = time.monotonic()
        run = subprocess.run([LOADER, "--endpoint", server.url, "--bucket", "ais://b", "--duration", "1s", "--timeout", "2s"],
                             capture_output=True, text=True, timeout=30)
        took = time.monotonic() - begin
        assert run.returncode == 1 and "no answer in time" in run.stderr and server.requests == 1 and 2 <= took < 4, (run, took)


def test_what_one_node_is_asked_for_does_not_hang_with_it(make_cluster):
    own = make_cluster(targets=2)
    assert ais(own.endpoint, "create", "ais://b").returncode == 0
    silent = own.targets[1]
    silent.signal(signal.SIGSTOP)
    try:
        for words in (["cluster", "reset-stats"], ["log", "rotate"], ["show", "config", silent.id], ["show", "log", silent.id]):
            begin = time.monotonic()
            run = ais(own.endpoint, *words)
            took = time.monotonic() - begin
            assert run.returncode == 1 and took < 12, (run, took)
            told = (f"{silent.id}: it is silent (asked through ", f"the gateway cannot reach {silent.id}", f"{silent.id} ")
            assert any(words in run.stderr for words in told), run.stderr
        run = subprocess.run([LOADER, "--endpoint", own.endpoint, "--bucket", "ais://b", "--pctput", "0", "--duration", "1s", "--timeout",
                              "3s"], capture_output=True, text=True, timeout=30)
        assert run.returncode == 1 and "no answer in time" in run.stderr, run
    finally:
        silent.signal(signal.SIGCONT)

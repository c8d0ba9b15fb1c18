"""`ais show`, `status`, `config` and `cluster` against real clusters: once, live, in pipes and on terminals."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest
from cli_process import AIS, Pipe, environment, succeed
from local_cluster import wait_until

CURSOR_ON, CURSOR_OFF = "\x1b[?25h", "\x1b[?25l"


class Terminal:
    """A command on a pseudo-terminal of its own."""

    def __init__(self, endpoint, *arguments, rows=40, columns=160, **more):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(AIS, [str(AIS), *arguments], environment(endpoint, **more))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.text = ""

    def read(self, timeout):
        ready, _, _ = select.select([self.fd], [], [], timeout)
        try:
            piece = os.read(self.fd, 65536) if ready else b""
        except OSError:  # the program has ended
            return False
        self.text += piece.decode(errors="replace")
        return bool(piece)

    def read_until(self, condition, timeout=30):
        deadline = time.monotonic() + timeout
        while not condition(self.text):
            assert self.read(max(0.0, deadline - time.monotonic())), self.text
        return self.text

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait(self, timeout=20):
        """The exit status."""
        deadline = time.monotonic() + timeout
        while self.read(max(0.0, deadline - time.monotonic())):
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return status


# ---------------------------------------------------------------- once

def test_show_cluster(run_tool, cluster):
    text = succeed(run_tool("ais", "show", "cluster"))
    assert all(node.id in text for node in cluster.nodes) and "\x1b" not in text
    assert "2 gateways, 3 targets" in text
    titles = "ROLE ID ADDRESS STATE UPTIME MEM LOAD USED AVAIL USE%"
    assert text.splitlines()[0].split()[:len(titles.split())] == titles.split()
    assert succeed(run_tool("ais", "cluster", "show", "target")).count("target ") == 3
    assert succeed(run_tool("ais", "show", "cluster", "proxy")).count("ready") == 2


def test_show_cluster_json_has_stable_keys(run_tool, cluster):
    document = json.loads(succeed(run_tool("ais", "show", "cluster", "--json")))
    assert list(document) == ["time", "cluster", "smap_version", "primary", "nodes"]
    assert {node["id"] for node in document["nodes"]} == {node.id for node in cluster.nodes}
    keys = ["role", "id", "address", "state", "alerts", "version", "build_time", "deployment", "uptime_ns", "memory_percent",
            "memory_available", "cpu_percent", "load_1", "load_5", "load_15", "disk_used", "disk_available", "disk_total",
            "smap_version", "flags", "error"]
    for node in document["nodes"]:
        assert list(node) == keys
        assert node["state"] == "ready" and node["flags"] == 6 and node["error"] == "" and node["uptime_ns"] > 0
        assert (node["disk_total"] > 0) == (node["role"] == "target")


def shortest_unique(cluster, node):
    ids = [n.id for n in cluster.nodes]
    return next(node.id[:n] for n in range(1, 40) if sum(i.startswith(node.id[:n]) for i in ids) == 1)


def test_nodes_by_beginning_of_id(run_tool, cluster):
    target = cluster.targets[1]
    short = shortest_unique(cluster, target)
    for name in [target.id, short, f"t[{target.id}]"]:
        nodes = json.loads(succeed(run_tool("ais", "show", "cluster", name, "--json")))["nodes"]
        assert [node["id"] for node in nodes] == [target.id]
    unknown = run_tool("ais", "show", "node", target.id[:-1] + "##")
    assert unknown.returncode == 1 and target.id in unknown.stderr, unknown.stderr
    assert run_tool("ais", "show", "cluster", "proxy", target.id).returncode == 1


def test_ambiguous_beginning_names_the_nodes(run_tool, cluster):
    letters = [node.id[0] for node in cluster.nodes]
    shared = next(letter for letter in letters if letters.count(letter) > 1)  # ids of a kind begin alike
    run = run_tool("ais", "show", "node", shared)
    assert run.returncode == 1
    assert all(node.id in run.stderr for node in cluster.nodes if node.id.startswith(shared)), run.stderr


@pytest.mark.parametrize("word", ["smap", "bmd", "sysinfo", "node-stats", "mountpaths", "backends", "remote", "suspects", "jobs",
                                  "target-ips"])
def test_cluster_documents(run_tool, cluster, word):
    json.loads(succeed(run_tool("ais", "show", "cluster", word, "--json")))
    assert succeed(run_tool("ais", "show", "cluster", word))


@pytest.mark.parametrize("word", ["status", "stats", "sysinfo", "snode", "config", "smap", "bmd", "mountpaths", "disk", "remote",
                                  "metric-names", "version", "health", "metrics"])
def test_node_documents(run_tool, cluster, word):
    target = cluster.targets[0].id
    json.loads(succeed(run_tool("ais", "show", "node", target, word, "--json")))
    assert succeed(run_tool("ais", "node", "show", target, word))


def test_node_documents_are_what_the_node_sends(run_tool, cluster, bucket):
    smap = json.loads(succeed(run_tool("ais", "show", "cluster", "smap", cluster.targets[2].id, "--json")))
    assert smap["tmap"].keys() == {node.id for node in cluster.targets}
    assert f"ais://{bucket}" in succeed(run_tool("ais", "show", "cluster", "bmd"))
    assert "ais_target_get_count" in succeed(run_tool("ais", "show", "node", cluster.targets[0].id, "metrics"))
    assert run_tool("ais", "show", "node", cluster.targets[0].id, "tls").returncode == 1  # none is loaded
    assert run_tool("ais", "show", "node", cluster.targets[0].id, "smpa").returncode == 2


def test_show_storage(run_tool, cluster):
    text = succeed(run_tool("ais", "show", "storage"))
    assert all(path in text for node in cluster.targets for path in node.mountpaths) and text.count("available") == 6
    document = json.loads(succeed(run_tool("ais", "storage", "show", "mountpath", cluster.targets[0].id, "--json")))
    (target,) = document["targets"]
    assert list(target) == ["id", "state", "mountpaths", "disks", "disk_used", "disk_available", "error"]
    assert {m["path"] for m in target["mountpaths"]} == set(cluster.targets[0].mountpaths)
    assert all(m["used"] > 0 and m["available"] > 0 and m["state"] == "available" for m in target["mountpaths"])
    assert succeed(run_tool("ais", "show", "storage", "disk")).startswith("TARGET")
    assert succeed(run_tool("ais", "show", "storage", "disk", "--summary")).count("disk") == 3
    gateway = run_tool("ais", "show", "storage", cluster.primary.id)
    assert gateway.returncode == 1 and "gateway" in gateway.stderr


def test_show_performance_counts(run_tool, cluster, bucket, tmp_path):
    (tmp_path / "f").write_bytes(b"x" * 5000)
    before = json.loads(succeed(run_tool("ais", "show", "performance", "--json")))["nodes"]
    for i in range(12):
        succeed(run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}/{i}"))
    after = json.loads(succeed(run_tool("ais", "performance", "--json")))["nodes"]
    total = {name: sum(node["put"][name] for node in after) - sum(node["put"][name] for node in before) for name in ("count", "bytes")}
    assert total == {"count": 12, "bytes": 60000}
    assert all(0.5 < node["interval_seconds"] < 30 for node in after)
    assert list(after[0]) == ["id", "role", "state", "interval_seconds", "get", "put", "append", "head", "del", "ren", "copy", "lst",
                              "errors", "new_errors", "counters", "error"]
    counters = succeed(run_tool("ais", "show", "performance", "counters"))
    assert "PUT(n)" in counters and "PUT(size)" in counters
    chosen = succeed(run_tool("ais", "show", "performance", "counters", "--all", "--regex", "^(put|ERR-get)\\(n"))
    assert chosen.splitlines()[0].split() == ["NODE", "STATE", "ERR-GET(n)", "PUT(n)"]
    assert run_tool("ais", "show", "performance", "counters", "--regex", "(").returncode == 2
    assert "PUT(t total)" in succeed(run_tool("ais", "show", "performance", "latency"))
    assert "GET(avg size)" in succeed(run_tool("ais", "show", "cluster", "stats", "throughput", cluster.targets[0].id))
    assert "MOUNTPATH" in succeed(run_tool("ais", "show", "performance", "capacity"))
    assert run_tool("ais", "show", "performance", "latencey", cluster.targets[0].id).returncode == 2


def test_reset_stats(run_tool, cluster, bucket, tmp_path):
    (tmp_path / "f").write_text("x")
    succeed(run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}/o"))
    would = succeed(run_tool("ais", "reset", "stats", "--dry-run"))
    assert would.count("would be reset") == 5

    def puts():
        return sum(node["put"]["count"] for node in json.loads(succeed(run_tool("ais", "show", "performance", "--json")))["nodes"])
    assert puts() > 0
    done = json.loads(succeed(run_tool("ais", "cluster", "reset-stats", "--json")))
    assert {item["node"] for item in done} == {node.id for node in cluster.nodes} and all(item["ok"] for item in done)
    assert puts() == 0


# ---------------------------------------------------------------- trouble

def test_dead_node_is_offline_and_no_failure(make_cluster):
    cluster = make_cluster(targets=2, proxies=1)
    victim = cluster.targets[0]
    victim.kill()

    def ais(*arguments):
        return subprocess.run([AIS, *arguments], env=environment(cluster.endpoint), capture_output=True, text=True, timeout=60)
    for command in (["show", "cluster"], ["show", "performance"], ["show", "storage"], ["show", "storage", "disk"]):
        run = ais(*command)
        assert run.returncode == 0, run
        assert re.search(victim.id + r".*offline", run.stdout), run.stdout
        assert victim.id in run.stderr and "does not answer" in run.stderr
    states = {node["id"]: node["state"] for node in json.loads(ais("show", "cluster", "--json").stdout)["nodes"]}
    assert states[victim.id] == "offline" and list(states.values()).count("ready") == 2
    status = ais("status")
    assert status.returncode == 1 and "not ready" in status.stdout and f"{victim.id} is offline" in status.stderr
    begun = time.monotonic()
    waited = ais("status", "--wait", "--timeout", "600ms")
    assert waited.returncode == 1 and time.monotonic() - begun >= 0.6
    question = ais("cluster", "remove-node", victim.id)
    assert question.returncode == 2 and "--yes" in question.stderr
    assert "would be removed" in ais("cluster", "remove-node", victim.id, "--dry-run").stdout
    assert ais("cluster", "remove-node", "all", "--yes").returncode == 1  # each by its name
    assert ais("remove", "node", victim.id, "--yes").returncode == 0
    assert victim.id not in ais("show", "cluster").stdout
    assert ais("status").returncode == 0


def test_node_that_hangs_is_offline_after_some_seconds(make_cluster):
    cluster = make_cluster(targets=2, proxies=1)
    stuck = cluster.targets[0]
    stuck.signal(signal.SIGSTOP)
    try:
        run = subprocess.run([AIS, "show", "cluster", "--json"], env=environment(cluster.endpoint), capture_output=True, text=True,
                             timeout=30)
    finally:
        stuck.signal(signal.SIGCONT)
    assert run.returncode == 0, run
    states = {node["id"]: node["state"] for node in json.loads(run.stdout)["nodes"]}
    assert states.pop(stuck.id) == "offline" and set(states.values()) == {"ready"}


def test_status_waits_for_a_starting_cluster(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    cluster.targets[0].stop()
    waiting = subprocess.Popen([AIS, "status", "--wait", "--timeout", "60s", "--json"], env=environment(cluster.endpoint),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(lambda: pathlib.Path(f"/proc/{waiting.pid}/stat").exists(), 5, "the command runs")
    cluster.targets[0].start().wait_ready(20)
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, err
    assert json.loads(out)["ready"] is True


# ---------------------------------------------------------------- live, in a pipe

@pytest.mark.parametrize("command", [["show", "cluster"], ["show", "performance"], ["show", "storage"], ["show", "storage", "disk"],
                                     ["show", "cluster", "smap"]])
def test_live_in_a_pipe(run_tool, cluster, command):
    documents = [json.loads(line) for line in
                 succeed(run_tool("ais", *command, "--refresh", "100ms", "--count", "3", "--json")).splitlines()]
    assert len(documents) == 3
    text = succeed(run_tool("ais", *command, "--refresh", "100ms", "--count", "3"))
    assert len(re.findall(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", text, re.MULTILINE)) == 3
    assert "\x1b" not in text


def test_live_interval_is_kept_and_checked(run_tool, cluster):
    begun = time.monotonic()
    succeed(run_tool("ais", "show", "cluster", "--refresh", "300ms", "--count", "4"))
    assert time.monotonic() - begun >= 0.9
    for bad in (["--refresh", "soon"], ["--refresh", "1ms"], ["--count", "many"], ["--refresh", "-1s"]):
        assert run_tool("ais", "show", "cluster", *bad).returncode == 2, bad


def test_live_rates(run_tool, cluster, bucket, tmp_path):
    (tmp_path / "f").write_bytes(b"x" * 1000)
    live = Pipe(cluster.endpoint, "show", "performance", "--refresh", "200ms", "--json")
    live.read_until(lambda text: text.count("\n") >= 1)
    for i in range(5):
        succeed(run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}/{i}"))

    def new_puts(text):
        looks = [json.loads(line) for line in text.splitlines() if line.endswith("}")]
        return sum(node["put"]["new_count"] for look in looks for node in look["nodes"])
    text = live.read_until(lambda text: text.endswith("\n") and new_puts(text) >= 5)
    assert new_puts(text) == 5  # every operation is in one interval
    assert live.interrupt()[0] == 0


def test_live_ends_when_the_reader_goes(cluster):
    live = Pipe(cluster.endpoint, "show", "cluster", "--refresh", "100ms")
    live.read_until(lambda text: text.count("ROLE") >= 1)
    live.process.stdout.close()
    assert live.process.wait(timeout=20) == 141
    assert live.process.stderr.read() == b""


def test_live_outlives_nodes_and_gateway(make_cluster):
    cluster = make_cluster(targets=2, proxies=1)
    victim = cluster.targets[1]
    live = Pipe(cluster.endpoint, "show", "cluster", "--refresh", "100ms", "--json")

    def last(text):
        lines = [line for line in text.splitlines() if line.endswith("}")]
        return {node["id"]: node["state"] for node in json.loads(lines[-1])["nodes"]} if lines else {}
    live.read_until(lambda text: last(text).get(victim.id) == "ready")
    victim.kill()
    live.read_until(lambda text: last(text).get(victim.id) == "offline")
    victim.start().wait_ready(20)
    live.read_until(lambda text: last(text).get(victim.id) == "ready")
    cluster.primary.kill()
    looks = live.text.count(b"\n")
    cluster.primary.start().wait_ready(20)
    live.read_until(lambda text: text.count("\n") > looks)
    status, _, errors = live.interrupt()
    assert status == 0
    assert "does not answer" in errors


def test_live_without_a_gateway_fails_at_its_end(run_tool):
    run = run_tool("ais", "show", "cluster", "--refresh", "100ms", "--count", "3", endpoint="http://127.0.0.1:1")
    assert run.returncode == 1 and not run.stdout and "3 of 3 looks failed" in run.stderr


# ---------------------------------------------------------------- live, on a terminal

def test_live_on_a_terminal_redraws_and_cleans_up(cluster):
    screen = Terminal(cluster.endpoint, "show", "cluster", "--refresh", "100ms")
    screen.read_until(lambda text: text.count("ROLE") >= 3)
    screen.type("\x03")
    assert screen.wait() == 0
    assert screen.text.count("\x1b[2J") == 1 and screen.text.count("\x1b[H") >= 3  # cleared once, then drawn in place
    assert CURSOR_OFF in screen.text and screen.text.rindex(CURSOR_ON) > screen.text.rindex(CURSOR_OFF)
    assert "\x1b[1mROLE" in screen.text


def test_live_count_on_a_terminal(cluster):
    screen = Terminal(cluster.endpoint, "show", "performance", "--refresh", "100ms", "--count", "2")
    assert screen.wait() == 0
    assert screen.text.count("NODE") == 2 and screen.text.rindex(CURSOR_ON) > screen.text.rindex(CURSOR_OFF)


def test_no_color_on_a_terminal(cluster):
    screen = Terminal(cluster.endpoint, "show", "cluster", NO_COLOR="1")
    assert screen.wait() == 0
    assert "ROLE" in screen.text and "\x1b" not in screen.text


def test_low_terminal_is_not_scrolled(cluster):
    screen = Terminal(cluster.endpoint, "show", "config", rows=5)
    assert screen.wait() == 0  # no live view: everything is printed
    live = Terminal(cluster.endpoint, "show", "cluster", "--refresh", "100ms", rows=5)
    live.read_until(lambda text: text.count("too low") >= 2)
    live.type("\x03")
    assert live.wait() == 0


def test_offline_node_is_red(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    cluster.targets[0].kill()
    screen = Terminal(cluster.endpoint, "show", "cluster")
    assert screen.wait() == 0
    assert re.search(r"\x1b\[31mtarget.*offline.*\x1b\[0m", screen.text), screen.text

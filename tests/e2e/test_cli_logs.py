"""`ais show log` and `ais log` against real nodes, whose logs are rotated under way."""
import io
import json
import pathlib
import re
import signal
import subprocess
import tarfile

import pytest
import wire
from cli_process import AIS, Pipe, environment, succeed


def test_show_log(run_tool, cluster):
    node = cluster.targets[0]
    text = succeed(run_tool("ais", "show", "log", node.id))
    assert " I " in text
    assert len(succeed(run_tool("ais", "log", "show", node.id, "--tail", "2")).splitlines()) == 2
    assert " I " not in succeed(run_tool("ais", "show", "log", node.id, "--severity", "e"))
    assert json.loads(succeed(run_tool("ais", "show", "log", node.id, "--json")))["node"] == node.id


def test_get_log(run_tool, cluster, tmp_path):
    node = cluster.targets[0]
    succeed(run_tool("ais", "log", "get", node.id, tmp_path / "current"))
    assert " I " in (tmp_path / "current").read_text()
    assert " I " in succeed(run_tool("ais", "log", "get", node.id, "-"))
    saved = json.loads(succeed(run_tool("ais", "log", "get", "all", tmp_path, "--json")))
    assert {pathlib.Path(item["log"]).name for item in saved} == {n.id + ".tar.gz" for n in cluster.nodes}
    for item in saved:
        names = tarfile.open(fileobj=io.BytesIO(pathlib.Path(item["log"]).read_bytes())).getnames()
        assert any(name.endswith(".log") for name in names)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["current", *(n.id + ".tar.gz" for n in cluster.nodes)])
    assert run_tool("ais", "log", "get", "all", tmp_path / "current").returncode == 2
    assert run_tool("ais", "log", "get", node.id, tmp_path / "no/such/place").returncode == 1


def change_node(cluster, node, query="", body=None):
    """PUT of the node's configuration, or of an action."""
    path = "/v1/reverse/daemon" + ("/set-config?" + query if query else "")
    answer = wire.request(cluster.endpoint, "PUT", path, body, headers={"Ais-Node-Id": node.id})
    assert answer.status == 200, answer


SETTINGS = ["space.lowwm=76", "space.highwm=91", "log.max_size=512KiB", "log.max_total=1MiB"]


def log_line(cluster, node, values=1):
    """Every change of a node's configuration is a line of its log, which tells the number of values."""
    change_node(cluster, node, "&".join(SETTINGS[:values]))


def rotate_log(cluster, node):
    change_node(cluster, node, body={"action": "rotate-logs"})


def logged(node):
    """All that the node has logged, rotated files first."""
    files = sorted((node.folder / "log").glob("*.log"), key=lambda path: (len(path.name), path.name), reverse=True)
    return "".join(path.read_text() for path in files)


@pytest.mark.parametrize("arguments", [[], ["--tail", "1"], ["--json"]], ids=["text", "tail", "json"])
def test_follow_log_has_no_gaps_and_no_duplicates_when_rotated_under_way(make_cluster, arguments):
    cluster = make_cluster(targets=1, proxies=1)
    node = cluster.targets[0]
    change_node(cluster, node, "log.max_size=64KiB&log.max_total=10MiB")  # many files are kept
    follower = Pipe(cluster.endpoint, "show", "log", node.id[:6], "--follow", "--refresh", "100ms", *arguments)
    follower.read_until(lambda text: text)
    for number in range(1, 301):
        log_line(cluster, node)
        if number % 10 == 0:
            rotate_log(cluster, node)
    change_node(cluster, node, "&".join(["space.lowwm=76", "space.highwm=91", "log.level=3"]))
    follower.read_until(lambda text: " 3 values" in text)
    status, text, errors = follower.interrupt()
    assert status == 0 and errors == ""
    assert len(list((node.folder / "log").glob("*.log"))) > 20
    if "--json" in arguments:
        text = "".join(json.loads(line)["log"] for line in text.splitlines())
    assert logged(node).endswith(text) if "--tail" in arguments else logged(node) == text
    assert text.count(" 1 values") == 300 and text.endswith("\n")


def test_follow_log_says_what_it_came_too_late_for(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    node = cluster.targets[0]
    log_line(cluster, node, len(SETTINGS))  # one file is kept besides the current one
    follower = Pipe(cluster.endpoint, "show", "log", node.id, "--follow", "--refresh", "100ms")
    follower.read_until(lambda text: " 4 values" in text)
    follower.process.send_signal(signal.SIGSTOP)
    for values in [1, 2, 3, 4]:
        rotate_log(cluster, node)
        log_line(cluster, node, values)
    follower.process.send_signal(signal.SIGCONT)
    follower.read_until(lambda text: text.count(" 4 values") == 2)
    status, text, errors = follower.interrupt()
    assert status == 0 and errors.startswith("warning:") and errors.count("\n") == 1 and "missing" in errors
    assert re.findall(r" (\d) values", text) == ["4", "3", "4"]
    assert text.endswith(logged(node))


def test_follow_log_of_warnings_across_a_rotation(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    node = cluster.primary
    follower = Pipe(cluster.endpoint, "show", "log", node.id, "--follow", "--refresh", "100ms", "--severity", "warning")

    def warn():  # the gateway warns of a target that it cannot reach
        wire.request(cluster.endpoint, "GET", "/v1/reverse/daemon?what=sysinfo", headers={"Ais-Node-Id": cluster.targets[0].id})
    cluster.targets[0].kill()
    warn()
    follower.read_until(lambda text: "cannot be reached" in text)
    for _ in range(5):
        warn()
        rotate_log(cluster, node)
        warn()
    follower.read_until(lambda text: text.count("cannot be reached") >= 11)
    status, text, errors = follower.interrupt()
    assert status == 0 and errors == ""
    expected = [line for line in logged(node).splitlines() if re.match(r"\S+Z [WE] ", line)]
    assert text.splitlines() == expected[:text.count("\n")]


def test_follow_log_survives_a_rotation_and_a_restart(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    node = cluster.targets[0]
    follower = Pipe(cluster.endpoint, "show", "log", node.id, "--follow", "--refresh", "100ms")
    follower.read_until(lambda text: text.count("\n") > 2)
    succeed(subprocess.run([AIS, "log", "rotate", node.id], env=environment(cluster.endpoint), capture_output=True, text=True))
    node.stop()
    node.start().wait_ready(20)
    log_line(cluster, node)
    follower.read_until(lambda text: " 1 values" in text, timeout=40)
    status, text, errors = follower.interrupt()
    assert status == 0 and "missing" not in errors  # the node was away, that is said
    assert logged(node).startswith(text)


def test_positions_in_a_log(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    node = cluster.targets[0]

    def ask(query):
        return wire.request(cluster.endpoint, "GET", "/v1/reverse/daemon?what=log" + query, headers={"Ais-Node-Id": node.id})
    plain = ask("&offset=5")
    assert plain.status == 200 and "Ais-Log-Position" not in plain.headers
    whole = ask("&after=")
    position = whole.headers["Ais-Log-Position"]
    assert whole.body[5:].startswith(plain.body) and "Ais-Log-More" not in whole.headers
    assert ask("&after=" + position).headers["Ais-Log-Position"] == position
    rotate_log(cluster, node)
    former = ask("&after=" + position)
    assert former.status == 200 and former.headers["Ais-Log-More"] == "true" and former.headers["Ais-Log-Position"] != position
    for wrong in ["x", position + "-1", "1-2"]:
        assert ask("&after=" + wrong).status == 400

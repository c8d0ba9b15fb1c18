"""tools/playground: a cluster on this machine that is deployed, mended, changed and wiped."""
import json
import os
import signal
import socket
import subprocess

import pexpect
import pytest
from conftest import BUILD, ROOT
from local_cluster import wait_until

SHAPE = {"TARGETS": "2", "PROXIES": "1", "MOUNTPATHS": "1"}


def free_base_port(count):
    """A port from which on `count` are free, and their likes 1000 higher."""
    for base in range(21000, 31000, 17):
        try:
            for port in [*range(base, base + count), *range(base + 1000, base + 1000 + count)]:
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise AssertionError("no free ports")


@pytest.fixture
def playground(scratch, request):
    root = scratch / f"playground-{os.getpid()}"
    base = free_base_port(4)

    def run(command, **environment):
        return subprocess.run([ROOT / "tools/playground", command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "ROOT": str(root), "BUILD": str(BUILD), "BASE_PORT": str(base), **environment})
    run.root, run.base = root, base
    yield run
    run("wipe")


def pids(playground):
    return {path.parent.name: json.loads(path.read_text())["pid"] for path in playground.root.glob("[pt][0-9]*/process")}


@pytest.mark.parametrize("victim", ["t2", "p1"])
def test_deploy_again_starts_what_is_dead_and_leaves_the_living_alone(playground, victim):
    assert playground("deploy", **SHAPE).returncode == 0
    before = pids(playground)
    again = playground("deploy", **SHAPE)
    assert again.returncode == 0 and "3 of 3 nodes ran already" in again.stdout, again
    assert pids(playground) == before
    os.kill(before[victim], signal.SIGKILL)
    wait_until(lambda: playground("status").returncode == 3, 10, "the node is seen to be dead")
    # Without a shape it is the one that is there.
    mended = playground("deploy", BASE_PORT="1")
    assert mended.returncode == 0, mended
    assert f"start {victim} " in mended.stdout and "2 of 3 nodes ran already" in mended.stdout, mended.stdout
    after = pids(playground)
    assert {name for name in before if before[name] != after[name]} == {victim}
    assert playground("status").returncode == 0


def test_another_shape_is_refused_where_nobody_can_be_asked(playground):
    assert playground("deploy", **SHAPE).returncode == 0
    before = pids(playground)
    other = playground("deploy", **{**SHAPE, "TARGETS": "1"})
    assert other.returncode == 1 and "1 gateway(s), 2 target(s)" in other.stderr and "make kill deploy" in other.stderr, other
    assert pids(playground) == before and playground("status").returncode == 0


def test_another_shape_is_asked_about_on_a_terminal(playground):
    assert playground("deploy", **SHAPE).returncode == 0
    before = pids(playground)
    environment = {**os.environ, **SHAPE, "TARGETS": "1", "ROOT": str(playground.root), "BUILD": str(BUILD),
                   "BASE_PORT": str(playground.base)}
    for answer in ("n", "y"):
        person = pexpect.spawn(str(ROOT / "tools/playground"), ["deploy"], env=environment, encoding="utf-8", timeout=60)
        person.expect_exact("Stop its 3 nodes and start the other one (y/n) [n]: ")
        assert pids(playground) == before
        person.sendline(answer)
        person.expect(pexpect.EOF)
        person.close()
        assert person.exitstatus == (1 if answer == "n" else 0), person.before
    assert sorted(pids(playground)) == ["p1", "t1"] and playground("status").returncode == 0
    assert (playground.root / "previous" / "t2").is_dir()


def test_a_deploy_that_fails_leaves_the_cluster_where_it_was(playground):
    assert playground("deploy", **SHAPE).returncode == 0
    assert playground("stop").returncode == 0
    before = sorted(path.name for path in playground.root.iterdir())
    other = {**SHAPE, "TARGETS": "1"}
    for trouble in ({"BUILD": "/nowhere"}, {"BASE_PORT": "0"}):
        run = playground("deploy", **other, **trouble)
        assert run.returncode == 1, run
        assert sorted(path.name for path in playground.root.iterdir()) == before
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", playground.base))
        taken.listen()
        run = playground("deploy", **other)
    assert run.returncode == 1 and "is as it was" in run.stderr, run
    assert sorted(path.name for path in playground.root.iterdir()) == before
    assert playground("deploy", **SHAPE).returncode == 0


def test_wipe_says_what_it_removes(playground):
    assert playground("deploy", **SHAPE).returncode == 0
    removed = playground("wipe").stdout
    for name in ("p1", "t1", "t2", "playground.json"):
        assert f"  remove {playground.root / name}\n" in removed, removed
    assert not list(playground.root.glob("[pt][0-9]*"))

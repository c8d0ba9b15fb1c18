"""Fixtures: real daemons on free ports in a temporary directory."""
import contextlib
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(pathlib.Path(__file__).parent)]

import wire  # noqa: E402
from local_cluster import Cluster  # noqa: E402

# The tools must not meet the aliases and settings of whoever runs the tests.
os.environ["XDG_CONFIG_HOME"] = "/nonexistent"
BUILD = pathlib.Path(os.environ.get("AIS_BUILD") or ROOT / "build/release")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def build():
    return BUILD


@pytest.fixture(scope="session")
def scratch():
    """A directory on a real disk (not tmpfs: direct I/O and sync must mean something), removed at the end."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ais-e2e-", dir=os.environ.get("AIS_TEST_DIR") or "/var/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_cluster(folder, **shape):
    """A cluster, stopped whatever happens."""
    cluster = Cluster(folder, BUILD, **shape)
    try:
        yield cluster.start()
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def cluster(scratch):
    """Two gateways and three targets with two mountpaths each, shared by the tests that leave it as it was."""
    with running_cluster(scratch / "shared", targets=3, proxies=2, mountpaths=2) as running:
        yield running


@pytest.fixture
def make_cluster(scratch):
    """Clusters of a test's own: make_cluster(targets=1, ...), started; stopped and removed afterwards."""
    made = []

    def make(start=True, **shape):
        one = Cluster(scratch / f"own{next(_numbers)}", BUILD, **shape)
        made.append(one)
        return one.start() if start else one

    yield make
    for one in made:
        one.stop()
        shutil.rmtree(one.root, ignore_errors=True)


def create_bucket(url, name, props=None):
    answer = wire.request(url, "POST", f"/v1/buckets/{name}?provider=ais", {"action": "create-bck", "value": props})
    assert answer.status == 200, answer


def destroy_bucket(url, name):
    return wire.request(url, "DELETE", f"/v1/buckets/{name}?provider=ais", {"action": "destroy-bck"})


@pytest.fixture
def bucket(cluster):
    """The name of an empty bucket of the shared cluster."""
    name = f"bck-{next(_numbers)}"
    create_bucket(cluster.endpoint, name)
    yield name
    destroy_bucket(cluster.endpoint, name)


@pytest.fixture(scope="session")
def run_tool(cluster):
    """run_tool("ais", "ls", ...) against the shared cluster: the finished process with text output."""
    def run(program, *arguments, endpoint=None, stdin=None, timeout=60, **environment):
        return subprocess.run([BUILD / "bin" / program, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                              timeout=timeout, env={**os.environ, "AIS_ENDPOINT": endpoint or cluster.endpoint, **environment})
    return run


@pytest.fixture
def set_config(cluster):
    """set_config("log.level=4"): cluster-wide settings that are put back afterwards."""
    def change(query):
        answer = wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?" + query)
        assert answer.status == 200, answer
    yield change
    wire.request(cluster.endpoint, "PUT", "/v1/cluster", json.loads('{"action": "reset-config"}'))


@pytest.fixture(scope="module")
def settings_cluster(scratch):
    with running_cluster(scratch / f"settings{next(_numbers)}", targets=2, proxies=2) as running:
        yield running


@pytest.fixture
def place(settings_cluster):
    """A cluster whose configuration a test may change as it likes: it is reset afterwards."""
    yield settings_cluster
    assert wire.request(settings_cluster.endpoint, "PUT", "/v1/cluster", {"action": "reset-config"}).status == 200

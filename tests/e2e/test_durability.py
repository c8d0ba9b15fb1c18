"""The target is killed at every named point of every write path, under load. Afterwards each name is old or new, and everything that
was acknowledged is there."""
import contextlib
import http.client
import re
import threading
import urllib.parse

import pytest
import wire
from conftest import ROOT, create_bucket
from local_cluster import Cluster, wait_until

BUCKET = "crash"
PASSAGE = 9  # late enough that there is something to lose
LARGE = 600_000
THREADS = 4


def fault_points():
    """Every AIS_FAULT_POINT of the sources: docs/on_disk.md lists the same names (test_the_page_lists_them)."""
    text = "".join(path.read_text() for folder in ["lib", "cmd/ais-target"] for path in sorted((ROOT / folder).rglob("*.cpp")))
    return sorted(set(re.findall(r'AIS_FAULT_POINT\("([\w.]+)"\)', text)))


def test_the_page_lists_them():
    page = (ROOT / "docs/on_disk.md").read_text()
    assert fault_points() and not [name for name in fault_points() if name not in page]


class Writer(threading.Thread):
    """One client with names of its own. `allowed` has the states each name may be in: one when the last change was acknowledged."""

    def __init__(self, url, prefix, stop):
        super().__init__(daemon=True)
        self.url, self.prefix, self.stop, self.allowed, self.error, self.round = url, prefix, stop, {}, None, 0
        self.acknowledged = 0

    def run(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            while not self.stop.is_set() and self.error is None and self.round < 2000:
                self.one_round()
                self.round += 1

    def send(self, method, name, body, changes, query="", headers=None):
        """A request that moves names from their one state to another: `changes` {name: new state}. None when refused or cut off."""
        before = {n: self.allowed.get(n, {None}) for n in changes}
        for n, state in changes.items():
            self.allowed[n] = before[n] | {state}
        answer = wire.follow(self.url, method, f"/v1/objects/{BUCKET}/{name}?provider=ais{query}", body, headers)
        if answer.status in (502, 503):
            raise OSError("the target is going down")
        if answer.status != 200:
            self.error = f"{method} {name}{query}: {answer}"
            return answer
        for n, state in changes.items():
            self.allowed[n] = {state}
        self.acknowledged += 1
        return answer

    def one_round(self):
        i = self.round
        base = f"{self.prefix}/r{i:04}/"
        small, large, first = b"small %d" % i, b"%08d" % i * (LARGE // 8), b"first"
        self.send("PUT", base + "new", small, {base + "new": (small, "")})
        self.send("PUT", base + "large", large, {base + "large": (large, "")})
        self.send("PUT", base + "over", first, {base + "over": (first, "")})
        self.send("PUT", base + "over", small, {base + "over": (small, "")})
        self.send("PATCH", base + "over", {"action": "", "value": {"k": str(i)}}, {base + "over": (small, f"k={i}")})
        self.send("PUT", base + "gone", first, {base + "gone": (first, "")})
        self.send("DELETE", base + "gone", None, {base + "gone": None})
        copy_to = urllib.parse.quote(f"ais/@#/{BUCKET}/{base}copy", safe="")
        self.send("PUT", base + "new", b"", {base + "copy": (small, "")}, query=f"&object_to={copy_to}")
        self.send("POST", base + "new", {"action": "rename-obj", "name": base + "moved"},
                  {base + "new": None, base + "moved": (small, "")})
        answer = self.send("PUT", base + "log", b"one,", {}, query="&append_type=append&append_handle=")
        handle = urllib.parse.quote(answer.headers["Ais-Append-Handle"] or "", safe="")
        self.send("PUT", base + "log", b"", {base + "log": (b"one,", "")}, query=f"&append_type=flush&append_handle={handle}")


def state_of(url, name):
    got = wire.follow(url, "GET", f"/v1/objects/{BUCKET}/{name}?provider=ais")
    if got.status == 404:
        return None
    assert got.status == 200, (name, got)
    return got.body, ",".join(got.headers.get_all("Ais-Custom-Md") or [])


def listed_names(url, prefix):
    names, token = set(), ""
    while True:
        page = wire.request(url, "GET", f"/v1/buckets/{BUCKET}", {"action": "list", "value": {
            "prefix": prefix, "continuation_token": token}}).json()
        names |= {entry["name"] for entry in page["entries"] or []}
        token = page["continuation_token"]
        if not token:
            return names


@pytest.fixture(scope="module")
def own(scratch, build):
    running = Cluster(scratch / "durability", build, targets=1, proxies=1, mountpaths=2).start()
    create_bucket(running.endpoint, BUCKET)
    yield running
    running.stop()


def load_until_killed(own, point):
    stop = threading.Event()
    writers = [Writer(own.endpoint, f"{point}/w{i}", stop) for i in range(THREADS)]
    for writer in writers:
        writer.start()
    try:
        wait_until(lambda: not own.targets[0].running() or any(w.error for w in writers), 20, f"the target passes {point}")
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)
    assert not [w.error for w in writers if w.error]
    return writers


STATE_POINTS = [name for name in fault_points() if name.startswith("replace.")]
# Damaged files are not part of a load: test_damage.py.
OBJECT_POINTS = [name for name in fault_points() if name not in STATE_POINTS and not name.startswith("aside.")]


@pytest.mark.parametrize("point", OBJECT_POINTS)
def test_killed_at(own, point):
    target = own.targets[0]
    target.stop()
    target.start({"AIS_KILL_AT": f"{point}:{PASSAGE}"}).wait_ready()
    own.wait_complete()
    writers = load_until_killed(own, point)
    assert target.wait_ended() == -9
    target.start().wait_ready()
    own.wait_complete()
    assert sum(w.acknowledged for w in writers) > 0
    existing = set()
    for writer in writers:
        for name, states in writer.allowed.items():
            state = state_of(own.endpoint, name)
            assert state in states, f"{name} is {state and state[0][:40]!r}, may be {[s and (s[0][:40], s[1]) for s in states]}"
            existing |= {name} if state else set()
    assert listed_names(own.endpoint, point + "/") == existing


@pytest.mark.parametrize("name", ["p1", "t1"])
@pytest.mark.parametrize("point", STATE_POINTS)
def test_killed_while_a_document_is_written(own, name, point):
    """Buckets that were acknowledged are there after the restart, on the node that died as well."""
    node = next(n for n in own.nodes if n.name == name)
    node.stop()
    node.start({"AIS_KILL_AT": f"{point}:{PASSAGE}"}).wait_ready()
    own.wait_complete()
    acknowledged, number = [], 0
    with contextlib.suppress(OSError, http.client.HTTPException):
        while node.running() and number < 50:
            number += 1
            bucket = f"{point.replace('_', '-')}-{name}-{number}"
            if wire.request(own.endpoint, "POST", f"/v1/buckets/{bucket}", {"action": "create-bck"}).status == 200:
                acknowledged.append(bucket)
    assert node.wait_ended() == -9
    node.start().wait_ready()
    own.wait_complete()
    assert acknowledged
    for running in own.nodes:
        def known(url=running.url):
            bmd = wire.request(url, "GET", "/v1/daemon?what=bmd").json()
            return set(acknowledged) <= set(bmd["providers"]["ais"]["@#"])
        wait_until(known, 10, f"{running.name} knows the acknowledged buckets")

"""Every metric of docs/metrics.md counts what it says: each operation changes those that it should, by as much, and no other one."""
import json
import pathlib
import re
import socket

import pytest
import wire
from conftest import ROOT, create_bucket
from local_cluster import wait_until
from test_metrics_page import rows_of_page

# What cannot be driven from here in a moment, and the file that reads it elsewhere.
ELSEWHERE = {
    "http.refused.n": "tests/unit/net/server_lifetime_test.cpp",
    "http.timeout.n": "tests/unit/net/server_lifetime_test.cpp",
    "rename.wait.n": "tests/unit/ais-target/transfer_test.cpp",
    "err.io.n": "tests/e2e/test_damage.py",
    "overrides.lost.n": "tests/e2e/test_settings_refused.py",
}
# These move by themselves.
RESTLESS = re.compile(r"up\.ns\.time|http\.connections|kalive\.ns\.total|state\.flags|disk\..*|.*\.bps")
SOME = "some"  # of a sum of nanoseconds

seen = set()  # (gateway | target, tracker name) that a test of this file drove


@pytest.fixture(scope="module")
def own(scratch, build):
    from local_cluster import Cluster
    one = Cluster(scratch / "metrics", build, targets=2, proxies=1, mountpaths=1)
    one.start()
    create_bucket(one.endpoint, "b")
    yield one
    one.stop()


def figures_of(node, role):
    """{tracker name: number} as Prometheus gets them."""
    sections = rows_of_page()
    names = {row[0].replace("ais_proxy_", f"ais_{role}_"): tracker
             for section in ("Every node", {"proxy": "Gateways", "target": "Targets"}[role]) for tracker, row in sections[section].items()}
    text = wire.request(node.url, "GET", "/metrics").body.decode()
    samples = re.findall(r"^(\w+)\{[^}]*\} (\S+)$", text, re.MULTILINE)
    return {names[name]: int(float(value)) for name, value in samples if name in names}


def figures(one):
    totals = {("gateway", name): value for name, value in figures_of(one.primary, "proxy").items()}
    for target in one.targets:
        for name, value in figures_of(target, "target").items():
            totals["target", name] = totals.get(("target", name), 0) + value
    return totals


class Counting:
    """with Counting(cluster, gateway={...}, target={...}): these metrics rise by so much (SOME: at all), all others stay."""

    def __init__(self, one, gateway=None, target=None):
        self.one = one
        self.expected = {("gateway", name): value for name, value in (gateway or {}).items()}
        self.expected |= {("target", name): value for name, value in (target or {}).items()}

    def __enter__(self):
        self.before = figures(self.one)

    def __exit__(self, kind, *_):
        if kind is not None:
            return
        after = figures(self.one)
        changes = {key: after[key] - self.before[key] for key in after if after[key] != self.before[key] and not RESTLESS.fullmatch(key[1])}
        told = {key: SOME if self.expected.get(key) == SOME and change > 0 else change for key, change in changes.items()}
        assert told == self.expected
        seen.update(self.expected)


def call(one, method, name, body=None, query="", headers=None):
    return wire.follow(one.endpoint, method, f"/v1/objects/b/{name}?provider=ais{query}", body, headers)


def owner_of(one, name):
    location = wire.request(one.endpoint, "HEAD", f"/v1/objects/b/{name}?provider=ais").headers["Location"]
    return wire.split_location(location)[0]


def name_like(one, name, prefix, same_owner=True):
    """A name that the same target owns as `name`, or another one."""
    return next(n for n in (f"{prefix}{i}" for i in range(1000)) if (owner_of(one, n) == owner_of(one, name)) == same_owner)


PUT_SENT = {"put.n": 1, "put.redir.ns.total": SOME}
GET_SENT = {"get.n": 1, "get.redir.ns.total": SOME}
APPEND_SENT = {"append.n": 1, "put.redir.ns.total": SOME}
STORED = {"put.n": 1, "put.size": 5, "put.ns.total": SOME}


def test_reading_and_writing(own):
    with Counting(own, PUT_SENT, STORED):
        assert call(own, "PUT", "o", b"12345").status == 200
    with Counting(own, PUT_SENT, {"err.put.n": 1, "err.put.cksum.n": 1}):
        wrong = {"Ais-Checksum-Type": "md5", "Ais-Checksum-Value": "0" * 32}
        assert call(own, "PUT", "o", b"54321", headers=wrong).status == 500
    with Counting(own, GET_SENT, {"get.n": 1, "get.size": 5, "get.ns.total": SOME}):
        assert call(own, "GET", "o").body == b"12345"
    with Counting(own, GET_SENT, {"err.get.n": 1}):
        assert call(own, "GET", "missing").status == 404
    with Counting(own, {"head.n": 1}, {"head.n": 1}):
        assert call(own, "HEAD", "o").status == 200
    with Counting(own, {"head.n": 1}, {"err.head.n": 1}):
        assert call(own, "HEAD", "missing").status == 404
    (stranger,) = [t for t in own.targets if t.url != owner_of(own, "o")]
    with Counting(own, {}, {"redirect.n": 1}):
        assert wire.request(stranger.url, "GET", "/v1/objects/b/o?provider=ais").status == 307


def test_other_changes(own):
    call(own, "PUT", "p", b"12345")
    pairs = {"action": "", "value": {"k": "v"}}
    with Counting(own, {"patch.n": 1}, {"patch.n": 1}):
        assert call(own, "PATCH", "p", pairs).status == 200
    with Counting(own, {"patch.n": 1}, {"err.patch.n": 1}):
        assert call(own, "PATCH", "missing", pairs).status == 404
    copy, moved = name_like(own, "p", "copy"), name_like(own, "p", "moved")
    with Counting(own, PUT_SENT, {"copy.n": 1}):
        assert call(own, "PUT", "p", query=f"&object_to=ais%2F%40%23%2Fb%2F{copy}").status == 200
    rename = {"action": "rename-obj", "name": moved}
    with Counting(own, {"ren.n": 1}, {"ren.n": 1}):
        assert call(own, "POST", "p", rename).status == 200
    with Counting(own, {"ren.n": 1}, {"err.ren.n": 1}):
        assert call(own, "POST", "p", rename).status == 404
    with Counting(own, {"del.n": 1}, {"del.n": 1}):
        assert call(own, "DELETE", moved).status == 200
    with Counting(own, {"del.n": 1}, {"err.del.n": 1}):
        assert call(own, "DELETE", moved).status == 404
    # The other target stores it: one more object written, and no request of a client.
    elsewhere = name_like(own, copy, "elsewhere", same_owner=False)
    with Counting(own, {"ren.n": 1}, STORED | {"ren.n": 1}):
        assert call(own, "POST", copy, {"action": "rename-obj", "name": elsewhere}).status == 200


def test_appends(own):
    appended = {"append.n": 1, "append.ns.total": SOME}
    with Counting(own, APPEND_SENT, appended):
        answer = call(own, "PUT", "a", b"12", query="&append_type=append")
        assert answer.status == 200
    handle = "&append_handle=" + answer.headers["ais-append-handle"]
    with Counting(own, APPEND_SENT, {"err.append.n": 1}):
        assert call(own, "PUT", "a", b"12", query="&append_type=sideways" + handle).status == 400
    with Counting(own, APPEND_SENT, appended):
        assert call(own, "PUT", "a", query="&append_type=flush" + handle).status == 200
    with Counting(own, {"err.append.n": 1}, {}):
        assert call(own, "PUT", "a", b"12", query="&append_type=append&append_handle=nobody").status >= 400


def test_listings(own):
    def listing(url, bucket="b", **value):
        return wire.request(url, "GET", f"/v1/buckets/{bucket}?provider=ais", {"action": "list", "value": value}).status
    for i in range(8):
        call(own, "PUT", f"page{i}", b"12345")
    with Counting(own, {"lst.n": 1}, {"lst.n": 2, "lst.ns.total": SOME, "lst.open.n": 2}):
        assert listing(own.endpoint) == 200
    with Counting(own, {"err.lst.n": 1}, {}):
        assert listing(own.endpoint, "missing") == 404
    with Counting(own, {}, {"err.lst.n": 1}):
        assert listing(own.targets[0].url, "missing") == 404


@pytest.mark.parametrize("method, metric", [("GET", "get"), ("PUT", "put"), ("HEAD", "head"), ("DELETE", "del"), ("PATCH", "patch"),
                                            ("POST", "ren")])
def test_what_a_gateway_refuses(own, method, metric):
    with Counting(own, {f"err.{metric}.n": 1}, {}):
        body = {"action": "rename-obj", "name": "x"} if method == "POST" else {} if method == "PATCH" else None
        assert wire.request(own.endpoint, method, "/v1/objects/missing/o?provider=ais", body).status == 404


def test_bad_requests(own):
    with Counting(own, {"err.http.n": 1}, {}):
        assert wire.request(own.endpoint, "POST", "/v1/buckets/b?provider=ais", {"action": "no-such-action"}).status >= 400
    for node, role in [(own.primary, "gateway"), (own.targets[0], "target")]:
        with Counting(own, **{role: {"http.bad.n": 1}}):
            assert wire.raw_status(node.url, b"nonsense\r\n\r\n") == 400


def test_damage(own):
    folder = pathlib.Path(next(t for t in own.targets if t.url == owner_of(own, "stranger")).mountpaths[0]) / "@ais/b/%ob"
    folder.joinpath("stranger").write_bytes(b"123")
    with Counting(own, GET_SENT, {"err.get.n": 1, "damaged.n": 1}):
        assert call(own, "GET", "stranger").status == 500
    before = figures(own)
    with Counting(own, {"del.n": 1}, {"del.n": 1, "setaside.n": 1, "setaside.size": 3}):
        assert call(own, "DELETE", "stranger").status == 200
        wait_until(lambda: figures(own)["target", "setaside.n"] > before["target", "setaside.n"], 10, "the tally of %bad")


def test_content_that_rots(own):
    call(own, "PUT", "rotten", b"12345")
    (file,) = [p for t in own.targets for m in t.mountpaths for p in pathlib.Path(m).glob("@ais/b/%ob/rotten")]
    with open(file, "r+b") as content:
        content.write(b"54321")
    with Counting(own, {"head.n": 1}, {"err.head.n": 1, "err.cksum.n": 1, "damaged.n": 1}):
        assert call(own, "HEAD", "rotten", query="&validate-checksum=true").status == 500


def test_gauges(own):
    # Both sides of a connection must have seen its end before it is counted again.
    for node, role in [(own.primary, "proxy"), (own.targets[0], "target")]:
        before = figures_of(node, role)
        held = [socket.create_connection(wire.address(node.url)) for _ in range(20)]
        wait_until(lambda: figures_of(node, role)["http.connections"] >= before["http.connections"] + 20, 10, "twenty more connections")
        for connection in held:
            connection.close()
        wait_until(lambda: figures_of(node, role)["http.connections"] < before["http.connections"] + 20, 10, "their end")
        assert figures_of(node, role)["up.ns.time"] > before["up.ns.time"] > 0
        status = json.loads(wire.request(node.url, "GET", "/v1/daemon?what=node_status").body)
        assert figures_of(node, role)["state.flags"] == int(status["tracker"]["state.flags"]) != 0
        side = {"proxy": "gateway"}.get(role, role)
        seen.update((side, name) for name in ("http.connections", "up.ns.time", "state.flags"))
        assert figures_of(node, role)["overrides.lost.n"] == 0  # test_settings_refused.py has one that is not


def test_rates(own):
    """Over the latest periodic.stats_time and disk.iostat_time_long. A filesystem without a disk (tmpfs) has no figures of one."""
    (target,) = [t for t in own.targets if t.url == owner_of(own, "rates")]

    def rates_rise():
        call(own, "PUT", "rates", b"12345" * 20_000)
        call(own, "GET", "rates")
        now = figures_of(target, "target")
        return now["put.bps"] > 0 and now["get.bps"] > 0
    wait_until(rates_rise, 30, "rates of reading and writing", interval=0.05)
    seen.update({("target", "put.bps"), ("target", "get.bps")})

    def of_disks(what):
        text = wire.request(target.url, "GET", "/metrics").body.decode()
        return [float(value) for value in re.findall(rf"^ais_target_disk_\w+_{what}{{[^}}]*}} (\S+)$", text, re.MULTILINE)]
    if of_disks("util"):
        wait_until(lambda: rates_rise() and sum(of_disks("write_bps")) > 0 and sum(of_disks("avg_wsize")) > 0, 30, "a busy disk",
                   interval=0.05)
        assert all(0 <= percent <= 100 for percent in of_disks("util"))
        assert len(of_disks("read_bps")) == len(of_disks("avg_rsize")) == len(of_disks("util"))
    seen.update(("target", f"disk.NAME.{what}") for what in ("read.bps", "avg.rsize", "write.bps", "avg.wsize", "util"))


# Last: a target is down from then on.
def test_the_cluster_itself(own):
    soon = {"timeout": {"cplane_operation": "500ms", "max_keepalive": "1s"},
            "keepalivetracker": {"target": {"interval": "1s", "factor": 2}}}
    assert wire.request(own.endpoint, "PUT", "/v1/cluster", {"action": "set-config", "value": soon}).status == 200
    before = figures_of(own.primary, "proxy")
    wait_until(lambda: figures_of(own.primary, "proxy")["kalive.ns.total"] > before["kalive.ns.total"], 20, "a keepalive")
    create_bucket(own.endpoint, "more")
    between = figures_of(own.primary, "proxy")
    assert between["metasync.n"] > before["metasync.n"] and between["err.metasync.n"] == before["err.metasync.n"]
    own.targets[1].kill()
    create_bucket(own.endpoint, "yet-more")
    wait_until(lambda: figures_of(own.primary, "proxy")["suspect.n"] == 1, 60, "a suspect")
    wait_until(lambda: figures_of(own.primary, "proxy")["err.metasync.n"] > before["err.metasync.n"], 60, "a push that fails")
    seen.update(("gateway", name) for name in ("kalive.ns.total", "metasync.n", "err.metasync.n", "suspect.n"))


def test_every_row_of_the_page_was_driven():
    if not {("gateway", "suspect.n"), ("gateway", "lst.n"), ("target", "damaged.n")} <= seen:
        pytest.skip("needs the other tests of this file")
    sections = rows_of_page()
    wanted = {(side, name) for side, section in [("gateway", "Gateways"), ("target", "Targets")]
              for name in (*sections[section], *sections["Every node"])}
    assert {key for key in wanted - seen if key[1] not in ELSEWHERE} == set()
    for name, file in ELSEWHERE.items():
        text = (ROOT / file).read_text()
        words = {"http.refused.n": "connections_refused", "http.timeout.n": "timeouts", "rename.wait.n": "rename_wait",
                 "err.io.n": "err_io", "overrides.lost.n": "overrides.lost.n"}[name]
        assert words in text, f"{file} reads {name} no more"

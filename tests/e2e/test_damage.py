"""Listings are complete or an error, and damage is told: with disks that go away or fail, damaged files, and damaged state."""
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
import wire
from conftest import ROOT, create_bucket, running_cluster
from local_cluster import Cluster, wait_until
from loop_disk import mounted

OBJECTS = 24


def put_objects(url, bucket, prefix="o"):
    for i in range(OBJECTS):
        assert wire.follow(url, "PUT", f"/v1/objects/{bucket}/{prefix}{i}", b"0123456789").status == 200


def list_page(url, bucket, **value):
    return wire.request(url, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": value})


def file_of(target, bucket, name):
    found = [p for m in target.mountpaths for p in pathlib.Path(m).glob(f"@ais/{bucket}/%ob/{name}")]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture(params=["ext4", "xfs"])
def two_disks(request, scratch, build):
    """(cluster, mounts): one target whose two mountpaths are filesystems of their own."""
    folder = scratch / f"{request.node.originalname}-{request.param}"
    size = {"ext4": 48, "xfs": 300}[request.param]
    with mounted(folder / "1", request.param, size) as first, mounted(folder / "2", request.param, size) as second:
        one = Cluster(folder / "cluster", build, targets=1, filesystems=[first, second])
        one.start()
        try:
            create_bucket(one.endpoint, "b")
            put_objects(one.endpoint, "b")
            yield one, [first, second]
        finally:
            one.stop()


def test_an_unmounted_disk_fails_the_listing(two_disks):
    one, mounts = two_disks
    subprocess.run(["umount", "-l", mounts[1]], check=True)
    for value in ({}, {"props": "name"}):
        answer = list_page(one.endpoint, "b", **value)
        assert answer.status == 500, answer
        message = answer.json()["message"]
        assert str(mounts[1]) in message and f"t[{one.targets[0].id}]" in message, message
    # What is open is read on: nothing became absent.
    for i in range(OBJECTS):
        assert wire.follow(one.endpoint, "GET", f"/v1/objects/b/o{i}").status == 200


def test_a_failing_disk_loses_no_name(two_disks, build):
    """XFS refuses to read its directories from then on. ext4 still has them in memory, and refuses the metadata."""
    one, mounts = two_disks
    subprocess.run(["xfs_io", "-x", "-c", "shutdown", mounts[1]], check=True, capture_output=True)
    on_it = {p.name for p in pathlib.Path(one.targets[0].mountpaths[1]).glob("@ais/b/%ob/*")} if "ext4" in str(mounts[1]) else set()
    for value in ({}, {"props": "name"}):
        answer = list_page(one.endpoint, "b", **value)
        if on_it:
            assert answer.status == 200 and len(answer.json()["entries"]) == OBJECTS, answer
            marked = {e["name"] for e in answer.json()["entries"] if e.get("flags", 0) & 4096}
            assert marked == (on_it if not value else set())
        else:
            assert answer.status == 500 and str(mounts[1]) in answer.json()["message"], answer
    status = wire.request(one.targets[0].url, "GET", "/v1/daemon?what=node_status").json()
    damage = {path: m["x-damage"]["io_errors"] for path, m in status["capacity"]["mountpaths"].items()}
    assert damage[str(mounts[0] / "t1")] == 0 and damage[str(mounts[1] / "t1")] > 0, damage
    metrics = wire.request(one.targets[0].url, "GET", "/metrics").body.decode()
    assert f'ais_target_err_io_count{{node_id="{one.targets[0].id}"}} 0\n' not in metrics
    tool = subprocess.run([build / "bin" / "ais", "ls", "ais://b"], capture_output=True, text=True,
                          env={**os.environ, "AIS_ENDPOINT": one.endpoint})
    if on_it:
        assert tool.returncode == 0 and f"{len(on_it)} objects are damaged" in tool.stderr, tool
    else:
        assert tool.returncode == 1 and str(mounts[1]) in tool.stderr, tool

    def told():
        lines = (one.targets[0].folder / "log" / "ais-target.log").read_text().splitlines()
        return [line for line in lines if " E store " in line]
    before = told()
    assert before
    for _ in range(20):
        list_page(one.endpoint, "b")
    assert told() == before, "once"


@pytest.fixture(scope="module")
def own(scratch, build):
    one = Cluster(scratch / "damage", build, targets=1, proxies=1, mountpaths=2)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def ais(own, build):
    def run(*arguments):
        return subprocess.run([build / "bin" / "ais", *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "AIS_ENDPOINT": own.endpoint})
    return run


def test_a_damaged_object_in_the_tools(own, ais, tmp_path):
    create_bucket(own.endpoint, "tools")
    create_bucket(own.endpoint, "copy")
    for name in ("d/a", "d/b", "d/c"):
        assert wire.follow(own.endpoint, "PUT", f"/v1/objects/tools/{name}", b"0123456789").status == 200
    subprocess.run(["setfattr", "-n", "user.ais", "-v", "rubbish", file_of(own.targets[0], "tools", "d/b")], check=True)
    own.targets[0].stop()  # it has the object open
    own.targets[0].start().wait_ready()
    own.wait_complete()

    listed = ais("ls", "ais://tools")
    assert listed.returncode == 0 and "1 object is damaged" in listed.stderr
    assert [line.split() for line in listed.stdout.splitlines()[1:]] == [["d/a", "10B"], ["d/b", "damaged"], ["d/c", "10B"]]
    assert ais("ls", "ais://tools", "--name-only").stdout.split() == ["d/a", "d/b", "d/c"]
    assert json.loads(ais("ls", "ais://tools", "--json").stdout)[1] == {"name": "d/b", "status": "damaged"}
    assert "d/b   damaged" in ais("ls", "ais://tools", "--props", "name,status").stdout
    summary = ais("bucket", "summary", "ais://tools", "--json")
    assert (json.loads(summary.stdout)[0]["objects"], json.loads(summary.stdout)[0]["damaged"]) == (2, 1)
    for run in (ais("get", "ais://tools/d/", tmp_path / "got"), ais("cp", "ais://tools/d/", "ais://copy/")):
        assert run.returncode == 1 and "d/b" in run.stderr and "object metadata" in run.stderr, run
    assert sorted(p.name for p in (tmp_path / "got").rglob("*") if p.is_file()) == ["a", "c"]

    storage = ais("show", "storage", "--json")
    rows = json.loads(storage.stdout)["targets"][0]["mountpaths"]
    assert sum(row["damaged_objects"] for row in rows) == 1 and sum(row["set_aside_files"] for row in rows) == 0
    assert ais("rmo", "ais://tools/d/b").returncode == 0

    def set_aside():
        rows = json.loads(ais("show", "storage", "--json").stdout)["targets"][0]["mountpaths"]
        return sum(row["set_aside_files"] for row in rows) == 1 and sum(row["set_aside_bytes"] for row in rows) == 10
    wait_until(set_aside, 10, "the file in %bad is counted")
    assert "1 (10B)" in ais("show", "storage").stdout
    assert ais("ls", "ais://tools", "--name-only").stdout.split() == ["d/a", "d/c"]


def test_objects_left_on_the_wrong_target_are_marked(scratch, build):
    """What was stored while a target was out of the map is not where reads look for it when the target is back."""
    names = [f"n{i}" for i in range(24)]
    with running_cluster(scratch / "misplaced", targets=2, proxies=1, mountpaths=2) as own:
        def ais(*arguments):
            run = subprocess.run([build / "bin" / "ais", *arguments], capture_output=True, text=True, timeout=60,
                                 env={**os.environ, "AIS_ENDPOINT": own.endpoint})
            assert run.returncode == 0, run
            return run
        create_bucket(own.endpoint, "left")
        for name in names[:12]:
            assert wire.follow(own.endpoint, "PUT", f"/v1/objects/left/{name}", b"0123456789").status == 200
        away = own.targets[1]
        away.stop()
        ais("cluster", "remove-node", away.id, "--yes")
        for name in names:
            assert wire.follow(own.endpoint, "PUT", f"/v1/objects/left/{name}", b"01234").status == 200
        away.start().wait_ready()
        own.wait_complete()
        rows = json.loads(ais("ls", "ais://left", "--props", "name,size,status", "--json").stdout)
        assert [row["name"] for row in rows] == sorted(names)
        status = {}
        for row in rows:
            got = wire.follow(own.endpoint, "GET", f"/v1/objects/left/{row['name']}")
            status[row["name"]] = row["status"]
            if row["status"] == "ok":  # what is listed is what a read gets
                assert got.status == 200 and len(got.body) == row["size"], row
            else:
                assert row["status"] == "misplaced" and got.status == 404, row
        misplaced = sum(value == "misplaced" for value in status.values())
        assert 0 < misplaced < 24
        listed, summary = ais("ls", "ais://left"), ais("bucket", "summary", "ais://left", "--json")
        assert f"{misplaced} object" in listed.stderr and "misplaced" in listed.stderr, listed
        assert json.loads(summary.stdout)[0]["misplaced"] == misplaced and json.loads(summary.stdout)[0]["objects"] == 24


SDK_SCRIPT = """
import sys
from aistore.sdk import Client
client = Client(sys.argv[1])
bucket = client.bucket("sdk")
print([entry.name for entry in bucket.list_all_objects(props="name,size,cached")])
print([entry.name for entry in bucket.list_all_objects_iter(props="name,size")])
print(len(client.cluster().get_performance()))
"""


@pytest.mark.parametrize("version", sorted(path.name for path in (ROOT / "build/sdk").glob("*.*.*"))[-1:])
def test_the_sdk_sees_a_damaged_object(own, version):
    create_bucket(own.endpoint, "sdk")
    for name in ("a", "b"):
        assert wire.follow(own.endpoint, "PUT", f"/v1/objects/sdk/{name}", b"x").status == 200
    subprocess.run(["setfattr", "-x", "user.ais", file_of(own.targets[0], "sdk", "b")], check=True)
    own.targets[0].stop()
    own.targets[0].start().wait_ready()
    own.wait_complete()
    done = subprocess.run([sys.executable, "-c", SDK_SCRIPT, own.endpoint], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PYTHONPATH": str(ROOT / "build/sdk" / version), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.stdout.splitlines() == ["['a', 'b']", "['a', 'b']", "1"], done


def test_quarantine_is_503_on_every_route(make_cluster):
    one = make_cluster(targets=1, proxies=2)
    create_bucket(one.endpoint, "b")
    put_objects(one.endpoint, "b")
    target, second = one.targets[0], one.proxies[1]
    for node in (target, second):
        node.stop()
        document = node.folder / "state" / "smap.json"
        document.write_text(document.read_text()[:-20])
        node.start()
        wait_until(lambda n=node: n.read_ready_file() and n.running(), 10, "it stays up")
    routes = [("GET", "/v1/objects/b/o1"), ("HEAD", "/v1/objects/b/o1"), ("PUT", "/v1/objects/b/o1"), ("DELETE", "/v1/objects/b/o1"),
              ("GET", "/v1/buckets/b")]
    gateway_routes = [("GET", "/v1/buckets"), ("HEAD", "/v1/buckets/b"), ("POST", "/v1/buckets/new"), ("GET", "/ais/b/o1"),
                      ("PUT", "/v1/cluster"), ("POST", "/v1/cluster/autoreg")]
    for node, asked in ((target, routes), (second, routes + gateway_routes)):
        for method, path in asked:
            answer = wire.request(node.url, method, path, {"action": "list", "value": {}} if method != "HEAD" else None)
            error = json.loads(answer.headers["Hdr-Error"]) if method == "HEAD" else answer.json()
            assert answer.status == 503 and "quarantine" in error["message"], (node.name, method, path, answer)
            assert "smap.json" in error["message"]
        assert wire.request(node.url, "GET", "/v1/health?readiness=true").status == 503
        assert wire.request(node.url, "GET", "/v1/health").status == 200
        assert wire.request(node.url, "GET", "/v1/daemon?what=bmd").status == 200
    # The restored document ends it.
    for node in (target, second):
        node.stop()
        shutil.copy(one.primary.folder / "state" / "smap.json", node.folder / "state" / "smap.json")
        node.start().wait_ready()
    one.wait_complete()
    for i in range(OBJECTS):
        assert wire.follow(second.url, "GET", f"/v1/objects/b/o{i}").status == 200


def test_a_claim_of_newer_documents_must_be_shown(make_cluster):
    """Anybody can say that he has them: believed, that took the whole cluster out of service."""
    one = make_cluster(targets=1, proxies=1)
    create_bucket(one.endpoint, "b")
    put_objects(one.endpoint, "b")
    smap = wire.request(one.endpoint, "GET", "/v1/daemon?what=smap").json()
    (node,) = smap["tmap"].values()
    versions = {"uuid": smap["uuid"], "smap": "1000000", "bmd": "1000000", "config": "1"}
    for known in (True, False):
        claimed = node | ({} if known else {"daemon_id": "tIntruder9"})
        answer = wire.request(one.endpoint, "POST", "/v1/cluster/autoreg", {"node": claimed, "versions": versions, "flags": "0"})
        assert answer.status == 503 and "does not show it" in answer.json()["message"], answer
    intra = smap["pmap"][one.primary.id]["intra_control_net"]["direct_url"]
    answer = wire.request(intra, "POST", f"/v1/cluster/keepalive/{one.targets[0].id}", versions)
    assert answer.status == 503 and "does not show it" in answer.json()["message"], answer
    assert wire.request(one.endpoint, "GET", "/v1/health?readiness=true").status == 200
    assert wire.follow(one.endpoint, "GET", "/v1/objects/b/o1").status == 200
    assert wire.request(one.endpoint, "GET", "/v1/daemon?what=smap").json() == smap


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_damaged_file_is_not_lost_when_the_target_is_killed(own, method):
    bucket, target = f"killed-{method.lower()}", own.targets[0]
    create_bucket(own.endpoint, bucket)
    assert wire.follow(own.endpoint, "PUT", f"/v1/objects/{bucket}/o", b"0123456789").status == 200
    target.stop()
    file = file_of(target, bucket, "o")
    os.truncate(file, 3)
    target.start({"AIS_KILL_AT": "aside.after_link:1"}).wait_ready()
    own.wait_complete()
    with pytest.raises((OSError, http.client.HTTPException)):
        wire.follow(own.endpoint, method, f"/v1/objects/{bucket}/o", b"new" if method == "PUT" else None)
    assert target.wait_ended() == -9
    target.start().wait_ready()
    own.wait_complete()
    assert wire.follow(own.endpoint, "GET", f"/v1/objects/{bucket}/o").status == 500
    assert wire.follow(own.endpoint, method, f"/v1/objects/{bucket}/o", b"new" if method == "PUT" else None).status == 200
    assert wire.follow(own.endpoint, "GET", f"/v1/objects/{bucket}/o").status == (200 if method == "PUT" else 404)
    aside = [p for m in target.mountpaths for p in (pathlib.Path(m) / "%bad").iterdir() if p.read_bytes() == b"012"]
    assert aside


@pytest.mark.parametrize("name", ["smap.json", "bmd.json", "config.json", "generation", "overrides.json"])
def test_a_target_without_one_of_its_files_gets_over_it(own, name):
    bucket = "without-" + name.replace(".", "-")
    create_bucket(own.endpoint, bucket)
    put_objects(own.endpoint, bucket)
    target = own.targets[0]
    versions = []
    for damage in ("missing", "damaged") if name in ("generation", "overrides.json") else ("missing",):
        target.stop()
        path = target.folder / "state" / name
        path.unlink(missing_ok=True)
        if damage == "damaged":
            path.write_text("\0rubbish")
        target.start().wait_ready()
        own.wait_complete()
        assert wire.follow(own.endpoint, "PUT", f"/v1/objects/{bucket}/o1", b"after").status == 200
        versions.append(int(wire.follow(own.endpoint, "HEAD", f"/v1/objects/{bucket}/o1").headers["Ais-Version"]))
    assert versions == [2, 3][:len(versions)]
    entries = list_page(own.endpoint, bucket).json()["entries"]
    assert len(entries) == OBJECTS


def test_a_primary_that_lost_its_buckets_destroys_nothing(make_cluster):
    one = make_cluster(targets=1, proxies=1)
    create_bucket(one.endpoint, "b")
    put_objects(one.endpoint, "b")
    bmd = one.primary.folder / "state" / "bmd.json"
    one.primary.stop()
    bmd.rename(bmd.with_suffix(".kept"))
    one.primary.start()
    wait_until(lambda: one.primary.read_ready_file() and one.primary.running(), 10, "it stays up")
    answer = wire.request(one.endpoint, "POST", "/v1/buckets/new", {"action": "create-bck"})
    assert answer.status == 503 and "bmd.json is missing" in answer.json()["message"], answer
    assert wire.request(one.endpoint, "GET", "/v1/objects/b/o1").status == 503
    for i in range(OBJECTS):
        file_of(one.targets[0], "b", f"o{i}")
    one.primary.stop()
    shutil.copy(one.targets[0].folder / "state" / "bmd.json", bmd)  # what the error says
    one.primary.start().wait_ready()
    one.wait_complete()
    for i in range(OBJECTS):
        assert wire.follow(one.endpoint, "GET", f"/v1/objects/b/o{i}").body == b"0123456789"

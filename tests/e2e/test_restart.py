"""kill -9 of any daemon and a restart on the same state: same id, all data, all buckets."""
import json

import pytest
import wire
from conftest import create_bucket, running_cluster
from local_cluster import wait_until


def fill(cluster, bucket, count=60):
    create_bucket(cluster.endpoint, bucket)
    for i in range(count):
        body = b"%d" % i * (1 + i % 3 * 200_000)
        assert wire.follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/o{i}", body).status == 200
    return {f"o{i}": b"%d" % i * (1 + i % 3 * 200_000) for i in range(count)}


def check(url, bucket, objects):
    for name, body in objects.items():
        got = wire.follow(url, "GET", f"/v1/objects/{bucket}/{name}")
        assert got.status == 200 and got.body == body, (name, got)
    listed = wire.request(url, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {}}).json()
    assert sorted(e["name"] for e in listed["entries"]) == sorted(objects)


@pytest.fixture(scope="module")
def own(scratch):
    with running_cluster(scratch / "restart", targets=2, proxies=2, mountpaths=2) as running:
        yield running


@pytest.mark.parametrize("name", ["t1", "t2", "p1", "p2"])
def test_kill_and_restart(own, name):
    bucket = f"bck-{name}"
    objects = fill(own, bucket)
    node = next(n for n in own.nodes if n.name == name)
    before = node.id, wire.request(own.endpoint, "GET", "/v1/daemon?what=smap").json()["uuid"]
    node.kill()
    node.start().wait_ready()
    own.wait_complete()
    assert (node.id, wire.request(own.endpoint, "GET", "/v1/daemon?what=smap").json()["uuid"]) == before
    for proxy in own.proxies:
        check(proxy.url, bucket, objects)


def test_all_at_once(own):
    objects = fill(own, "bck-all")
    for node in own.nodes:
        node.kill()
    own.start()
    check(own.endpoint, "bck-all", objects)
    create_bucket(own.endpoint, "bck-after")


def test_new_ports_after_a_restart(own):
    objects = fill(own, "bck-ports", 10)
    node = own.targets[0]
    node.kill()
    old = node.port
    node.port = node.intra_port = 0
    node.start().wait_ready()
    own.wait_complete()
    assert node.port != old
    check(own.endpoint, "bck-ports", objects)


def test_without_the_primary_data_goes_on(own):
    objects = fill(own, "bck-headless", 10)
    own.primary.kill()
    second = own.proxies[1].url
    check(second, "bck-headless", objects)
    assert wire.follow(second, "PUT", "/v1/objects/bck-headless/more", b"more").status == 200
    refused = wire.request(second, "POST", "/v1/buckets/bck-never", {"action": "create-bck"})
    assert refused.status == 503 and refused.headers["Retry-After"], refused
    own.primary.start().wait_ready()
    own.wait_complete()
    create_bucket(second, "bck-never")
    assert wire.follow(second, "GET", "/v1/objects/bck-headless/more").body == b"more"


def test_a_bucket_made_while_a_target_is_down_reaches_it(own):
    own.targets[1].kill()
    create_bucket(own.endpoint, "bck-late")
    own.targets[1].start().wait_ready()
    own.wait_complete()

    def known():
        bmd = wire.request(own.targets[1].url, "GET", "/v1/daemon?what=bmd").json()
        return "bck-late" in bmd["providers"]["ais"]["@#"]
    wait_until(known, 10, "the target learns of the bucket")
    objects = {f"o{i}": b"x" for i in range(20)}
    for name, body in objects.items():
        assert wire.follow(own.endpoint, "PUT", f"/v1/objects/bck-late/{name}", body).status == 200
    check(own.endpoint, "bck-late", objects)


def test_a_damaged_document_is_set_aside(make_cluster):
    one = make_cluster(targets=1, proxies=1)
    create_bucket(one.endpoint, "kept")
    target = one.targets[0]
    target.stop()
    bmd = target.folder / "state" / "bmd.json"
    bmd.write_text(bmd.read_text()[:-20])
    target.start()
    wait_until(lambda: target.read_ready_file() and target.running(), 10, "the target stays up")
    wait_until(lambda: list((target.folder / "state").glob("bmd.json.damaged.*")), 5, "the damaged file is kept aside")


def test_one_state_directory_one_daemon(make_cluster):
    one = make_cluster(targets=1, proxies=1)
    for node in one.nodes:
        folder = node.folder
        from local_cluster import Node
        twin = Node(node.kind, folder.parent / (node.name + "-twin"), one.root, mountpaths=node.mountpaths,
                    join=[one.endpoint] if node.kind == "target" else [], primary=node.primary, shared_filesystem=True)
        twin.executable = node.executable
        twin.extra = ["--state-dir", str(folder / "state")]
        arguments = twin.arguments()
        position = arguments.index("--state-dir")
        twin.arguments = lambda a=arguments[:position] + arguments[position + 2:]: a
        twin.start()
        assert twin.wait_ended() not in (0, None)
        assert node.healthy()
    assert json.loads(wire.request(one.endpoint, "GET", "/v1/daemon?what=smap").body)["tmap"]

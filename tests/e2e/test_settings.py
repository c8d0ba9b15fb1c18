"""Every knob of the configuration that is not refused (test_settings_refused.py) has an effect that can be seen from outside. PROBES has
a function for each: a new knob without one fails the test."""
import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import re
import socket
import threading
import time
import urllib.parse

import pytest
import wire
from conftest import create_bucket, running_cluster
from local_cluster import wait_until
from loop_disk import MEGABYTE, mounted
from settings_statistics import metric, probe_iostat_time_long, probe_stats_time
from settings_table import WITH_EFFECT, new_bucket, set_knobs, stopped


def seconds_of(call):
    begin = time.monotonic()
    call()
    return time.monotonic() - begin


def put_file(cluster, bucket, name, body):
    answer = wire.put(cluster, bucket, name, body)
    (path,) = [p for node in cluster.targets for m in node.mountpaths for p in pathlib.Path(m).rglob(f"*/{bucket}/%ob/{name}")]
    return path, answer


def probe_checksum_type(place):
    set_knobs(place, checksum__type="sha512")
    with new_bucket(place) as bucket:
        assert wire.put(place, bucket, "o").headers["Ais-Checksum-Type"] == "sha512"


def probe_validate_warm_get(place):
    for value, status in [("false", 200), ("true", 500)]:
        set_knobs(place, checksum__validate_warm_get=value)
        with new_bucket(place) as bucket:
            path, _ = put_file(place, bucket, "o", b"x" * 1000)
            with open(path, "r+b") as file:
                file.write(b"y")
            assert wire.follow(place.endpoint, "GET", f"/v1/objects/{bucket}/o").status == status


def probe_enable_read_range(place):
    set_knobs(place, checksum__enable_read_range="true")
    with new_bucket(place) as bucket:
        whole = wire.put(place, bucket, "o", b"hello and more").headers["Ais-Checksum-Value"]
        got = wire.follow(place.endpoint, "GET", f"/v1/objects/{bucket}/o", headers={"Range": "bytes=0-4"})
        assert got.headers["Ais-Checksum-Value"] == "26c7827d889f6da3" != whole


def probe_versioning(place):
    set_knobs(place, versioning__enabled="false")
    with new_bucket(place) as bucket:
        assert "Ais-Version" not in wire.put(place, bucket, "o").headers


def reaches(place, point, request, props):
    """True when a target comes to this place of its code while it serves the request: it is made to die there."""
    with new_bucket(place, props) as bucket:
        wire.put(place, bucket, "o")
        for node in place.targets:
            node.stop()
            node.start({"AIS_KILL_AT": point}).wait_ready()
        place.wait_complete()
        try:
            with contextlib.suppress(http.client.HTTPException, OSError):
                request(bucket)
            # What comes after the answer of a target that lives is an answer, too.
            alive = [node for node in place.targets if node.running() and node.healthy()]
            return len(alive) < len(place.targets)
        finally:
            for node in place.targets:
                node.stop() if node.running() else node.wait_ended()
                node.start().wait_ready()
            place.wait_complete()


def probe_write_policy_data(place):
    def write(bucket):
        wire.follow(place.endpoint, "PUT", f"/v1/objects/{bucket}/new", b"x")
    set_knobs(place, write_policy__data="never")
    assert not reaches(place, "put.after_directory_sync", write, None)
    set_knobs(place, write_policy__data="immediate")
    assert reaches(place, "put.after_directory_sync", write, None)


def probe_write_policy_md(place):
    def patch(bucket):
        wire.follow(place.endpoint, "PATCH", f"/v1/objects/{bucket}/o", {"value": {"k": "v"}})
    set_knobs(place, write_policy__md="never")
    assert not reaches(place, "custom.after_sync", patch, None)
    set_knobs(place, write_policy__md="immediate")
    assert reaches(place, "custom.after_sync", patch, None)


def probe_features(place):
    """Fsync-PUT: the write policy does not matter."""
    def write(bucket):
        wire.follow(place.endpoint, "PUT", f"/v1/objects/{bucket}/new", b"x")
    set_knobs(place, features=str(1 << 4), write_policy__data="never")
    assert reaches(place, "put.after_directory_sync", write, None)


def probe_suspects(place):
    """Keepalives: `interval` x `factor` of silence make a suspect, told apart for gateways and targets."""
    pair = {place.targets[0].id, place.proxies[1].id}

    def suspects():
        return set(wire.request(place.endpoint, "GET", "/v1/cluster?what=suspects").json())

    set_knobs(place, timeout__cplane_operation="500ms", timeout__max_keepalive="1s",
              keepalivetracker__proxy__interval="1s", keepalivetracker__proxy__factor="2",
              keepalivetracker__target__interval="1s", keepalivetracker__target__factor="2")
    with stopped(place.targets[0], place.proxies[1]):
        wait_until(lambda: suspects() >= pair, 12, "two suspects (30 s by default)")
        set_knobs(place, keepalivetracker__target__factor="255")
        assert suspects() & pair == {place.proxies[1].id}, "patience with targets"
        set_knobs(place, keepalivetracker__target__factor="2", keepalivetracker__proxy__factor="255")
        assert suspects() & pair == {place.targets[0].id}, "patience with gateways"
    wait_until(lambda: not suspects() & pair, 12, "both are back")


def probe_constant(name):
    """The only value is the default: another one is refused as a value."""
    def probe(place):
        answer = wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?{name}=other")
        assert answer.status == 400 and name in answer.json()["message"]
    return probe


def log_of(node):
    return (node.folder / "log" / f"ais-{node.kind}.log").read_text()


def probe_log_level(place):
    target = place.targets[0]

    def lines():
        """What one more change of the configuration says."""
        before = log_of(target)
        wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?periodic.retry_sync_time={time.monotonic_ns() % 1000 + 1000}ms")
        return log_of(target).removeprefix(before)
    assert " I cluster config version" in lines()
    set_knobs(place, log__level="1")
    assert " I " not in lines()
    assert wire.request(target.url, "POST", "/v1/ml/moss").status == 405
    assert wire.request(target.url, "GET", "/v1/ml/moss").status == 501
    assert " W http GET /v1/ml/moss: 501" in log_of(target)
    set_knobs(place, log__level="0")
    before = log_of(target)
    assert wire.request(target.url, "GET", "/v1/ml/moss").status == 501
    assert log_of(target) == before
    set_knobs(place, log__level="0,cluster")
    assert " I cluster config version" in lines()


def log_files(node):
    return list((node.folder / "log").glob("*.log"))


def fill_log(node, bytes_wanted):
    """Each refused request is a line of at most 2048 bytes."""
    for _ in range(bytes_wanted // 2000 + 1):
        assert wire.request(node.url, "GET", "/v1/ml/" + "x" * 4000).status == 501


def probe_log_max_size(place):
    set_knobs(place, log__max_size="4KiB", log__max_total="1MiB")
    before = len(log_files(place.targets[1]))
    fill_log(place.targets[1], 16_000)
    assert len(log_files(place.targets[1])) >= before + 3


def probe_log_max_total(place):
    set_knobs(place, log__max_size="256KiB", log__max_total="1MiB")
    fill_log(place.targets[0], 1_400_000)
    assert sum(file.stat().st_size for file in log_files(place.targets[0])) <= MEGABYTE


def probe_log_to_stderr(place):
    target = place.targets[0]
    before = (target.folder / "stderr").stat().st_size
    set_knobs(place, log__to_stderr="true")
    set_knobs(place, periodic__retry_sync_time="3s")
    assert " I cluster config version" in (target.folder / "stderr").read_text()[before:]


def probe_lso_idle_time(place):
    """A listing between two pages keeps its place until nobody asks for the next page."""
    def standing():
        return metric(place.targets[0], "ais_target_lst_open_count")
    with new_bucket(place) as bucket:
        for i in range(30):
            wire.put(place, bucket, f"o{i}")
        page = wire.request(place.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {"pagesize": 3}})
        assert page.status == 200 and page.json()["continuation_token"]
        assert standing() >= 1
        set_knobs(place, lso__idle_time="1s")
        wait_until(lambda: standing() == 0, 8, "the listing is let go (20 s by default)")


@pytest.fixture(scope="module")
def small_disk(scratch):
    with mounted(scratch / "settings-disk", "ext4", 64) as mount:
        (mount / "ballast").write_bytes(os.urandom(20 * MEGABYTE))
        with running_cluster(scratch / "settings-small", targets=1, filesystems=[mount]) as cluster:
            yield cluster


@pytest.fixture
def watermarks(small_disk):
    def change(**marks):
        defaults = {"cleanupwm": 65, "lowwm": 75, "highwm": 90, "out_of_space": 95, "dont_cleanup_time": "30m"}
        set_knobs(small_disk, **{f"space__{name}": value for name, value in {**defaults, **marks}.items()})
    yield change
    change()


def low_on_space(cluster):
    return bool(wire.request(cluster.targets[0].url, "GET", "/v1/health?cii=true").json()["flags"] & 1 << 11)


def test_watermarks(small_disk, watermarks):
    """About a third of the disk is used. space.highwm and lowwm: low on space, and until when; out_of_space: no more writes."""
    assert not low_on_space(small_disk)
    watermarks(cleanupwm=1, lowwm=2, highwm=3)
    wait_until(lambda: low_on_space(small_disk), 3, "highwm")
    watermarks(cleanupwm=1, lowwm=2)
    assert low_on_space(small_disk), "still above lowwm"
    watermarks()
    wait_until(lambda: not low_on_space(small_disk), 3, "lowwm")
    with new_bucket(small_disk) as bucket:
        wire.put(small_disk, bucket, "o")
        watermarks(cleanupwm=1, lowwm=2, highwm=3, out_of_space=4)
        wait_until(lambda: wire.follow(small_disk.endpoint, "PUT", f"/v1/objects/{bucket}/o", b"x").status == 507, 3, "out_of_space")


def test_leftovers(small_disk, watermarks):
    """space.cleanupwm and dont_cleanup_time: when the file of an abandoned append goes, a day after it was left otherwise."""
    with new_bucket(small_disk) as bucket:
        def leave_an_append():
            answer = wire.follow(small_disk.endpoint, "PUT", f"/v1/objects/{bucket}/o?append_type=append&append_handle=", b"x")
            assert answer.status == 200
            (file,) = [p for m in small_disk.targets[0].mountpaths for p in pathlib.Path(m).rglob("append.*")]
            os.utime(file, (time.time() - 20 * 60,) * 2)
            return file
        watermarks(dont_cleanup_time="10m")
        file = leave_an_append()
        watermarks(dont_cleanup_time="10m", cleanupwm=1)
        wait_until(lambda: not file.exists(), 4, "removed above cleanupwm")
        watermarks(cleanupwm=1)
        file = leave_an_append()
        watermarks(cleanupwm=1, dont_cleanup_time="11m")
        wait_until(lambda: not file.exists(), 4, "older than dont_cleanup_time")


def probe_retry_sync_time(place):
    """A node that missed a change gets it soon after it is back."""
    target = place.targets[0]
    set_knobs(place, periodic__retry_sync_time="20ms", timeout__cplane_operation="100ms", timeout__max_keepalive="1s")
    # The wait that is under way ends first. Then three in a row would not be this early by chance: 2 s between tries otherwise.
    delays = []
    for level in ("4", "5", "4", "5"):
        with stopped(target):
            set_knobs(place, log__level=level)
        begin = time.monotonic()
        wait_until(lambda: wire.request(target.url, "GET", "/v1/daemon?what=config").json()["log"]["level"] == level, 5, "the change")
        delays.append(time.monotonic() - begin)
    assert max(delays[1:]) < 1, delays


def probe_list_timeout(place):
    set_knobs(place, client__list_timeout="1s")
    with new_bucket(place) as bucket, stopped(place.targets[0]):
        begin = time.monotonic()
        page = wire.request(place.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {}})
        assert page.status == 500 and page.json()["tcode"] == "ErrNodeUnavailable" and time.monotonic() - begin < 6


def probe_cplane_operation(place):
    set_knobs(place, timeout__cplane_operation="100ms")
    with stopped(place.targets[0]):
        assert seconds_of(lambda: set_knobs(place, log__level="4")) < 1.5  # 2 s by default


class Recorder:
    """A gateway that writes down when nodes come to register, and never answers."""

    def __init__(self):
        self.times = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.connections = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                if b"/v1/cluster/autoreg" in connection.recv(4096):
                    self.times.append(time.monotonic())
                self.connections.append(connection)

    def close(self):
        self.socket.close()
        for connection in self.connections:
            connection.close()


def test_where_a_node_registers_and_how_long_it_waits(make_cluster):
    """proxy.primary_url, original_url, discovery_url: asked one after the other when the primary is silent, for max_keepalive each."""
    own = make_cluster()
    recorders = [Recorder() for _ in range(3)]
    try:
        urls = dict(zip(("proxy__primary_url", "proxy__original_url", "proxy__discovery_url"), (r.url for r in recorders)))
        set_knobs(own, timeout__cplane_operation="200ms", timeout__max_keepalive="1s", keepalivetracker__target__interval="1s", **urls)
        # Known from its configuration alone, not from the command line.
        target = own.targets[0]
        target.stop()
        target.join = []
        target.start().wait_ready()
        own.wait_complete()
        with stopped(own.primary):
            wait_until(lambda: all(r.times for r in recorders), 15, "all three are asked")
        first, second, third = (r.times[0] for r in recorders)
        assert 0.9 < second - first < 3 and 0.9 < third - second < 3  # 5 s by default
    finally:
        for recorder in recorders:
            recorder.close()


@pytest.mark.skipif(not os.environ.get("AIS_LONG_TESTS"), reason="its least value is a minute")
def test_send_file_time(place):
    set_knobs(place, timeout__send_file_time="1m")
    with new_bucket(place) as bucket:
        wire.put(place, bucket, "o", b"x" * MEGABYTE)
        source = urllib.parse.urlsplit(wire.request(place.endpoint, "GET", f"/v1/objects/{bucket}/o").headers["Location"]).netloc

        def owner_of(name):
            return urllib.parse.urlsplit(wire.request(place.endpoint, "GET", f"/v1/objects/{bucket}/{name}").headers["Location"]).netloc
        name = next(f"n{i}" for i in range(100) if owner_of(f"n{i}") != source)
        peer = next(node for node in place.targets if node.url.endswith(owner_of(name)))
        to = urllib.parse.quote(f"ais/@#/{bucket}/{name}", safe="")
        with stopped(peer):
            begin = time.monotonic()
            answer = wire.follow(place.endpoint, "PUT", f"/v1/objects/{bucket}/o?object_to={to}", timeout=120)
            assert answer.status >= 500 and 55 < time.monotonic() - begin < 80


def restart_target(own):
    own.targets[0].stop()
    own.targets[0].start().wait_ready()
    own.wait_complete()


def test_store_settings_are_read_at_start(make_cluster):
    """ais_store.*"""
    own = make_cluster()
    target = own.targets[0]
    create_bucket(own.endpoint, "b")
    for i in range(150):
        wire.put(own, "b", f"o{i}", b"x" * 1000)

    def open_objects():
        for i in range(150):
            assert wire.follow(own.endpoint, "GET", f"/v1/objects/b/o{i}").status == 200
        found = []
        for link in pathlib.Path(f"/proc/{target.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(os.readlink(link))
        return len([path for path in found if "/b/%ob/o" in path])

    @contextlib.contextmanager
    def half_sent(size, sent):
        base, path = wire.split_location(wire.request(own.endpoint, "PUT", "/v1/objects/b/large").headers["Location"])
        with socket.create_connection(wire.address(base)) as connection:
            connection.sendall(f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + bytes(sent))
            yield

    def cached(name):
        """Whether the page cache has what was just written."""
        path, _ = put_file(own, "b", name, os.urandom(900_000))
        file = os.open(path, os.O_RDONLY)
        try:
            return os.preadv(file, [bytearray(4096)], 400_000, os.RWF_NOWAIT) > 0
        except BlockingIOError:
            return False
        finally:
            os.close(file)

    def pool_threads():
        """Threads for blocking calls: they are started when there is work for them."""
        with concurrent.futures.ThreadPoolExecutor(16) as clients:
            path = "/v1/objects/b/o{}?validate-checksum=true"
            heads = [clients.submit(wire.follow, own.endpoint, "HEAD", path.format(i % 20)) for i in range(60)]
            assert all(head.result().status == 200 for head in heads)
        names = [(task / "comm").read_text().strip() for task in pathlib.Path(f"/proc/{target.pid}/task").iterdir()]
        return len([name for name in names if name.startswith("disk")])

    def another_write_waits(patience=1):
        with half_sent(64 * MEGABYTE, 3 * MEGABYTE):
            with contextlib.suppress(TimeoutError):
                wire.follow(own.endpoint, "PUT", "/v1/objects/b/other", bytes(900_000), timeout=patience)
                return False
            return True
    assert open_objects() == 150
    restart_target(own)
    assert not cached("past-the-cache")
    assert not another_write_waits(patience=10)
    wait_until(lambda: pool_threads() > 1, 20, "work for more than one thread")
    set_knobs(own, ais_store__fd_cache_objects="64", ais_store__direct_threshold="1MiB", ais_store__pool_threads="1",
              ais_store__write_buffers="1MiB")
    restart_target(own)
    assert pool_threads() == 1
    wait_until(another_write_waits, 20, "the first one holds all the memory there is")
    restart_target(own)
    assert cached("through-the-cache")
    assert open_objects() <= 64


PROBES = {
    "write_policy.data": probe_write_policy_data, "write_policy.md": probe_write_policy_md, "features": probe_features,
    "checksum.type": probe_checksum_type, "checksum.validate_warm_get": probe_validate_warm_get,
    "checksum.enable_read_range": probe_enable_read_range, "versioning.enabled": probe_versioning,
    "keepalivetracker.proxy.interval": probe_suspects, "keepalivetracker.proxy.factor": probe_suspects,
    "keepalivetracker.target.interval": probe_suspects, "keepalivetracker.target.factor": probe_suspects,
    "keepalivetracker.proxy.name": probe_constant("keepalivetracker.proxy.name"),
    "keepalivetracker.target.name": probe_constant("keepalivetracker.target.name"), "net.l4.proto": probe_constant("net.l4.proto"),
    "log.level": probe_log_level, "log.max_size": probe_log_max_size, "log.max_total": probe_log_max_total,
    "log.to_stderr": probe_log_to_stderr, "lso.idle_time": probe_lso_idle_time,
    "periodic.stats_time": probe_stats_time, "disk.iostat_time_long": probe_iostat_time_long,
    "periodic.retry_sync_time": probe_retry_sync_time, "client.list_timeout": probe_list_timeout,
    "timeout.cplane_operation": probe_cplane_operation,
    # Tests of their own, for the cluster that they need:
    "space.cleanupwm": test_leftovers, "space.dont_cleanup_time": test_leftovers, "space.lowwm": test_watermarks,
    "space.highwm": test_watermarks, "space.out_of_space": test_watermarks,
    "proxy.primary_url": test_where_a_node_registers_and_how_long_it_waits,
    "proxy.original_url": test_where_a_node_registers_and_how_long_it_waits,
    "proxy.discovery_url": test_where_a_node_registers_and_how_long_it_waits,
    "timeout.max_keepalive": test_where_a_node_registers_and_how_long_it_waits, "timeout.send_file_time": test_send_file_time,
    "ais_store.fd_cache_objects": test_store_settings_are_read_at_start,
    "ais_store.direct_threshold": test_store_settings_are_read_at_start, "ais_store.write_buffers": test_store_settings_are_read_at_start,
    "ais_store.pool_threads": test_store_settings_are_read_at_start,
}


def test_every_knob_with_an_effect_has_a_probe():
    assert {knob.name for knob in WITH_EFFECT} == set(PROBES)


def own_probes():
    """Each function once, named after the first of its knobs."""
    seen = {}
    for name, probe in PROBES.items():
        if not probe.__name__.startswith("test_"):
            seen.setdefault(probe, name)
    return [pytest.param(probe, id=name) for probe, name in seen.items()]


@pytest.mark.parametrize("probe", own_probes())
def test_effect(place, probe):
    probe(place)

"""The wire as the original's own Go programs decode it: shapes that they read, and answers that they were seen to rely on."""
import json
import urllib.parse

import msgpack
import pytest
import wire
from conftest import ROOT, create_bucket, destroy_bucket
from local_cluster import wait_until
from wire import follow, put

MSGPACK = {"Accept": "application/msgpack"}
NO_RECURSION, NO_DIRECTORIES, CALLER_IS_S3, NAME_ONLY = 1 << 11, 1 << 13, 1 << 14, 1 << 4
FLAGS = {"": 0, "no-recursion": NO_RECURSION, "no-recursion,no-dirs": NO_RECURSION | NO_DIRECTORIES}
DIRECTORY, PRESENT = 256, 64


def ask(cluster, node, what, headers=None):
    return wire.request(cluster.endpoint, "GET", f"/v1/reverse/daemon?what={what}", headers={"Ais-Node-Id": node.id, **(headers or {})})


def unpacked(answer):
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/msgpack", answer
    return msgpack.unpackb(answer.body, strict_map_key=True)


def disks_of(capacity):
    return {disk for mountpath in capacity["mountpaths"].values() for disk in mountpath["disks"]}


# --- what nodes say about themselves

def test_tracker_holds_numbers_and_metrics_their_kinds(cluster, bucket):
    put(cluster, bucket, "o")
    for node in cluster.nodes:
        kinds = ask(cluster, node, "metrics").json()
        tracker = ask(cluster, node, "node_stats").json()["tracker"]
        assert all(type(value) is int for value in tracker.values()), tracker
        # A zero count would be divided by, to get an average size.
        assert set(kinds) >= set(tracker) and all(value for name, value in tracker.items() if kinds[name] in {"counter", "size", "total"})
        assert set(kinds.values()) <= {"counter", "total", "size", "special", "gauge", "bw", "compbw"}
        assert kinds["get.n"] == "counter" and kinds["up.ns.time"] == "special" and kinds["state.flags"] == "gauge"
    target = cluster.targets[0]
    kinds = ask(cluster, target, "metrics").json()
    assert (kinds["put.size"], kinds["put.bps"], kinds["put.ns.total"]) == ("size", "bw", "total")
    for disk in disks_of(ask(cluster, target, "node_stats").json()["capacity"]):
        assert kinds[f"disk.{disk}.read.bps"] == kinds[f"disk.{disk}.write.bps"] == "compbw"
        assert kinds[f"disk.{disk}.util"] == kinds[f"disk.{disk}.avg.rsize"] == kinds[f"disk.{disk}.avg.wsize"] == "gauge"


def test_throughput_is_bytes_per_second_of_the_latest_interval(make_cluster):
    cluster = make_cluster(targets=1)
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?periodic.stats_time=1s").status == 200
    create_bucket(cluster.endpoint, "rates")
    target = cluster.targets[0]

    def rate(name):
        return ask(cluster, target, "node_stats").json()["tracker"][name]
    size, interval = 4 << 20, 10  # the first interval is still of the default length
    put(cluster, "rates", "o", b"x" * size)
    seen = wait_until(lambda: rate("put.bps"), 15, "writing shows as a rate", 0.05)
    assert size / (interval + 5) < seen <= size / 0.9
    wait_until(lambda: rate("put.bps") == 0, 5, "and ends with its interval", 0.05)
    for _ in range(3):
        assert follow(cluster.endpoint, "GET", "/v1/objects/rates/o?provider=ais").status == 200
    assert wait_until(lambda: rate("get.bps"), 5, "so does reading", 0.05) <= 3 * size / 0.9


def test_status_and_statistics_in_messagepack(cluster):
    target, gateway = cluster.targets[0], cluster.primary
    as_json, packed = ask(cluster, target, "node_status").json(), unpacked(ask(cluster, target, "node_status", MSGPACK))
    assert list(packed) == ["s", "d", "v", "b", "k", "n", "t", "x", "c", "y", "w"]
    assert packed["v"] == as_json["ais_version"] and packed["w"] == int(as_json["smap_version"])
    assert packed["n"]["i"] == target.id and packed["n"]["t"] == "target" and packed["n"]["name"] == f"t[{target.id}]"
    assert packed["n"]["p"]["u"] == target.url and packed["n"]["g"] == as_json["snode"]["id_digest"]
    assert set(packed["t"]) >= set(as_json["tracker"])
    assert packed["c"]["s"]["Primary"]["PubURL"] == gateway.url and packed["c"]["f"] == 6
    path, mountpath = next(iter(packed["x"]["m"].items()))
    told = as_json["capacity"]["mountpaths"][path]
    assert set(mountpath) == {"l", "f", "d", "Capacity", "x-damage"} and set(mountpath["Capacity"]) == {"u", "a", "p"}
    assert ",".join(map(str, mountpath["f"]["i"])) == told["fs"]["FsID"]
    assert isinstance(packed["y"]["p"], float) and set(packed["y"]["l"]) == {"o", "f", "t"}
    for node in cluster.nodes:
        assert list(unpacked(ask(cluster, node, "node_stats", MSGPACK))) == ["n", "t", "x"]
    disk = unpacked(ask(cluster, target, "disk", MSGPACK))
    assert list(disk) == ["AllDiskStats", "m", "e", "u", "a", "x", "v", "n"]
    assert all(list(stats) == ["r", "s", "w", "x", "u"] for stats in disk["AllDiskStats"].values())
    # what has no MessagePack form is JSON, and says so
    assert ask(cluster, target, "mountpaths", MSGPACK).headers["Content-Type"].startswith("application/json")


def test_a_shared_filesystem_counts_once(cluster):
    for target in cluster.targets:
        capacity = ask(cluster, target, "node_status").json()["capacity"]
        assert len(capacity["mountpaths"]) == 2
        one, other = capacity["mountpaths"].values()
        assert one["fs"] == other["fs"] and isinstance(one["fs"]["FsID"], str)
        assert capacity["total_used"] == one["used"] and capacity["total_avail"] == one["avail"]
        assert capacity["pct_avg"] == capacity["pct_max"] == one["pct_used"]
        info = ask(cluster, target, "sysinfo").json()
        assert int(info["fs_capacity"]) == int(one["used"]) + int(one["avail"])


def test_system_of_the_process_and_of_the_host(cluster):
    host = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in open("/proc/meminfo", encoding="ascii")}
    for node in cluster.nodes:
        info = ask(cluster, node, "sysinfo").json()
        assert info["mem_used"] == info["proc"]["Mem"]["Resident"] < host["MemTotal"] / 4
        assert abs(info["mem_used"] - node.memory()["Rss"]) < 64 << 20
        assert info["pct_mem_used"] == pytest.approx(100 * info["mem_used"] / info["mem"]["Total"])
        assert info["mem_avail"] == info["mem"]["ActualFree"] and info["mem"]["Total"] <= host["MemTotal"]
        assert 0 <= info["cpu_util"] <= 100 and 0 <= info["pct_cpu_used"] <= 101
        cpu = info["proc"]["CPU"]
        assert cpu["Total"] == cpu["User"] + cpu["System"]
        assert set(info["load_avg"]) == {"One", "Five", "Fifteen"}


def test_disk_rates_do_not_depend_on_who_asks(cluster):
    target = cluster.targets[0]
    first, second = (ask(cluster, target, "disk").json() for _ in range(2))
    assert set(first["AllDiskStats"]) == disks_of(first)
    # Both see the same interval, unless it ended just between them.
    third = ask(cluster, target, "disk").json()
    assert first["AllDiskStats"] == second["AllDiskStats"] or second["AllDiskStats"] == third["AllDiskStats"]


def test_statistics_of_all_nodes_are_reset(make_cluster):
    cluster = make_cluster(targets=2)
    create_bucket(cluster.endpoint, "counted")
    for i in range(8):
        put(cluster, "counted", f"o{i}")
        assert follow(cluster.endpoint, "GET", f"/v1/objects/counted/none{i}?provider=ais").status == 404

    def totals():
        trackers = [ask(cluster, target, "node_stats").json()["tracker"] for target in cluster.targets]
        return sum(t.get("put.n", 0) for t in trackers), sum(t.get("err.get.n", 0) for t in trackers)
    assert totals() == (8, 8)
    for value, left in [(True, (8, 0)), (False, (0, 0))]:
        answer = wire.request(cluster.endpoint, "PUT", "/v1/cluster", {"action": "reset-stats", "value": value})
        assert (answer.status, answer.body) == (200, b"") and totals() == left
    before = len(list((cluster.targets[1].folder / "log").iterdir()))
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster", {"action": "rotate-logs"}).status == 200
    assert len(list((cluster.targets[1].folder / "log").iterdir())) > before
    cluster.targets[1].kill()
    answer = wire.request(cluster.endpoint, "PUT", "/v1/cluster", {"action": "reset-stats", "value": False})
    assert answer.status == 500 and answer.json()["tcode"] == "ErrNodeUnavailable"
    assert f"t[{cluster.targets[1].id}]" in answer.json()["message"]


# --- listings

def list_pages(cluster, bucket, **message):
    pages, token, uuid = [], "", ""
    while True:
        value = {**message, "flags": str(message["flags"]), "continuation_token": token, "uuid": uuid}
        answer = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}?provider=ais", {"action": "list", "value": value}, MSGPACK)
        page = unpacked(answer)
        pages.append([(entry["n"], entry["f"]) for entry in page["Entries"]])
        token, uuid = page["ContinuationToken"], page["UUID"]
        if not token:
            return pages


def list_all(cluster, bucket, **message):
    return [entry for page in list_pages(cluster, bucket, **message) for entry in page]


@pytest.fixture(scope="module")
def tricky(cluster):
    """The names of tests/golden/listing.json in a bucket, and its cases."""
    golden = json.loads((ROOT / "tests/golden/listing.json").read_text())
    create_bucket(cluster.endpoint, "tricky")
    for name in golden["names"]:
        put(cluster, "tricky", urllib.parse.quote(name))
    yield golden["cases"]
    destroy_bucket(cluster.endpoint, "tricky")


def test_prefixes_and_directories(cluster, tricky):
    """Compared with a cluster of the original on these names: where it lists all that a prefix asks for, the lists are equal. It loses
    names next to a directory that the prefix names, below a prefix that ends inside a component, and at page cuts; it ignores
    no-dirs, and start_after for directories."""
    for case in tricky:
        flags = FLAGS[case["flags"]]
        entries = list_all(cluster, "tricky", prefix=case["prefix"], start_after=case["start_after"], flags=flags | NAME_ONLY)
        assert [name for name, _ in entries] == case["expected"], case
        assert all(word == (DIRECTORY if name.endswith("/") else PRESENT) for name, word in entries), case


def test_page_cuts_among_directories(cluster, tricky):
    for case in tricky:
        if case["prefix"] not in {"", "ab", "n", "n/", "m", "b/", "deep"} or case["start_after"]:
            continue
        for size in [1, 2, 3, 7]:
            pages = list_pages(cluster, "tricky", prefix=case["prefix"], flags=FLAGS[case["flags"]] | NAME_ONLY, pagesize=size)
            names = [name for page in pages for name, _ in page]
            assert names == case["expected"], (case["prefix"], case["flags"], size)
            assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


def test_a_directory_named_without_slash(cluster, tricky):
    del tricky
    inside = [("ab/d/e", PRESENT), ("ab/d/f", PRESENT), ("ab/d/g/", DIRECTORY)]
    assert list_all(cluster, "tricky", prefix="ab/d", flags=NO_RECURSION | NAME_ONLY) == inside
    # A caller that takes a prefix for a string (S3) gets the directory itself.
    assert list_all(cluster, "tricky", prefix="ab/d", flags=NO_RECURSION | CALLER_IS_S3 | NAME_ONLY) == [("ab/d/", DIRECTORY)]

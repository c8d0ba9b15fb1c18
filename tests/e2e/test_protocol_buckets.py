"""The wire of buckets and listings: exact statuses, JSON and MessagePack shapes."""
import json
import re
import threading

import msgpack
import wire
from conftest import create_bucket, destroy_bucket
from wire import put

HELLO_XXHASH = "26c7827d889f6da3"

def test_bucket_life(cluster):
    for proxy in cluster.proxies:  # the second one forwards to the primary
        create = {"action": "create-bck"}
        assert wire.request(proxy.url, "POST", "/v1/buckets/life?provider=ais", create).status == 200
        again = wire.request(proxy.url, "POST", "/v1/buckets/life?provider=ais", create)
        assert again.status == 409 and again.json()["tcode"] == "ErrBucketAlreadyExists"
        assert again.json()["message"] == 'bucket "ais://life" already exists'
        for other in cluster.proxies:
            names = wire.request(other.url, "GET", "/v1/buckets?provider=ais", {"action": "list", "name": "", "value": None}).json()
            assert {"name": "life", "provider": "ais", "namespace": {"uuid": "", "name": ""}} in names
        head = wire.request(proxy.url, "HEAD", "/v1/buckets/life")
        props = json.loads(head.headers["Ais-Bucket-Props"])
        assert props["provider"] == "ais" and props["versioning"]["enabled"] is True and props["checksum"]["type"] == "xxhash2"
        assert props["access"] == "18446744073709551615" and props["lru"]["enabled"] is False and int(props["bid"]) != 0
        assert wire.request(proxy.url, "DELETE", "/v1/buckets/life", {"action": "destroy-bck"}).status == 200
        gone = wire.request(proxy.url, "DELETE", "/v1/buckets/life", {"action": "destroy-bck"})
        assert gone.status == 404 and gone.json()["tcode"] == "ErrBckNotFound"


def test_a_new_bucket_of_an_old_name_is_empty(cluster):
    for _ in range(2):
        assert wire.request(cluster.endpoint, "POST", "/v1/buckets/phoenix", {"action": "create-bck"}).status == 200
        listed = wire.request(cluster.endpoint, "GET", "/v1/buckets/phoenix", {"action": "list", "value": {}}).json()
        assert not listed["entries"]
        for i in range(10):
            put(cluster, "phoenix", f"o{i}")
        assert wire.request(cluster.endpoint, "DELETE", "/v1/buckets/phoenix", {"action": "destroy-bck"}).status == 200


def test_bucket_props(cluster, bucket):
    path = f"/v1/buckets/{bucket}"
    for value in [{"checksum": {"type": "sha256"}}, {"versioning": {"enabled": False}}]:
        assert wire.request(cluster.endpoint, "PATCH", path, {"action": "set-bprops", "value": value}).status == 200
    answer = put(cluster, bucket, "o")
    assert answer.headers["Ais-Checksum-Type"] == "sha256" and len(answer.headers["Ais-Checksum-Value"]) == 64
    assert wire.request(cluster.endpoint, "PATCH", path, {"action": "reset-bprops"}).status == 200
    props = json.loads(wire.request(cluster.endpoint, "HEAD", path).headers["Ais-Bucket-Props"])
    assert props["checksum"]["type"] == "xxhash2" and props["versioning"]["enabled"] is True
    bad = wire.request(cluster.endpoint, "PATCH", path, {"action": "nonsense"})
    assert bad.status == 400 and 'invalid action "nonsense"' in bad.json()["message"]
    assert wire.request(cluster.endpoint, "PATCH", path, {"action": "set-bprops", "value": {"checksum": {"type": "nope"}}}).status == 400


def test_access_bits(cluster, bucket):
    put(cluster, bucket, "o")
    read_only = {"action": "set-bprops", "value": {"access": str(1 | 2 | 256 | 512)}}
    assert wire.request(cluster.endpoint, "PATCH", f"/v1/buckets/{bucket}", read_only).status == 200
    denied = wire.follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/o", b"x")
    assert denied.status == 403 and denied.json()["tcode"] in ("ErrBucketAccessDenied", "ErrObjectAccessDenied")
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o").status == 200


def test_easy_url(cluster, bucket):
    assert wire.follow(cluster.endpoint, "PUT", f"/ais/{bucket}/dir/o", b"hello").status == 200
    assert wire.follow(cluster.endpoint, "GET", f"/ais/{bucket}/dir/o").body == b"hello"
    assert [e["name"] for e in wire.request(cluster.endpoint, "GET", f"/ais/{bucket}").json()["entries"]] == ["dir/o"]
    assert bucket in [b["name"] for b in wire.request(cluster.endpoint, "GET", "/ais").json()]
    assert wire.request(cluster.endpoint, "PUT", f"/ais/{bucket}", b"x").status == 400


def test_cloud_buckets_name_what_is_missing(cluster):
    answer = wire.request(cluster.endpoint, "GET", "/v1/buckets?provider=aws", {"action": "list", "name": "", "value": None})
    assert answer.status >= 400 and "backend is missing in the cluster configuration" in answer.json()["message"]


def list_page(cluster, bucket, accept="application/msgpack", **value):
    answer = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}?provider=ais", {"action": "list", "value": value},
                          {"Accept": accept})
    assert answer.status == 200, answer
    return answer


def test_list_msgpack_shape(cluster, bucket):
    for name in ["b", "a", "d/e"]:
        put(cluster, bucket, name)
    answer = list_page(cluster, bucket)
    assert answer.headers["Content-Type"] == "application/msgpack"
    page = msgpack.unpackb(answer.body, object_pairs_hook=list)
    assert [key for key, _ in page] == ["UUID", "ContinuationToken", "Entries", "Flags"]
    page = msgpack.unpackb(answer.body)
    assert re.fullmatch(r"[A-Za-z][\w-]{7,30}[A-Za-z0-9]", page["UUID"])
    assert page["ContinuationToken"] == ""
    assert [(e["n"], e["s"], e["f"]) for e in page["Entries"]] == [("a", 5, 64), ("b", 5, 64), ("d/e", 5, 64)]
    empty = list_page(cluster, bucket, prefix="zzz")
    assert msgpack.unpackb(empty.body)["Entries"] == []
    names = msgpack.unpackb(list_page(cluster, bucket, props="name").body)["Entries"]
    assert all(set(e) <= {"n", "f"} for e in names)
    full = msgpack.unpackb(list_page(cluster, bucket, props="name,size,checksum,version,atime,location,copies,custom").body)["Entries"]
    for entry in full:
        assert entry["cs"] == HELLO_XXHASH and entry["v"] == "1" and entry["c"] == 1 and re.match(r"t\[\w+\]:mp\[", entry["t"])
        assert re.match(r"\d\d \w{3} \d\d \d\d:\d\d \w+", entry["a"])


def test_list_pages(cluster, bucket):
    names = sorted(f"p/{i:03}" for i in range(57))
    for name in names:
        put(cluster, bucket, name, b"x")
    for size in [1, 19, 56, 57, 58, 1000]:
        seen, token, uuid, pages = [], "", "", 0
        while True:
            page = msgpack.unpackb(list_page(cluster, bucket, pagesize=size, continuation_token=token, uuid=uuid).body)
            assert uuid in ("", page["UUID"]) and len(page["Entries"]) <= size
            seen += [e["n"] for e in page["Entries"]]
            uuid, token, pages = page["UUID"], page["ContinuationToken"], pages + 1
            if not token:
                break
            assert token == seen[-1]
        assert seen == names
        assert pages == len(names) // size + 1
    after = msgpack.unpackb(list_page(cluster, bucket, start_after="p/050").body)["Entries"]
    assert [e["n"] for e in after] == names[51:]


def test_list_without_recursion(cluster, bucket):
    for name in ["a/1", "a/2", "b", "c/d/e"]:
        put(cluster, bucket, name)
    top = msgpack.unpackb(list_page(cluster, bucket, flags=str(1 << 11)).body)["Entries"]
    assert [(e["n"], bool(e.get("f", 0) & 256)) for e in top] == [("a/", True), ("b", False), ("c/", True)]
    no_directories = msgpack.unpackb(list_page(cluster, bucket, flags=str(1 << 11 | 1 << 13)).body)["Entries"]
    assert [e["n"] for e in no_directories] == ["b"]
    below = msgpack.unpackb(list_page(cluster, bucket, flags=str(1 << 11), prefix="a/").body)["Entries"]
    assert [e["n"] for e in below] == ["a/1", "a/2"]


def test_list_json_shape(cluster, bucket):
    put(cluster, bucket, "o")
    page = list_page(cluster, bucket, accept="application/json").json()
    assert set(page) == {"uuid", "continuation_token", "entries", "flags"}
    assert page["entries"][0]["name"] == "o" and page["entries"][0]["size"] == "5"


def test_list_errors(cluster, bucket):
    unknown = wire.request(cluster.endpoint, "GET", "/v1/buckets/no-such-bucket", {"action": "list", "value": {}})
    assert unknown.status == 404 and unknown.json()["tcode"] == "ErrBckNotFound"
    for value in [{"prefix": "../x"}, {"flags": str(1 << 9)}]:
        assert wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": value}).status == 400
    no_body = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", b"", {"Content-Type": "application/json"})
    assert no_body.status == 400


def test_a_bucket_that_is_seen_can_be_used(cluster):
    """Whoever sees a bucket in the list, at whatever gateway, while its creator still waits for the answer."""
    wrong = []
    for i in range(15):
        name = f"early{i}"

        def use(proxy):
            while not any(b["name"] == name for b in wire.request(proxy.url, "GET", "/v1/buckets", {"action": "list"}).json()):
                pass
            listed = wire.request(proxy.url, "GET", f"/v1/buckets/{name}", {"action": "list", "value": {}})
            put = wire.follow(proxy.url, "PUT", f"/v1/objects/{name}/o", b"content")
            got = wire.follow(proxy.url, "GET", f"/v1/objects/{name}/o")
            wrong.extend(answer for answer in (listed, put, got) if answer.status != 200)
        users = [threading.Thread(target=use, args=(proxy,)) for proxy in cluster.proxies * 2]
        for user in users:
            user.start()
        create_bucket(cluster.endpoint, name)
        for user in users:
            user.join(60)
        destroy_bucket(cluster.endpoint, name)
    assert not wrong, wrong[:5]


def test_a_listing_beside_the_destruction_of_its_bucket(cluster):
    create_bucket(cluster.endpoint, "going")
    seen, gone = set(), threading.Event()

    def look(proxy):
        while not gone.is_set():
            answer = wire.request(proxy.url, "GET", "/v1/buckets/going", {"action": "list", "value": {}})
            seen.add((answer.status, answer.body if answer.status not in (200, 404) else b""))
    lookers = [threading.Thread(target=look, args=(proxy,)) for proxy in cluster.proxies * 2]
    for looker in lookers:
        looker.start()
    for _ in range(15):
        destroy_bucket(cluster.endpoint, "going")
        create_bucket(cluster.endpoint, "going")
    destroy_bucket(cluster.endpoint, "going")
    gone.set()
    for looker in lookers:
        looker.join(60)
    assert {status for status, _ in seen} <= {200, 404}, [text for _, text in seen]

"""Renames beside renames, removals, writes and changes of custom pairs, over three targets with two mountpaths each: of each race exactly
one outcome of some order, nothing lost, nothing twice. And conditions on the way through a gateway."""
import concurrent.futures
import threading

import pytest
import wire
from conftest import create_bucket, destroy_bucket

ROUNDS = 80


class Objects:
    """The objects of one bucket."""

    def __init__(self, cluster, bucket):
        self.url, self.bucket = cluster.endpoint, bucket

    def call(self, method, name, body=None, headers=None, query=""):
        return wire.follow(self.url, method, f"/v1/objects/{self.bucket}/{name}?provider=ais{query}", body, headers, timeout=60)

    def put(self, name, body, headers=None):
        return self.call("PUT", name, body, headers).status

    def get(self, name):
        """The content, None when there is none."""
        answer = self.call("GET", name)
        assert answer.status in (200, 404), answer
        return answer.body if answer.status == 200 else None

    def pairs(self, name):
        return self.call("HEAD", name).headers.get_all("Ais-Custom-Md", [])

    def rename(self, name, to):
        return self.call("POST", name, {"action": "rename-obj", "name": to}).status

    def delete(self, name):
        return self.call("DELETE", name).status

    def patch(self, name, pairs):
        return self.call("PATCH", name, {"action": "", "value": pairs}).status

    def names(self):
        listed = wire.request(self.url, "GET", f"/v1/buckets/{self.bucket}", {"action": "list", "value": {}}).json()
        return sorted(entry["name"] for entry in listed["entries"] or [])


@pytest.fixture
def objects(cluster, bucket):
    return Objects(cluster, bucket)


@pytest.fixture(scope="module")
def race():
    """race(call, call, ...): all at the same time; their results."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        def run(*calls):
            barrier = threading.Barrier(len(calls))

            def at_once(call):
                barrier.wait(30)
                return call()
            return [future.result() for future in [pool.submit(at_once, call) for call in calls]]
        yield run


def test_two_renames(objects, race):
    left = []
    for i in range(ROUNDS):
        a, b, c = f"a{i}", f"b{i}", f"c{i}"
        assert objects.put(a, b"content") == 200
        results = race(lambda: objects.rename(a, b), lambda: objects.rename(a, c))
        assert sorted(results) == [200, 404], (i, results)
        won, lost = (b, c) if results[0] == 200 else (c, b)
        assert (objects.get(a), objects.get(won), objects.get(lost)) == (None, b"content", None), i
        left.append(won)
    assert objects.names() == sorted(left)


def test_rename_and_removal(objects, race):
    left = []
    for i in range(ROUNDS):
        a, b = f"a{i}", f"b{i}"
        assert objects.put(a, b"content") == 200
        results = race(lambda: objects.rename(a, b), lambda: objects.delete(a))
        assert sorted(results) == [200, 404], (i, results)
        left += [b] if results[0] == 200 else []
    assert objects.names() == sorted(left)


def test_rename_and_custom_pairs(objects, race):
    for i in range(ROUNDS):
        a, b = f"a{i}", f"b{i}"
        assert objects.put(a, b"content") == 200
        renamed, patched = race(lambda: objects.rename(a, b), lambda: objects.patch(a, {"k": "v"}))
        assert renamed == 200 and patched in (200, 404), (i, renamed, patched)
        assert objects.get(a) is None and objects.get(b) == b"content", i
        assert objects.pairs(b) == (["k=v"] if patched == 200 else []), i


def test_crossing_renames(objects, race):
    for i in range(ROUNDS):
        a, b = f"a{i}", f"b{i}"
        assert objects.put(a, b"of a") == objects.put(b, b"of b") == 200
        there, back = race(lambda: objects.rename(a, b), lambda: objects.rename(b, a))
        found = objects.get(a), objects.get(b)
        possible = {(409, 409): [(b"of a", b"of b")], (200, 409): [(None, b"of a")], (409, 200): [(b"of b", None)],
                    (200, 200): [(b"of a", None), (None, b"of b")]}
        assert found in possible[there, back], (i, there, back, found)
        # Nothing is held: the next one goes through.
        name = a if found[0] else b
        assert objects.rename(name, f"c{i}") == 200, i


def test_rename_and_write(objects, race):
    for i in range(ROUNDS):
        a, b = f"a{i}", f"b{i}"
        assert objects.put(a, b"old") == 200
        assert race(lambda: objects.rename(a, b), lambda: objects.put(a, b"new")) == [200, 200], i
        assert (objects.get(a), objects.get(b)) in [(b"new", b"old"), (None, b"new")], i


def test_conditions_through_a_gateway(objects, race):
    assert objects.put("o", b"content", {"If-None-Match": "*"}) == 200
    head = objects.call("HEAD", "o")
    tag = head.headers["ETag"]
    got = objects.call("GET", "o", headers={"If-None-Match": tag})
    assert (got.status, got.body, got.headers["ETag"]) == (304, b"", tag)
    assert objects.call("GET", "o", headers={"If-Modified-Since": head.headers["Last-Modified"]}).status == 304
    assert objects.call("GET", "o", headers={"If-Match": '"another"'}).status == 412
    part = objects.call("GET", "o", headers={"Range": "bytes=3-", "If-Range": tag})
    assert (part.status, part.body) == (206, b"tent")
    whole = objects.call("GET", "o", headers={"Range": "bytes=3-", "If-Range": '"another"'})
    assert (whole.status, whole.body) == (200, b"content")
    for condition in [{"If-Match": '"another"'}, {"If-None-Match": tag}, {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:10 GMT"}]:
        assert objects.put("o", b"x" * 500_000, condition) == 412
        assert objects.call("DELETE", "o", headers=condition).status == 412
        assert objects.call("PATCH", "o", {"value": {"k": "v"}}, condition).status == 412
    assert objects.get("o") == b"content" and objects.pairs("o") == []
    for i in range(5):
        results = race(*[lambda n=n: objects.put(f"new{i}", b"%d" % n, {"If-None-Match": "*"}) for n in range(4)])
        assert sorted(results) == [200, 412, 412, 412], results
        assert objects.get(f"new{i}") == b"%d" % results.index(200)
    assert objects.put("o", b"changed", {"If-Match": tag}) == 200
    assert objects.call("DELETE", "o", headers={"If-Match": tag}).status == 412
    assert objects.call("DELETE", "o", headers={"If-Match": "*"}).status == 200


def test_a_part_is_not_stored_as_the_whole(objects):
    assert objects.put("o", b"the whole object") == 200
    refused = objects.call("PUT", "o", b"object", {"Content-Range": "bytes 10-15/16"})
    assert refused.status == 400 and "Content-Range" in refused.json()["message"], refused
    assert objects.get("o") == b"the whole object"


def test_copies_do_not_show_where_they_are(cluster, objects):
    """Between buckets of different rules, over all targets and mountpaths."""
    for name, checksum, versioned in [("md5", "md5", True), ("crc", "crc32c", False)]:
        props = {"checksum": {"type": checksum}, "versioning": {"enabled": versioned}}
        create_bucket(cluster.endpoint, f"{objects.bucket}-{name}", props)
    try:
        assert objects.put("o", b"content", {"Ais-Custom-Md": "k=v"}) == objects.put("o", b"hello", {"Ais-Custom-Md": "k=v"}) == 200
        for name, value, version in [("md5", "5d41402abc4b2a76b9719d911017c592", "1"), ("crc", "9a71bb4c", None)]:
            copies, places = Objects(cluster, f"{objects.bucket}-{name}"), set()
            for i in range(20):
                assert objects.call("PUT", "o", query=f"&object_to=ais%2F%40%23%2F{copies.bucket}%2Fc{i}").status == 200
                head = copies.call("HEAD", f"c{i}")
                places.add(head.headers["Ais-Location"])
                assert head.headers["Ais-Checksum-Value"] == value and head.headers["Ais-Version"] == version, (name, i, dict(head.headers))
                assert head.headers.get_all("Ais-Custom-Md") == ["k=v"]
                assert copies.get(f"c{i}") == b"hello"
            assert len(places) > 2, places
    finally:
        for name in ["md5", "crc"]:
            destroy_bucket(cluster.endpoint, f"{objects.bucket}-{name}")

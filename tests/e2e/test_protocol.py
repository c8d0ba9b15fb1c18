"""The wire of objects: redirects, errors, exact statuses and headers."""
import json
import re
import urllib.parse

import pytest
import wire
from wire import put

HELLO_XXHASH = "26c7827d889f6da3"


def location_of(cluster, method, target, **options):
    answer = wire.request(cluster.endpoint, method, target, **options)
    assert answer.status == 307, answer
    return answer.headers["Location"]

@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "POST"])
def test_object_methods_redirect_with_307_and_no_store(cluster, bucket, method):
    body = {"action": "check-lock"} if method == "POST" else None
    answer = wire.request(cluster.endpoint, method, f"/v1/objects/{bucket}/dir/obj?provider=ais", body)
    assert answer.status == 307
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == "0"
    assert answer.body == b""
    location = urllib.parse.urlsplit(answer.headers["Location"])
    assert f"{location.scheme}://{location.netloc}" in [t.url for t in cluster.targets]
    assert location.path == f"/v1/objects/{bucket}/dir/obj"
    assert re.fullmatch(rf"provider=ais&pid={cluster.primary.id}&utm=\d{{19}}", location.query)


def test_redirect_without_a_query(cluster, bucket):
    location = location_of(cluster, "GET", f"/v1/objects/{bucket}/o")
    assert re.search(rf"/v1/objects/{bucket}/o\?pid={cluster.primary.id}&utm=\d+$", location)


@pytest.mark.parametrize("name", ["a b", "50%", "what?", "a#b", "a+b", "ключ/ü", "x&y=z"])
def test_escaped_names_survive_the_redirect(cluster, bucket, name):
    quoted = urllib.parse.quote(name)
    put(cluster, bucket, quoted, name.encode())
    got = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/{quoted}?provider=ais")
    assert (got.status, got.body) == (200, name.encode())
    listed = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {}}).json()
    assert [entry["name"] for entry in listed["entries"]] == [name]


def test_all_gateways_agree_on_the_owner(cluster, bucket):
    for i in range(20):
        owners = {urllib.parse.urlsplit(wire.request(p.url, "GET", f"/v1/objects/{bucket}/o{i}").headers["Location"]).netloc
                  for p in cluster.proxies}
        assert len(owners) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_a_target_wants_changes_to_be_redirected(cluster, bucket, method):
    body = {"action": "check-lock"} if method == "POST" else b""
    answer = wire.request(cluster.targets[0].url, method, f"/v1/objects/{bucket}/o?provider=ais", body)
    assert answer.status == 400
    assert f"{method}(obj) is expected to be redirected" in answer.json()["message"]


def test_error_body_is_golden(cluster):
    answer = wire.request(cluster.endpoint, "GET", "/v1/objects/no-such-bucket/o?provider=ais")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.body.endswith(b"\n") and answer.body.count(b"\n") == 1
    pairs = json.loads(answer.body, object_pairs_hook=list)
    assert [key for key, _ in pairs] == ["tcode", "message", "method", "url_path", "remote_addr", "caller", "node", "status"]
    error = dict(pairs)
    assert re.fullmatch(r"127\.0\.0\.1:\d+", error.pop("remote_addr"))
    assert error == {"tcode": "ErrBckNotFound", "message": 'bucket "ais://no-such-bucket" does not exist', "method": "GET",
                     "url_path": "/v1/objects/no-such-bucket/o", "caller": "", "node": f"p[{cluster.primary.id}]", "status": 404}


def test_head_errors_travel_in_a_header(cluster, bucket):
    for answer in [wire.request(cluster.endpoint, "HEAD", "/v1/buckets/no-such-bucket"),
                   wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/missing")]:
        assert (answer.status, answer.body) == (404, b"")
        error = json.loads(answer.headers["Hdr-Error"])
        assert error["status"] == 404 and error["method"] == "HEAD"


def test_missing_object_texts(cluster, bucket):
    got = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/no/such?provider=ais")
    assert got.status == 404
    assert re.fullmatch(rf"t\[\w+\]: ais://{bucket}/no/such does not exist", got.json()["message"])
    gone = wire.follow(cluster.endpoint, "DELETE", f"/v1/objects/{bucket}/no/such?provider=ais")
    assert gone.status == 404
    assert gone.json()["message"] == f"ais://{bucket}/no/such doesn't exist"


def test_unknown_paths_and_methods(cluster):
    assert wire.request(cluster.endpoint, "GET", "/v1/nonsense").status in (400, 404)
    assert wire.request(cluster.endpoint, "GET", "/v2/buckets").status in (400, 404)
    for node in [cluster.primary, cluster.targets[0]]:
        answer = wire.request(node.url, "DELETE", "/v1/health")
        assert answer.status == 405
        assert "GET" in answer.headers["Allow"]
        options = wire.request(node.url, "OPTIONS", "/v1/health")
        assert options.status == 200 and "GET" in options.headers["Allow"]


def test_intra_routes_are_not_public(cluster):
    for node in cluster.nodes:
        assert wire.request(node.url, "PUT", "/v1/metasync", {}).status in (400, 404)
    assert wire.request(cluster.endpoint, "POST", f"/v1/cluster/keepalive/{cluster.targets[0].id}", {}).status in (400, 404, 405)


def test_put_get_head_delete(cluster, bucket):
    answer = put(cluster, bucket, "dir/hello")
    assert answer.body == b""
    assert answer.headers["Ais-Checksum-Type"] == "xxhash2"
    assert answer.headers["Ais-Checksum-Value"] == HELLO_XXHASH
    assert answer.headers["Ais-Version"] == "1"
    assert int(answer.headers["Ais-Atime"]) > 1_600_000_000 * 10**9
    got = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/dir/hello?provider=ais")
    assert (got.status, got.body) == (200, b"hello")
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Length"] == "5"
    assert got.headers["Ais-Checksum-Value"] == HELLO_XXHASH
    assert got.headers["Ais-Version"] == "1"
    assert re.fullmatch(rf'"v1-{HELLO_XXHASH}-[0-9a-z]+"', got.headers["ETag"])
    assert got.headers["ETag"] == answer.headers["ETag"] and got.headers["Last-Modified"] == answer.headers["Last-Modified"]
    head = wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/dir/hello?provider=ais")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == "5"
    assert head.headers["Ais-Name"] == "dir/hello"
    assert head.headers["Ais-Bucket-Name"] == bucket
    assert head.headers["Ais-Bucket-Provider"] == "ais"
    assert head.headers["Ais-Present"] == "true"
    assert head.headers["Ais-Mirror-Copies"] == "1"
    assert re.fullmatch(r"\[/.*\]", head.headers["Ais-Mirror-Paths"])
    assert re.match(r"t\[\w+\]:mp\[/", head.headers["Ais-Location"])
    assert "Ais-Bucket-Namespace-Uuid" not in head.headers
    assert wire.follow(cluster.endpoint, "DELETE", f"/v1/objects/{bucket}/dir/hello?provider=ais").status == 200
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/dir/hello?provider=ais").status == 404


def test_versions_count_and_the_same_content_is_no_new_version(cluster, bucket):
    assert put(cluster, bucket, "v", b"one").headers["Ais-Version"] == "1"
    assert put(cluster, bucket, "v", b"hello").headers["Ais-Version"] == "2"
    same = {"Ais-Checksum-Type": "xxhash2", "Ais-Checksum-Value": HELLO_XXHASH}
    put(cluster, bucket, "v", b"hello", same)
    head = wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/v")
    assert head.headers["Ais-Version"] == "2"


def test_empty_object(cluster, bucket):
    put(cluster, bucket, "empty", b"")
    got = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/empty")
    assert (got.status, got.body, got.headers["Content-Length"]) == (200, b"", "0")


def test_object_and_directory_of_one_name(cluster, bucket):
    put(cluster, bucket, "a", b"file")
    put(cluster, bucket, "a/b", b"below")
    put(cluster, bucket, "c/d", b"below")
    put(cluster, bucket, "c", b"file")
    for name, body in [("a", b"file"), ("a/b", b"below"), ("c", b"file"), ("c/d", b"below")]:
        assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/{name}").body == body


def test_long_names(cluster, bucket):
    for name in ["n" * 300, "d/" * 200 + "x", "m" * 3000]:
        put(cluster, bucket, name, name[:10].encode())
        assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/{name}").body == name[:10].encode()


def test_chunked_put(cluster, bucket):
    location = location_of(cluster, "PUT", f"/v1/objects/{bucket}/chunked", body=b"")
    base, target = wire.split_location(location)
    answer = wire.request(base, "PUT", target, iter([b"hel", b"lo"]))  # no length: http.client sends chunks
    assert answer.status == 200
    assert answer.headers["Ais-Checksum-Value"] == HELLO_XXHASH


@pytest.mark.parametrize("value, status, body, content_range", [
    ("bytes=0-3", 206, b"0123", "bytes 0-3/10"), ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
    ("bytes=-3", 206, b"789", "bytes 7-9/10"), ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
    ("bytes=8-99", 206, b"89", "bytes 8-9/10"), ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
    ("bytes=10-", 416, None, "bytes */10"), ("bytes=5-2", 416, None, None), ("bytes=a-b", 416, None, None),
    ("bytes=0-1,3-4", 416, None, None), ("bytes=", 416, None, None),
    ("bytes=99999999999999999999-", 416, None, None)])
def test_ranges(cluster, bucket, value, status, body, content_range):
    put(cluster, bucket, "digits", b"0123456789")
    got = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/digits", headers={"Range": value})
    assert got.status == status, got
    if content_range:
        assert got.headers["Content-Range"] == content_range
    if status == 206:
        assert got.body == body
        assert got.headers["Accept-Ranges"] == "bytes"
        assert int(got.headers["Content-Length"]) == len(body)


def test_head_v2_selects(cluster, bucket):
    put(cluster, bucket, "o", headers={"Ais-Custom-Md": "k=v"})
    path = f"/v1/objects/{bucket}/o?provider=ais&props="
    plain = wire.follow(cluster.endpoint, "HEAD", path + "name,size")
    assert plain.headers["Content-Length"] == "5" and plain.headers["Ais-Present"] == "true"
    assert not [h for h in plain.headers if h.startswith("Ais-") and h != "Ais-Present"]
    every = wire.follow(cluster.endpoint, "HEAD", path + "checksum,atime,version,custom,location,copies,last-modified,etag,ec,chunked")
    assert every.headers["Ais-Checksum-Value"] == HELLO_XXHASH
    assert every.headers["Ais-Custom-Md"] == "k=v"
    assert every.headers["Ais-Mirror-Paths"].startswith("/")
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", every.headers["Last-Modified"])
    assert re.fullmatch(rf'"v1-{HELLO_XXHASH}-[0-9a-z]+"', every.headers["ETag"])
    bad = wire.follow(cluster.endpoint, "HEAD", path + "name,cached")
    assert bad.status == 400
    assert json.loads(bad.headers["Hdr-Error"])["message"] == 'invalid property "cached" in props list'


def test_custom_properties(cluster, bucket):
    put(cluster, bucket, "o")
    path = f"/v1/objects/{bucket}/o?provider=ais"
    assert wire.follow(cluster.endpoint, "PATCH", path, {"action": "", "value": {"a": "1", "b": "2"}}).status == 200
    assert wire.follow(cluster.endpoint, "PATCH", path, {"action": "", "value": {"b": "3"}}).status == 200
    assert sorted(wire.follow(cluster.endpoint, "HEAD", path).headers.get_all("Ais-Custom-Md")) == ["a=1", "b=3"]
    assert wire.follow(cluster.endpoint, "PATCH", path + "&set-new-custom=true", {"action": "", "value": {"c": "4"}}).status == 200
    assert wire.follow(cluster.endpoint, "HEAD", path).headers.get_all("Ais-Custom-Md") == ["c=4"]
    assert wire.follow(cluster.endpoint, "PATCH", path, {"action": "", "value": {"big": "x" * 2100}}).status == 400
    assert wire.follow(cluster.endpoint, "PATCH", f"/v1/objects/{bucket}/none", {"action": "", "value": {"c": "4"}}).status == 404


def test_rename_and_copy(cluster, bucket):
    for i in range(8):  # some of these stay on their target, others move
        put(cluster, bucket, f"from{i}", f"body{i}".encode())
        path = f"/v1/objects/{bucket}/from{i}?provider=ais"
        copied = wire.follow(cluster.endpoint, "PUT", path + "&object_to=" + urllib.parse.quote(f"ais/@#/{bucket}/copy{i}", safe=""))
        assert copied.status == 200, copied
        renamed = wire.follow(cluster.endpoint, "POST", path, {"action": "rename-obj", "name": f"to{i}"})
        assert renamed.status == 200, renamed
        assert wire.follow(cluster.endpoint, "GET", path).status == 404
        for name in [f"to{i}", f"copy{i}"]:
            assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/{name}").body == f"body{i}".encode()
    same = wire.follow(cluster.endpoint, "POST", f"/v1/objects/{bucket}/to0", {"action": "rename-obj", "name": "to0"})
    assert same.status == 400
    nowhere = wire.follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/to0?object_to=ais%2F%40%23%2Fno-such-bck%2Fx")
    assert nowhere.status == 404


def test_append(cluster, bucket):
    path = f"/v1/objects/{bucket}/log?provider=ais"
    handle = ""
    for part in [b"one,", b"two,", b"three"]:
        answer = wire.follow(cluster.endpoint, "PUT", f"{path}&append_type=append&append_handle={urllib.parse.quote(handle)}", part)
        assert answer.status == 200, answer
        handle = answer.headers["Ais-Append-Handle"]
        assert len(handle.split("|")) == 4
    assert wire.follow(cluster.endpoint, "GET", path).status == 404
    flushed = wire.follow(cluster.endpoint, "PUT", f"{path}&append_type=flush&append_handle={urllib.parse.quote(handle)}", b"")
    assert flushed.status == 200 and "Ais-Append-Handle" not in flushed.headers
    assert wire.follow(cluster.endpoint, "GET", path).body == b"one,two,three"
    bad = wire.follow(cluster.endpoint, "PUT", path + "&append_type=append&append_handle=a%7Cb", b"x")
    assert bad.status == 400 and bad.json()["message"].startswith("invalid APPEND handle")
    assert wire.follow(cluster.endpoint, "PUT", path + "&append_type=flush&append_handle=", b"").status == 400


def test_check_lock(cluster, bucket):
    put(cluster, bucket, "o")
    answer = wire.follow(cluster.endpoint, "POST", f"/v1/objects/{bucket}/o?provider=ais", {"action": "check-lock"})
    assert (answer.status, answer.body) == (200, b"")


def test_what_is_not_there_yet_says_so(cluster, bucket):
    put(cluster, bucket, "o")
    for query in ["archpath=x.jpg", "etl_name=some"]:
        answer = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o?{query}")
        assert answer.status == 501, answer
    promoted = wire.request(cluster.endpoint, "POST", f"/v1/objects/{bucket}", {"action": "promote", "value": {}})
    assert promoted.status >= 400

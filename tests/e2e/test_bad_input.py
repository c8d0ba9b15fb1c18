"""Hostile and broken input: a clear error, nothing half done, and the daemon serves on."""
import http.client
import json
import os
import socket
import urllib.parse

import pytest
import wire

HOST = b"Host: x\r\n"


@pytest.fixture(params=["gateway", "target"])
def node(request, cluster):
    running = cluster.primary if request.param == "gateway" else cluster.targets[0]
    yield running
    assert running.healthy(), "the daemon must serve on"


@pytest.mark.parametrize("data", [
    b"PUT /v1/objects/b/o HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"PUT /v1/objects/b/o HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"PUT /v1/objects/b/o HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    b"PUT /v1/objects/b/o HTTP/1.1\r\n" + HOST + b"Content-Length: 0x5\r\n\r\nhello",
    b"PUT /v1/objects/b/o HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999999\r\n\r\n",
    b"PUT /v1/objects/b/o HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\n" + HOST + b"Bad Header: x\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\n" + HOST + b"X : y\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\n" + HOST + b" folded: y\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    b"GET /v1/health HTTP/9.9\r\n" + HOST + b"\r\n",
    b"NONSENSE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n",
    b"GET  /v1/health HTTP/1.1\r\n" + HOST + b"\r\n",
], ids=["length-and-chunked", "two-lengths", "negative", "hex", "huge", "te-xchunked", "space-in-name", "space-before-colon", "folded",
        "nul", "version", "nonsense", "tls", "two-spaces"])
def test_smuggling_shapes_are_refused(node, data):
    assert wire.raw_status(node.url, data) in (0, 400, 501, 505)


def test_one_request_is_never_two(node):
    """What follows a refused request on the connection is not run."""
    smuggled = b"GET /v1/health HTTP/1.1\r\n" + HOST + b"\r\n"
    data = (b"POST /v1/health HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled)
    assert wire.raw(node.url, data).count(b"HTTP/1.1 200") == 0


def test_oversized_heads(node):
    many = b"".join(b"X-%d: y\r\n" % i for i in range(20_000))
    for head in [b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
                 b"GET /v1/health HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
                 b"GET /v1/health HTTP/1.1\r\n" + HOST + many + b"\r\n"]:
        assert wire.raw_status(node.url, head) in (0, 400, 414, 431)


def test_pipelining_is_answered_in_order(node):
    data = (b"GET /v1/health HTTP/1.1\r\n" + HOST + b"\r\n") * 3 + \
        b"GET /v1/daemon?what=nonsense HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    statuses = [int(part[:3]) for part in wire.raw(node.url, data).split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 200, 200, 400]


@pytest.mark.parametrize("name", ["a/../b", "..", "../../etc/passwd", "./a", "a/.", "%2e%2e/x", "a/%2e%2e", "~/x", "trailing/",
                                  "a%00b", "bad%zz", "cut%4"])
@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_object_names(cluster, bucket, name, method):
    head = f"{method} /v1/objects/{bucket}/{name} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    status = wire.raw_status(cluster.endpoint, head.encode())
    assert status == 400
    target = cluster.targets[0]
    line = f"{method} /v1/objects/{bucket}/{name}?pid={cluster.primary.id}&utm=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    assert wire.raw_status(target.url, line.encode()) == 400


@pytest.mark.parametrize("name, status", [("bad%20name", 400), ("b" * 65, 400), ("a..b", 400), (".hidden", 400), ("b%2Fc", 400),
                                          ("b\u00e9", 400), ("ok-name_1.2", 200)])
def test_bucket_names(cluster, name, status):
    path = "/v1/buckets/" + urllib.parse.quote(name, safe="%")
    answer = wire.request(cluster.endpoint, "POST", path, {"action": "create-bck"})
    assert answer.status == status, answer
    wire.request(cluster.endpoint, "DELETE", path, {"action": "destroy-bck"})


def test_unknown_buckets(cluster):
    for method in ["GET", "HEAD", "PUT", "DELETE"]:
        assert wire.request(cluster.endpoint, method, "/v1/objects/nobucket/o").status == 404
    assert wire.request(cluster.targets[0].url, "GET", "/v1/objects/nobucket/o").status == 404
    assert wire.request(cluster.endpoint, "PATCH", "/v1/buckets/nobucket", {"action": "reset-bprops"}).status == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b'{"action":5}', b'{"action":"nonsense"}', b"\xff\xfe",
                                  b'{"action":"create-bck","value":' + b"[" * 5000 + b"]" * 5000 + b"}",
                                  b'{"action":"create-bck","value":{"checksum":5}}'])
def test_bad_action_bodies(cluster, body):
    answer = wire.request(cluster.endpoint, "POST", "/v1/buckets/badbody", body, {"Content-Type": "application/json"})
    assert answer.status in (400, 501), answer
    assert wire.request(cluster.endpoint, "HEAD", "/v1/buckets/badbody").status == 404


def test_control_bodies_have_a_bound(cluster):
    huge = json.dumps({"action": "create-bck", "name": "x" * (4 << 20)}).encode()
    assert wire.raw_status(cluster.endpoint, b"POST /v1/buckets/huge HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(huge) +
                           huge) in (0, 400, 413)
    assert cluster.primary.healthy()


def test_too_many_query_parameters(cluster, bucket):
    query = "&".join(f"p{i}=1" for i in range(101))
    assert wire.request(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o?{query}").status == 400
    assert wire.request(cluster.targets[0].url, "GET", f"/v1/objects/{bucket}/o?{query}").status == 400


def put(cluster, bucket, name, body, headers=None):
    return wire.follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/{name}", body, headers)


def test_wrong_checksums_store_nothing(cluster, bucket):
    assert put(cluster, bucket, "o", b"old").status == 200
    wrong = {"Ais-Checksum-Type": "xxhash2", "Ais-Checksum-Value": "0" * 16}
    for name, size in [("o", 5), ("new", 5), ("large", 3 << 20)]:
        answer = put(cluster, bucket, name, b"x" * size, wrong)
        assert answer.status == 500 and answer.json()["message"].startswith("BAD DATA CHECKSUM:"), answer
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o").body == b"old"
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/new").status == 404
    for kind, status in [("xxhash2", 500), ("nope", 400), ("", 400)]:
        assert put(cluster, bucket, "o", b"x", {"Ais-Checksum-Type": kind, "Ais-Checksum-Value": "12"}).status == status


def test_bad_custom_pairs(cluster, bucket):
    assert put(cluster, bucket, "o", b"x", {"Ais-Custom-Md": "no-equals-sign"}).status == 400
    assert put(cluster, bucket, "o", b"x", {"Ais-Custom-Md": "k=" + "v" * 2100}).status == 400
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o").status == 404


def test_a_large_put_to_the_gateway_reads_its_307(cluster, bucket):
    """A plain client sends 1 MiB to the gateway before it looks at the answer: it must be able to read it."""
    for size in [1 << 20, 8 << 20]:
        connection = http.client.HTTPConnection(*wire.address(cluster.endpoint), timeout=10)
        connection.request("PUT", f"/v1/objects/{bucket}/big", body=os.urandom(size))
        answer = connection.getresponse()
        assert answer.status == 307 and answer.headers["Location"]
        connection.close()


def test_307_comes_from_the_headers_alone(cluster, bucket):
    head = f"PUT /v1/objects/{bucket}/never HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode()
    assert wire.raw_status(cluster.endpoint, head) == 307


@pytest.mark.parametrize("size", [1000, 5 << 20])
def test_a_client_that_stops_half_way_leaves_nothing(cluster, bucket, size):
    answer = wire.request(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/half", b"")
    base, target = wire.split_location(answer.headers["Location"])
    with socket.create_connection(wire.address(base)) as connection:
        connection.sendall(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * (size // 2))
        connection.shutdown(socket.SHUT_WR)
        assert b" 200 " not in wire.receive_all(connection)[:20]
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/half").status == 404
    listed = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {}}).json()
    assert not listed["entries"]


def test_expect_100_continue(cluster, bucket):
    answer = wire.request(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/o", b"")
    base, target = wire.split_location(answer.headers["Location"])
    with socket.create_connection(wire.address(base), timeout=5) as connection:
        connection.sendall(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")
        connection.sendall(b"hello")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_broken_chunks(cluster, bucket):
    answer = wire.request(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/chunks", b"")
    base, target = wire.split_location(answer.headers["Location"])
    for body in [b"zz\r\nhello\r\n0\r\n\r\n", b"5\r\nhelloXX0\r\n\r\n", b"ffffffffffffffffff\r\nhello", b"-5\r\nhello\r\n0\r\n\r\n"]:
        head = f"PUT {target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        assert wire.raw_status(base, head + body) in (0, 400)
    assert wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/chunks").status == 404

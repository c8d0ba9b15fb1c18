"""Memory has a bound: it does not grow with the size of an object or the number of idle connections."""
import contextlib
import os
import resource
import socket

import pytest
import wire
from conftest import create_bucket, running_cluster
from local_cluster import wait_until

MEGABYTE = 1 << 20
LONG = os.environ.get("AIS_LONG_TESTS") == "1"
OBJECT_SIZE = (10 if LONG else 1) << 30
SANITIZED = any(word in os.environ.get("AIS_BUILD", "") for word in ("asan", "tsan"))
pytestmark = pytest.mark.skipif(SANITIZED, reason="a sanitizer's own memory is not the daemon's")


@pytest.fixture(scope="module")
def own(scratch):
    with running_cluster(scratch / "memory", targets=1, proxies=1) as running:
        yield running


def test_idle(own):
    for node in own.nodes:
        memory = node.memory()
        assert memory["Rss"] < 20 * MEGABYTE, f"{node.name}: {memory}"
        assert memory["Anonymous"] < 6 * MEGABYTE, f"{node.name}: {memory}"


def test_idle_connections(own):
    count = 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count + 500:
        pytest.skip(f"{hard} descriptors are not enough for {count} connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        for node in own.nodes:
            before = node.memory()["Rss"]
            with contextlib.ExitStack() as stack:
                request = b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
                connections = []
                for _ in range(count):
                    connection = stack.enter_context(socket.create_connection((node.host, node.port), timeout=20))
                    connection.sendall(request)
                    connections.append(connection)
                for connection in connections:
                    assert connection.recv(1024).startswith(b"HTTP/1.1 200")
                grown = node.memory()["Rss"] - before
                assert grown < 20 * MEGABYTE, f"{node.name} grew by {grown / MEGABYTE:.1f} MiB"
            assert node.healthy()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def stream_body(size):
    block = os.urandom(MEGABYTE)
    for _ in range(size // MEGABYTE):
        yield block


def test_large_object(own):
    create_bucket(own.endpoint, "large", {"write_policy": {"data": "never"}})
    location = wire.request(own.endpoint, "PUT", "/v1/objects/large/o", b"").headers["Location"]
    base, target = wire.split_location(location)
    answer = wire.request(base, "PUT", target, stream_body(OBJECT_SIZE), {"Content-Length": str(OBJECT_SIZE)}, timeout=300)
    assert answer.status == 200
    peaks = {node.name: peak_resident(node) for node in own.nodes}
    assert max(peaks.values()) < 100 * MEGABYTE, peaks
    with socket.create_connection(wire.address(base), timeout=60) as connection:
        connection.sendall(b"GET /v1/objects/large/o HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        buffer, received = bytearray(4 * MEGABYTE), 0
        while count := connection.recv_into(buffer):
            received += count
    assert received > OBJECT_SIZE
    peaks = {node.name: peak_resident(node) for node in own.nodes}
    assert max(peaks.values()) < 100 * MEGABYTE, peaks
    assert wire.follow(own.endpoint, "DELETE", "/v1/objects/large/o").status == 200


def peak_resident(node):
    """VmHWM: no moment between two looks escapes it."""
    with open(f"/proc/{node.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def test_buffers_are_given_back(own):
    create_bucket(own.endpoint, "many", {"write_policy": {"data": "never"}})
    target = own.targets[0]
    before = target.memory()["Rss"]
    for i in range(20):
        assert wire.follow(own.endpoint, "PUT", f"/v1/objects/many/o{i}", os.urandom(8 * MEGABYTE)).status == 200
    wait_until(lambda: target.memory()["Rss"] < before + 32 * MEGABYTE, 10, lambda: f"buffers go back: {target.memory()}")

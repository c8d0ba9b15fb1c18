"""A daemon that is out of file descriptors says so, loses nothing, and goes on when there are some again."""
import contextlib
import http.client
import json
import os
import resource
import socket

from conftest import create_bucket

QUERY = "?provider=ais&pid=test&utm=1"


def descriptors(pid):
    return sorted(int(name) for name in os.listdir(f"/proc/{pid}/fd"))


@contextlib.contextmanager
def only_descriptors(pid):
    """No new descriptor can be opened in the process while this lasts."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = descriptors(pid)
    lowest_free = next(number for number in range(len(used) + 1) if number not in used)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest_free, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def ask(connection, method, target, body=None):
    connection.request(method, target, body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_target_without_descriptors(make_cluster):
    cluster = make_cluster(targets=1)
    create_bucket(cluster.endpoint, "fds")
    target = cluster.targets[0]
    connection = http.client.HTTPConnection(target.host, target.port, timeout=20)
    for name in ["one", "two"]:
        assert ask(connection, "PUT", f"/v1/objects/fds/{name}{QUERY}", b"content of " + name.encode())[0] == 200
    with only_descriptors(target.pid):
        status, body = ask(connection, "GET", f"/v1/objects/fds/one{QUERY}")
        assert status == 503, body
        assert "Too many open files" in json.loads(body)["message"]
        status, body = ask(connection, "PUT", f"/v1/objects/fds/two{QUERY}", b"never stored")
        assert status == 503, body
        late = socket.create_connection((target.host, target.port), timeout=20)  # waits in the kernel's queue
        late.sendall(f"GET /v1/objects/fds/two{QUERY} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert ask(connection, "GET", "/v1/health")[0] == 200
    with late:
        answer = b"".join(iter(lambda: late.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"content of two"), answer
    assert ask(connection, "GET", f"/v1/objects/fds/one{QUERY}") == (200, b"content of one")
    assert ask(connection, "PUT", f"/v1/objects/fds/two{QUERY}", b"stored now")[0] == 200
    assert ask(connection, "GET", f"/v1/objects/fds/two{QUERY}") == (200, b"stored now")

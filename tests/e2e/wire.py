"""HTTP as it is on the wire: no library that follows, retries or tidies up behind a test's back."""
import contextlib
import http.client
import json
import socket
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {dict(self.headers)} {self.body[:300]!r}>"


def address(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port


def request(url, method, target, body=None, headers=None, timeout=20):
    """One request on a connection of its own; never follows a redirect. A dict or list as body is sent as JSON."""
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection(*address(url), timeout=timeout)
    try:
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def follow(url, method, target, body=None, headers=None, timeout=20):
    """As request(), and follows one redirect (a gateway's answer to an object request) with the same method and body."""
    answer = request(url, method, target, body, headers, timeout)
    if answer.status != 307:
        return answer
    base, rest = split_location(answer.headers["Location"])
    return request(base, method, rest, body, headers, timeout)


def split_location(location):
    """("http://host:port", "/path?query")"""
    parts = urllib.parse.urlsplit(location)
    return f"{parts.scheme}://{parts.netloc}", urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))


def raw(url, data, timeout=5, shutdown=False):
    """Sends these bytes and returns everything that comes back until the peer closes or is silent for `timeout`."""
    with socket.create_connection(address(url), timeout=timeout) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
            if shutdown:
                connection.shutdown(socket.SHUT_WR)
        return receive_all(connection)


def receive_all(connection):
    chunks = []
    try:
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    except (TimeoutError, ConnectionResetError):
        pass
    return b"".join(chunks)


def raw_status(url, data, timeout=5):
    """Status of the first answer to raw bytes; 0 when the connection ended without one. Ends as soon as the status line is there."""
    with socket.create_connection(address(url), timeout=timeout) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
        received = b""
        try:
            while b"\r\n" not in received:
                chunk = connection.recv(4096)
                if not chunk:
                    break
                received += chunk
        except (TimeoutError, ConnectionResetError):
            pass
    return int(received.split(b" ")[1]) if received.startswith(b"HTTP/1.1 ") else 0


def put(cluster, bucket, name, body=b"hello", headers=None, query=""):
    """PUT that must succeed: the target's answer."""
    answer = follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/{name}?provider=ais{query}", body, headers)
    assert answer.status == 200, answer
    return answer


def reverse(cluster, node, query, method="GET", body=None):
    """A call to one node through the gateway."""
    return request(cluster.endpoint, method, f"/v1/reverse/daemon{query}", body, {"Ais-Node-Id": node.id})

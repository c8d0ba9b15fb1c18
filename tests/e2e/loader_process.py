"""Runs of `aisloader` against a cluster, and what is in a bucket after them."""
import http.server
import json
import os
import subprocess
import threading

import wire
from conftest import BUILD

LOADER = str(BUILD / "bin/aisloader")


def start(endpoint, *arguments, **options):
    return subprocess.Popen([LOADER, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, "AIS_ENDPOINT": endpoint}, **options)


def wait_for_work(process):
    """Until a line of statistics tells that operations succeed."""
    for line in process.stderr:
        if " GET " in line or " PUT " in line:
            return
    raise AssertionError("it ended before it worked")


def run(endpoint, *arguments, expect=0, **options):
    process = start(endpoint, *arguments, **options)
    try:
        out, errors = process.communicate(timeout=90)
    finally:
        process.kill()
    assert process.returncode == expect, (process.returncode, out, errors)
    return out, errors


def measure(endpoint, *arguments, **options):
    """The result of a run with --json."""
    out, _ = run(endpoint, *arguments, "--json", "--quiet", **options)
    return json.loads(out)


def listing(endpoint, bucket, prefix=""):
    """{name: (size, checksum)}"""
    value = {"props": "name,size,checksum", "prefix": prefix}
    answer = wire.request(endpoint, "GET", f"/v1/buckets/{bucket}?provider=ais", {"action": "list", "value": value})
    assert answer.status == 200, answer
    return {entry["name"]: (int(entry.get("size", 0)), entry.get("checksum")) for entry in answer.json()["entries"] or []}


def body_of(endpoint, bucket, name):
    answer = wire.request(endpoint, "GET", f"/v1/objects/{bucket}/{name}?provider=ais")
    if answer.status == 307:
        location = answer.headers["Location"]
        url, path = location.split("/v1/", 1)
        answer = wire.request(url, "GET", "/v1/" + path)
    assert answer.status == 200, answer
    return answer.body


class Recorder(http.server.ThreadingHTTPServer):
    """Stands before a gateway and writes down what it is asked for objects; such a question takes `delay` seconds longer, and is
    answered with 500 where refuses(method, path) says so."""

    def __init__(self, gateway, delay=0, refuses=lambda method, path: False):
        self.asked = asked = []
        self.heads = heads = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path.startswith("/v1/objects/"):
                    asked.append((self.command, self.path))
                    heads.append((self.path, dict(self.headers)))
                    threading.Event().wait(delay)
                    if refuses(self.command, self.path):
                        self.send_response(500)
                        self.send_header("Content-Length", "0")
                        self.end_headers()
                        return
                real = wire.request(gateway, self.command, self.path, body, dict(self.headers))
                self.send_response(real.status)
                for name in ["Location", "Content-Type", "Hdr-Error", "Ais-Bucket-Props"]:
                    if name in real.headers:
                        self.send_header(name, real.headers[name])
                self.send_header("Content-Length", len(real.body))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(real.body)

            def log_message(self, *_):
                pass
            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer
        super().__init__(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

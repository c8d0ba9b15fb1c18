"""One answer for what AIStore has and this version has not: 501 ErrNotImpl, "<what> is not there in this version", and nothing is
changed. Lists of things of which there are none are empty; unknown ids are 404; what AIStore does not know either is 400, 404 or 405."""
import os
import pathlib
import re
import subprocess
import sys

import pytest
import wire
from conftest import ROOT
from test_sdk import VERSIONS

PAGE = (ROOT / "docs/rest_api.md").read_text()

# What AIStore has (written down apart from the code): each is served by the name of another test, or must be in the table of the page.
ROUTES = {
    "gateway": {"/v1/ml/moss": "GET", "/v1/tokens": "POST DELETE", "/s3": "GET", "/s3/b": "GET HEAD PUT DELETE POST",
                "/s3/b/o": "GET HEAD PUT DELETE POST"},
    "target": {"/v1/ml/moss": "GET", "/s3/b/o": "GET PUT"},
    "gateway-intra": {"/v1/notifs": "PUT POST", "/v1/ic": "GET POST", "/v1/vote/proxy": "GET PUT", "/v1/ec": "GET", "/v1/ml/moss": "GET"},
    "target-intra": {"/v1/xactions": "GET PUT", "/v1/txn/b": "POST", "/v1/ec": "GET POST", "/v1/vote": "GET", "/v1/objstream/x": "PUT",
                     "/v1/download": "GET POST", "/v1/sort": "POST", "/v1/etl": "PUT GET", "/v1/ml/moss": "GET"},
}
BUCKET_ACTIONS = {
    "GET": "summary-bck summary-shard",
    "POST": "copy-bck etl-bck copy-listrange etl-listrange move-bck make-n-copies ec-encode prefetch-listrange rechunk index-shard "
            "create-inventory",
    "PUT": "archive",
    "DELETE": "delete-listrange evict-listrange evict-remote-bck destroy-inventory",
}
CLUSTER_ACTIONS = ("start stop start-maintenance stop-maintenance decommission-node shutdown-node rm-unsafe shutdown decommission "
                   "clear-lcache reload-creds").split()
CLUSTER_PATHS = [("PUT", "proxy/p1?frc=true"), ("PUT", "attach?what=remote"), ("PUT", "detach?what=remote"), ("PUT", "enable-bend/aws"),
                 ("PUT", "disable-bend/aws"), ("PUT", "load-x509"), ("PUT", "load-x509/t1"), ("POST", "join-by-admin")]
NODE_CALLS = [("PUT", "", "shutdown"), ("PUT", "", "decommission"), ("PUT", "", "start-maintenance"), ("PUT", "", "clear-lcache"),
              ("PUT", "", "reload-creds"), ("PUT", "/proxy/p1", None), ("PUT", "/enable-bend/aws/begin", None), ("PUT", "/load-x509", None),
              ("POST", "/primary-force/p1", None)]
MOUNTPATH_ACTIONS = [("PUT", "attach-mp"), ("POST", "enable-mp"), ("POST", "disable-mp"), ("POST", "rescan-mp"), ("POST", "fshc-mp"),
                     ("DELETE", "detach-mp")]
OBJECT_CALLS = [
    ("GET", "?archpath=a.jpg", None), ("GET", "?archregx=x&archmode=prefix", None), ("GET", "?archmime=tar", None),
    ("PUT", "?archpath=a&archmime=.tar", b"x"), ("GET", "?etl_name=some-etl", None), ("GET", "?etl_pipeline=a,b", None),
    ("PUT", "?uploadId=u&partNumber=1", b"x"), ("POST", "?uploads", {"action": "mpt-upload"}), ("POST", "", {"action": "mpt-upload"}),
    ("POST", "?uploadId=u", {"action": "mpt-complete", "value": []}), ("DELETE", "?uploadId=u", {"action": "mpt-abort"}),
    ("DELETE", "", {"action": "mpt-abort"}), ("POST", "", {"action": "blob-download"}), ("POST", "", {"action": "promote"}),
]
OBJECT_HEADERS = [("GET", {"Ais-Blob-Download": "true"}), ("PUT", {"Ais-Pine": "1"})]


def missing(answer, *, feature=r".+"):
    assert answer.status == 501, answer
    assert answer.headers["Content-Type"] == "application/json" and answer.headers["X-Content-Type-Options"] == "nosniff"
    error = answer.json()
    assert error["tcode"] == "ErrNotImpl" and error["status"] == 501
    assert re.fullmatch(rf"{feature} is not there in this version", error["message"]), error


def url_of(cluster, place):
    node = cluster.proxies[1] if place.startswith("gateway") else cluster.targets[0]
    return f"http://{node.host}:{node.intra_port if place.endswith('intra') else node.port}"


@pytest.fixture
def unchanged(cluster, bucket):
    """Whatever the test asks for: the documents, the bucket's objects and the nodes stay as they are."""
    wire.put(cluster, bucket, "o", b"hello", {"Ais-Custom-Md": "k=v"})

    def look():
        documents = [wire.request(node.url, "GET", f"/v1/daemon?what={what}").json()
                     for node in cluster.nodes for what in ("smap", "bmd", "config")]
        listed = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {}}).json()["entries"]
        head = wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/o").headers
        return documents, listed, [head[h] for h in ("Ais-Version", "Ais-Checksum-Value", "Ais-Custom-Md")], [n.pid for n in cluster.nodes]
    before = look()
    yield
    assert look() == before


@pytest.mark.parametrize("place", ROUTES)
def test_routes(cluster, unchanged, place):
    url = url_of(cluster, place)
    for path, methods in ROUTES[place].items():
        for method in methods.split():
            answer = wire.request(url, method, path, b"" if method in ("GET", "HEAD") else b"{}")
            if not path.startswith("/s3"):
                missing(answer)
                continue
            assert answer.status == 501 and answer.headers["Content-Type"] == "application/xml"
            if method != "HEAD":
                assert b"<Code>NotImplemented</Code><Message>the S3 API is not there in this version</Message>" in answer.body
                assert f"<Resource>{path}</Resource>".encode() in answer.body
        if "PATCH" not in methods:
            refused = wire.request(url, "PATCH", path, b"{}")
            assert refused.status == 405 and refused.headers["Allow"] and refused.body == b"Method Not Allowed"
    if "intra" in place:  # not for clients
        for path in set(ROUTES[place]) - set(ROUTES[place.removesuffix("-intra")]) - {"/v1/download", "/v1/sort", "/v1/etl"}:
            assert wire.request(url_of(cluster, place.removesuffix("-intra")), "GET", path).status == 404


def test_s3_errors_are_xml_whatever_is_in_the_path(cluster):
    answer = wire.raw(cluster.endpoint, b"GET /s3/a&b<c>\"d\xff/o HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 501") or head.startswith(b"HTTP/1.1 400")
    if b" 501 " in head:
        assert b"<Resource>/s3/a&amp;b&lt;c&gt;&quot;d?/o</Resource>" in body


@pytest.mark.parametrize("method, action", [(m, a) for m, actions in BUCKET_ACTIONS.items() for a in actions.split()])
def test_bucket_actions(cluster, unchanged, bucket, method, action):
    body = {"action": action, "name": "", "value": {"objnames": ["o"], "template": "o", "copies": 2}}
    for proxy in cluster.proxies:
        missing(wire.request(proxy.url, method, f"/v1/buckets/{bucket}?bck_to=ais/@%23/other/", body), feature=rf"{action}: .+")
        # A bucket that is not there comes first.
        gone = wire.request(proxy.url, method, "/v1/buckets/no-such-bucket", body)
        assert gone.status == 404 and gone.json()["tcode"] == "ErrBckNotFound", gone


def test_other_bucket_calls(cluster, unchanged, bucket):
    summary = wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}/prefix?bsumm_remote=True&presence=2")
    assert summary.status == 501 and "bsumm_remote: summarising of buckets is not there" in summary.headers["Hdr-Error"]
    assert wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}?bsumm_remote=").status == 200  # asks for nothing
    missing(wire.request(cluster.endpoint, "GET", "/v1/buckets", {"action": "summary-bck", "value": {}}))
    page = {"action": "list", "value": {}}
    for flags in (1 << 3, 1 << 15):
        missing(wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": {"flags": str(flags)}}))
    for header in ({"Ais-Bucket-Inventory": "true"}, {"Ais-Inv-Name": "x"}):
        missing(wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", page, header))
    missing(wire.request(cluster.targets[0].url, "GET", f"/v1/buckets/{bucket}", {"action": "summary-bck", "value": {}}))


@pytest.mark.parametrize("method, query, body", OBJECT_CALLS)
def test_object_calls(cluster, unchanged, bucket, method, query, body):
    missing(wire.follow(cluster.endpoint, method, f"/v1/objects/{bucket}/o{query}", body))
    gone = wire.follow(cluster.endpoint, method, f"/v1/objects/no-such-bucket/o{query}", body)
    assert gone.status == 404 and gone.json()["tcode"] == "ErrBckNotFound"


@pytest.mark.parametrize("method, headers", OBJECT_HEADERS)
def test_object_headers(cluster, unchanged, bucket, method, headers):
    missing(wire.follow(cluster.endpoint, method, f"/v1/objects/{bucket}/o", b"x" if method == "PUT" else None, headers))


def test_object_actions_on_a_bucket(cluster, unchanged, bucket):
    for action in ("promote", "blob-download"):
        missing(wire.request(cluster.endpoint, "POST", f"/v1/objects/{bucket}", {"action": action, "name": "/x", "value": {"src": "/x"}}))
    # Empty parameters ask for nothing: the SDK sends them.
    got = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o?archpath=&archregx=&archmode=&etl_name=&latest-ver=false")
    assert (got.status, got.body) == (200, b"hello")


def test_cluster_actions(cluster, unchanged):
    for proxy in cluster.proxies:
        for action in CLUSTER_ACTIONS:
            body = {"action": action, "value": {"Kind": "lru", "sid": cluster.targets[0].id}}
            missing(wire.request(proxy.url, "PUT", "/v1/cluster", body), feature=rf"{action}: .+")
        for method, path in CLUSTER_PATHS:
            missing(wire.request(proxy.url, method, f"/v1/cluster/{path}", {}))


def test_node_calls(cluster, unchanged):
    for node in (cluster.primary, cluster.proxies[1], cluster.targets[0]):
        for method, path, action in NODE_CALLS:
            body = {"action": action} if action else {}
            missing(wire.reverse(cluster, node, path, method, body))
            missing(wire.request(node.url, method, f"/v1/daemon{path}", body))
    for method, action in MOUNTPATH_ACTIONS:
        body = {"action": action, "value": cluster.targets[0].mountpaths[0]}
        missing(wire.reverse(cluster, cluster.targets[0], "/mountpaths", method, body), feature="mountpaths: changing of mountpaths")
        assert wire.reverse(cluster, cluster.primary, "/mountpaths", method, body).status in (400, 405)
    bundle = wire.request(cluster.endpoint, "GET", "/v1/daemon?what=ic_bundle")
    missing(bundle)


def test_everything_that_is_missing_is_on_the_page():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    for routes in ROUTES.values():
        for path in routes:
            assert any(f"`/{'/'.join(path.split('/')[1:n])}`" in row for row in rows for n in (2, 3, 4)), path
    for method, actions in BUCKET_ACTIONS.items():
        for action in actions.split():
            assert any(row.startswith(f"| {method} `/v1/buckets` `{action}`") for row in rows), action
    for action in CLUSTER_ACTIONS + [re.split(r"[/?]", path)[0] for _, path in CLUSTER_PATHS]:
        assert any(f"`/v1/cluster` `{action}`" in row for row in rows), action


def test_cluster_wide_calls_to_the_nodes(cluster):
    """What one node does through /v1/reverse/daemon, all do when the cluster is asked."""
    for action, value in [("reset-stats", True), ("reset-stats", False), ("rotate-logs", None)]:
        for proxy in cluster.proxies:
            assert wire.request(proxy.url, "PUT", "/v1/cluster", {"action": action, "value": value}).status == 200

    def gets():
        answers = [wire.reverse(cluster, node, "?what=node_status").json()["tracker"] for node in cluster.targets]
        return sum(t.get("get.n", 0) for t in answers)
    assert gets() == 0
    assert wire.request(cluster.endpoint, "POST", "/v1/buckets/counted", {"action": "create-bck"}).status == 200
    wire.put(cluster, "counted", "o")
    assert wire.follow(cluster.endpoint, "GET", "/v1/objects/counted/o").status == 200
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster", {"action": "reset-stats", "value": True}).status == 200
    assert gets() == 1, "only errors were reset"
    wire.request(cluster.endpoint, "DELETE", "/v1/buckets/counted", {"action": "destroy-bck"})


# ---------------------------------------------------------------- lists of nothing, unknown ids

def test_empty_lists(cluster):
    for proxy in cluster.proxies:
        for target, empty in [("/v1/download", []), ("/v1/sort", []), ("/v1/sort?regex=x&only_active=true", []), ("/v1/etl", []),
                              ("/v1/cluster?what=running_all", []), ("/v1/cluster?what=status_all", []), ("/v1/cluster?what=backends", []),
                              ("/v1/cluster?what=remote", {"a": None, "ver": 0}),
                              ("/v1/cluster?what=qryxstats", {node.id: [] for node in cluster.targets})]:
            answer = wire.request(proxy.url, "GET", target)
            assert answer.status == 200 and answer.json() == empty, (target, answer)
            assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        kind = {"Kind": "get-batch", "ID": "", "Buckets": None}
        assert wire.request(proxy.url, "GET", "/v1/cluster?what=qryxstats", kind).json() == {node.id: [] for node in cluster.targets}
        assert wire.request(proxy.url, "GET", "/v1/download", {"id": "", "regex": "x"}).json() == []
        inventories = {"action": "show-inventory", "name": ""}
        assert wire.request(proxy.url, "GET", "/v1/buckets", inventories).json() == {}
        assert wire.request(proxy.url, "GET", "/v1/buckets/no-such-bucket", inventories).status == 404


@pytest.mark.parametrize("method, target, body, text", [
    ("GET", "/v1/download", {"ID": "dnl-123456789"}, "download job dnl-123456789"),
    ("DELETE", "/v1/download/abort", {"id": "dnl-123456789"}, "download job dnl-123456789"),
    ("DELETE", "/v1/download/remove", {"id": "dnl-123456789"}, "download job dnl-123456789"),
    ("GET", "/v1/sort?uuid=srt-123456789", None, "dsort job srt-123456789"),
    ("DELETE", "/v1/sort/abort?uuid=srt-123456789", None, "dsort job srt-123456789"),
    ("DELETE", "/v1/sort?uuid=srt-123456789", None, "dsort job srt-123456789"),
    ("GET", "/v1/etl/my-etl", None, "etl job my-etl"), ("GET", "/v1/etl/my-etl/logs", None, "etl job my-etl"),
    ("POST", "/v1/etl/my-etl/start", None, "etl job my-etl"), ("POST", "/v1/etl/my-etl/stop", None, "etl job my-etl"),
    ("DELETE", "/v1/etl/my-etl", None, "etl job my-etl")])
def test_unknown_ids(cluster, method, target, body, text):
    answer = wire.request(cluster.endpoint, method, target, body)
    assert answer.status == 404 and text in answer.json()["message"], answer


def test_new_downloads_sorts_and_etls(cluster, unchanged):
    missing(wire.request(cluster.endpoint, "POST", "/v1/download", {"type": "single", "link": "http://x/y"}), feature="downloading")
    missing(wire.request(cluster.endpoint, "POST", "/v1/sort", {"input_bck": {"name": "b"}}), feature="sorting of shards")
    missing(wire.request(cluster.endpoint, "PUT", "/v1/etl", {"name": "my-etl"}), feature="ETL")
    for method, target in [("DELETE", "/v1/download"), ("DELETE", "/v1/download/abort"), ("DELETE", "/v1/sort"), ("POST", "/v1/etl"),
                           ("GET", "/v1/download/abort"), ("GET", "/v1/sort/x")]:
        assert wire.request(cluster.endpoint, method, target).status == 400, (method, target)


def test_job_queries(cluster):
    for what in ("status", "status_all", "qryxstats", "running_all"):
        assert wire.request(cluster.endpoint, "GET", f"/v1/cluster?what={what}", {"kind": "nonsense"}).status == 400
    for what in ("status", "qryxstats"):
        unknown = wire.request(cluster.endpoint, "GET", f"/v1/cluster?what={what}", {"id": "nosuchjob1", "kind": "lru"})
        assert unknown.status == 404 and unknown.json()["tcode"] == "ErrXactNotFound"
    assert wire.request(cluster.endpoint, "GET", "/v1/cluster?what=status", {}).status == 400
    assert wire.request(cluster.targets[0].url, "GET", "/v1/daemon?what=getxstats&uuid=nosuchjob1").status == 404


# ---------------------------------------------------------------- what nobody knows

def test_unknown_actions_are_400(cluster, unchanged, bucket):
    for method in ("POST", "PUT", "DELETE", "PATCH", "GET"):
        answer = wire.request(cluster.endpoint, method, f"/v1/buckets/{bucket}", {"action": "nonsense", "value": {}})
        assert answer.status == 400 and 'invalid action "nonsense"' in answer.json()["message"], answer
    # An action of another method is none of this one's.
    assert wire.request(cluster.endpoint, "DELETE", f"/v1/buckets/{bucket}", {"action": "copy-bck"}).status == 400
    for method in ("POST", "DELETE"):
        answer = wire.follow(cluster.endpoint, method, f"/v1/objects/{bucket}/o", {"action": "nonsense"})
        assert answer.status == 400 and 'invalid action "nonsense"' in answer.json()["message"], answer
    for body in ({"action": "nonsense"}, {}):
        assert wire.request(cluster.endpoint, "PUT", "/v1/cluster", body).status == 400
    for node in (cluster.primary, cluster.targets[0]):
        assert wire.reverse(cluster, node, "", "PUT", {"action": "nonsense"}).status == 400
        assert wire.reverse(cluster, node, "/nonsense", "PUT").status == 400
        assert wire.reverse(cluster, node, "/nonsense", "POST").status == 400
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster/nonsense", {}).status == 400
    assert wire.request(cluster.endpoint, "POST", "/v1/cluster/nonsense", {}).status == 400
    assert wire.request(cluster.endpoint, "POST", "/v1/cluster", {}).status == 400


ALLOWED = {"/v1/objects/b/o": "GET, HEAD, PUT, DELETE, PATCH, POST", "/v1/buckets/b": "GET, HEAD, PUT, DELETE, PATCH, POST",
           "/v1/buckets": "GET, HEAD, PUT, DELETE, PATCH, POST", "/v1/cluster": "GET, PUT, POST", "/v1/daemon": "GET, PUT, POST",
           "/v1/health": "GET, HEAD", "/metrics": "GET", "/v1/download": "GET, POST, DELETE", "/v1/sort": "GET, POST, DELETE",
           "/v1/etl": "GET, PUT, POST, DELETE", "/v1/ml": "GET", "/v1/tokens": "POST, DELETE", "/s3": "GET, HEAD, PUT, POST, DELETE",
           "/ais/b/o": "GET, HEAD, PUT, DELETE", "/v1/reverse/daemon": "GET, PUT, POST, DELETE"}


@pytest.mark.parametrize("path", ALLOWED)
def test_methods(cluster, path):
    allowed = ALLOWED[path].split(", ")
    for method in {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"} - set(allowed) | {"FOO", "TRACE"}:
        answer = wire.request(cluster.endpoint, method, path)
        assert answer.status == 405 and set(answer.headers["Allow"].split(", ")) == set(allowed), (method, answer)
        if method != "HEAD":
            assert answer.body == b"Method Not Allowed" and answer.headers["Content-Type"].startswith("text/plain")
    options = wire.request(cluster.endpoint, "OPTIONS", path)
    assert options.status == 200 and set(options.headers["Allow"].split(", ")) == set(allowed) and options.body == b""


# ---------------------------------------------------------------- clusters and clouds that are not there

BUCKET_CALLS = [("HEAD", "/v1/buckets/b", None), ("GET", "/v1/buckets/b", {"action": "list", "value": {}}),
                ("GET", "/v1/buckets/b", {"action": "summary-bck", "value": {}}), ("POST", "/v1/buckets/b", {"action": "create-bck"}),
                ("POST", "/v1/buckets/b", {"action": "copy-bck"}), ("POST", "/v1/buckets/b", {"action": "prefetch-listrange"}),
                ("PATCH", "/v1/buckets/b", {"action": "set-bprops", "value": {}}), ("PATCH", "/v1/buckets/b", {"action": "reset-bprops"}),
                ("DELETE", "/v1/buckets/b", {"action": "destroy-bck"}), ("DELETE", "/v1/buckets/b", {"action": "evict-remote-bck"}),
                ("PUT", "/v1/buckets/b", {"action": "archive"}), ("POST", "/v1/objects/b", {"action": "promote"}),
                *[(method, "/v1/objects/b/o", {"action": "check-lock"} if method == "POST" else None)
                  for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "POST")]]


def error_of(answer):
    import json
    return json.loads(answer.headers["Hdr-Error"]) if "Hdr-Error" in answer.headers else answer.json()


@pytest.mark.parametrize("method, path, body", BUCKET_CALLS)
def test_buckets_elsewhere(cluster, unchanged, method, path, body):
    for namespace in ("%40remais", "%40Xy1_-uuid%23ns"):
        for proxy in cluster.proxies:
            answer = wire.request(proxy.url, method, f"{path}?namespace={namespace}", body)
            error = error_of(answer)
            assert (answer.status, error["tcode"]) == (404, "ErrRemoteBckNotFound"), answer
            assert re.fullmatch(r'remote bucket "ais://@[^"]+/b" does not exist', error["message"])
    for provider, title in [("aws", "AWS"), ("s3", "AWS"), ("gs", "GCP"), ("az", "Azure"), ("oci", "OCI")]:
        answer = wire.request(cluster.endpoint, method, f"{path}?provider={provider}", body)
        if body == {"action": "destroy-bck"}:
            assert answer.status == 405
            continue
        assert answer.status == 501, answer
        expected = f"{title} backend is missing in the cluster configuration: backend support is not there in this version"
        assert error_of(answer)["message"] == expected
    assert wire.request(cluster.endpoint, method, f"{path}?provider=ftp", body).status == 400


def test_lists_of_buckets_elsewhere(cluster):
    body = {"action": "list", "name": "", "value": None}
    for anywhere in ("%40", "%40%40", "%40%40%23"):
        assert wire.request(cluster.endpoint, "GET", f"/v1/buckets?provider=ais&namespace={anywhere}", body).json() == []
    unknown = wire.request(cluster.endpoint, "GET", "/v1/buckets?provider=ais&namespace=%40remais", body)
    assert unknown.status == 404 and "remais" in unknown.json()["message"]
    for path in ("/gs", "/az", "/gs/b", "/az/b/o"):
        missing(wire.request(cluster.endpoint, "GET", path))


def test_targets_say_the_same_of_buckets_elsewhere(cluster):
    url = cluster.targets[0].url
    remote = wire.request(url, "GET", "/v1/objects/b/o?namespace=%40remais")
    assert (remote.status, remote.json()["tcode"]) == (404, "ErrRemoteBckNotFound")
    missing(wire.request(url, "GET", "/v1/objects/b/o?provider=aws"))


# ---------------------------------------------------------------- presence

@pytest.mark.parametrize("value", ["0", "1", "2", "3", "4", "5", "6", "-1", "x", "00"])
def test_presence(cluster, bucket, value):
    wire.put(cluster, bucket, "o")
    there = wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/o?presence={value}")
    away = wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/none?presence={value}")
    head = wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}?presence={value}")
    if value not in "012345":
        assert (there.status, away.status, head.status) == (400, 400, 400)
        return
    assert away.status == 404 and head.status == 200
    assert wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/no-such?presence={value}").status == 404
    assert there.status == (400 if value == "5" else 200)
    if value == "5":
        assert "is present" in there.headers["Hdr-Error"]
    else:
        assert ("Ais-Version" in there.headers) == (value not in "13")


# ---------------------------------------------------------------- the SDK

@pytest.mark.parametrize("version", VERSIONS)
def test_sdk(cluster, version):
    script = pathlib.Path(__file__).parent / "sdk_missing.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "build/sdk" / version), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, script, cluster.endpoint, "sdkm-" + version.replace(".", "-")], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    assert done.returncode == 0 and done.stdout.endswith("step done\n"), done.stdout

"""Names are bytes: every way in and out gives back the bytes that came in, or says clearly that it cannot."""
import base64
import collections
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import subprocess
import sys
import threading
import urllib.parse

import msgpack
import pytest
import wire
from cli_process import succeed
from conftest import BUILD, ROOT, create_bucket, destroy_bucket
from test_cli_data import in_terminal

LONG = os.environ.get("AIS_LONG_TESTS") == "1"
COUNT = 10_000 if LONG else 2_000
ODD = [b"caf\xe9", b"caf\xe8", "caf\ufffd".encode(), b"new\nline", b"\x1b]0;title\x07", b"\xff", b"\xfe\xff", b"a\\xff", b" blank ", b"+",
       b"%41", b"?q=1&x#y", b"\xed\xa0\x80", b"dir\x80/\xc3", b"dir\x80/.\x01", b"x/~/y", b"\x7f", b"*", b"{1..3}", b"back\\slash", b"-0",
       b"\xe2\x80\xae"]


def quoted(name):
    return urllib.parse.quote(name, safe="")


def is_stored(name):
    """Whether the store takes the name (docs/on_disk.md)."""
    parts = name.split(b"/")
    return bool(name) and not name.endswith(b"/") and not name.startswith(b"~/") and b"." not in parts and b".." not in parts


def random_names(count, seed):
    """Byte strings of 1 to 200 bytes; the shorter ones are full of slashes, blanks and halves of UTF-8 sequences."""
    source = random.Random(seed)
    names = set(ODD)
    while len(names) < count:
        size = source.choice([source.randint(1, 8), source.randint(1, 200)])
        alphabet = bytes(range(1, 256)) if source.random() < 0.5 else b"/. ab\n\xc3\xa9\xe2\x82\xac\xff%"
        name = bytes(source.choice(alphabet) for _ in range(size))
        if is_stored(name):
            names.add(name)
    return sorted(names)


class Connections:
    """Kept open, one set for each thread: thousands of requests are quick then."""

    def __init__(self, url):
        self.url, self.local = url, threading.local()

    def one(self, address, method, target, body, headers):
        open_ones = self.local.__dict__.setdefault("open", {})
        connection = open_ones.setdefault(address, http.client.HTTPConnection(*address, timeout=30))
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return wire.Answer(answer.status, answer.headers, answer.read())

    def follow(self, method, target, body=None, headers=None):
        answer = self.one(wire.address(self.url), method, target, body, headers or {})
        if answer.status != 307:
            return answer
        base, rest = wire.split_location(answer.headers["Location"])
        return self.one(wire.address(base), method, rest, body, headers or {})


def in_parallel(work, items):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, items))


def put_all(cluster, bucket, names):
    """Every object holds its own name."""
    connections = Connections(cluster.endpoint)
    answers = in_parallel(lambda name: connections.follow("PUT", f"/v1/objects/{bucket}/{quoted(name)}", name), names)
    assert collections.Counter(a.status for a in answers) == {200: len(names)}, [a for a in answers if a.status != 200][:1]


def check_contents(cluster, bucket, names, content=lambda name: name):
    connections = Connections(cluster.endpoint)
    answers = in_parallel(lambda name: connections.follow("GET", f"/v1/objects/{bucket}/{quoted(name)}"), names)
    wrong = [name for name, answer in zip(names, answers) if answer.status != 200 or answer.body != content(name)]
    assert not wrong, (len(wrong), wrong[:3])


def list_page(cluster, bucket, accept="application/msgpack", **value):
    """A listing as other people's pagers ask for it: in JSON."""
    return wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", {"action": "list", "value": value}, {"Accept": accept})


def list_all(cluster, bucket, **value):
    """All names, page by page; tokens go back through a strict JSON encoder."""
    names, token = [], ""
    while True:
        answer = list_page(cluster, bucket, props="name", continuation_token=token, **value)
        assert answer.status == 200, answer
        page = msgpack.unpackb(answer.body, raw=True)
        names += [entry[b"n"] for entry in page[b"Entries"]]
        token = page[b"ContinuationToken"].decode("utf-8")
        assert all(" " <= c != "\x7f" for c in token), token
        if not token:
            return names


def ais(cluster, *words, stdin=None):
    return subprocess.run([BUILD / "bin/ais", *words], input=stdin, capture_output=True, timeout=300,
                          env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})


def ls(cluster, place):
    out = succeed(ais(cluster, "ls", place, "-0"))
    return out.split(b"\0")[:-1]


def nul_list(names):
    return b"".join(name + b"\0" for name in names)


@pytest.fixture
def quick_bucket(cluster):
    """Names of empty buckets without syncs: many objects are about names here."""
    made = []

    def make(name):
        create_bucket(cluster.endpoint, name, {"write_policy": {"data": "never", "md": "never"}})
        made.append(name)
        return name

    yield make
    for name in made:
        destroy_bucket(cluster.endpoint, name)


def test_random_names_through_everything(cluster, quick_bucket, tmp_path):
    names = random_names(COUNT, seed=42)
    bucket, copy = quick_bucket("names-a"), quick_bucket("names-b")
    put_all(cluster, bucket, names)
    for size in [10000, 97]:
        assert list_all(cluster, bucket, pagesize=size) == names
    assert ls(cluster, f"ais://{bucket}") == names
    check_contents(cluster, bucket, names)
    shown = json.loads(succeed(ais(cluster, "ls", f"ais://{bucket}", "--json")))
    assert [e["name"].encode() if "name" in e else base64.b64decode(e["name_base64"]) for e in shown] == names

    succeed(ais(cluster, "cp", f"ais://{bucket}", f"ais://{copy}"))
    assert list_all(cluster, copy) == names
    check_contents(cluster, copy, names[::10])
    moved = names[::2]
    succeed(ais(cluster, "mv", f"ais://{copy}", "--names-from", "-", "--null", b"moved\xff/", "--yes", stdin=nul_list(moved)))
    new = [b"moved\xff/" + name for name in moved]
    assert list_all(cluster, copy) == sorted(new + names[1::2])
    check_contents(cluster, copy, new[::10], lambda name: name[len(b"moved\xff/"):])
    succeed(ais(cluster, "rmo", f"ais://{copy}", "--names-from", "-", "--null", stdin=nul_list(names[1::2])))
    assert list_all(cluster, copy, pagesize=313) == sorted(new)
    succeed(ais(cluster, "rmo", f"ais://{copy}", "--prefix", b"moved\xff/", "--yes"))
    assert list_all(cluster, copy) == []


def test_what_can_be_files_comes_back_as_files(cluster, quick_bucket, tmp_path):
    """Directories of files with odd names: put -r, get, and a diff in which names are bytes."""
    bucket = quick_bucket("names-files")
    source, back = os.fsencode(tmp_path / "in"), os.fsencode(tmp_path / "back")
    made = set()
    for name in random_names(COUNT // 4, seed=43):
        parts = name.split(b"/")
        below = [b"/".join(parts[:depth]) for depth in range(1, len(parts))]
        if b"" in parts or name in made or any(one in made for one in below) or any(one.startswith(name + b"/") for one in made):
            continue
        path = os.path.join(source, name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(name)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue
        made.add(name)
    assert len(made) > COUNT // 10
    succeed(ais(cluster, "put", "-r", source, f"ais://{bucket}"))
    assert list_all(cluster, bucket) == sorted(made)
    succeed(ais(cluster, "get", f"ais://{bucket}", "--all", back))
    succeed(subprocess.run(["diff", "-r", source, back], capture_output=True, check=False))
    listed = b"\n".join(sorted(name for name in made if b"\n" not in name))
    succeed(ais(cluster, "get", f"ais://{bucket}", "--names-from", "-", os.fsencode(tmp_path / "some"), stdin=listed))
    got = {os.path.relpath(os.path.join(folder, file), os.fsencode(tmp_path / "some"))
           for folder, _, files in os.walk(os.fsencode(tmp_path / "some")) for file in files}
    assert got == set(listed.split(b"\n"))


def test_names_that_cannot_be_files_are_told(cluster, quick_bucket, tmp_path):
    bucket = quick_bucket("names-told")
    put_all(cluster, bucket, [b"a", b"a//b", b"/c", b"d\xff"])
    run = ais(cluster, "get", f"ais://{bucket}", "--all", tmp_path / "back")
    assert run.returncode == 1 and b"2 of 4 objects failed" in run.stderr, run
    assert sorted(os.listdir(os.fsencode(tmp_path / "back"))) == [b"a", b"d\xff"]


@pytest.mark.parametrize("command", ["rmo", "mv"])
def test_another_object_is_never_taken(cluster, quick_bucket, command):
    names = sorted([b"x\xff", b"x\xfe", "x\ufffd".encode(), b"x\\xff"])
    bucket = quick_bucket("names-other-" + command)
    put_all(cluster, bucket, names)
    if command == "rmo":
        succeed(ais(cluster, "rmo", f"ais://{bucket}".encode() + b"/x\xff"))
        assert list_all(cluster, bucket) == [name for name in names if name != b"x\xff"]
    else:
        succeed(ais(cluster, "mv", f"ais://{bucket}".encode() + b"/x\xff", b"y\xff"))
        assert list_all(cluster, bucket) == sorted([name for name in names if name != b"x\xff"] + [b"y\xff"])
        check_contents(cluster, bucket, [b"y\xff"], lambda name: b"x\xff")


def test_json_listings_say_what_they_cannot_carry(cluster, quick_bucket):
    bucket = quick_bucket("names-json")
    put_all(cluster, bucket, [b"good/one", b"odd/caf\xe9\x1b"])
    refused = list_page(cluster, bucket, accept="application/json")
    assert refused.status == 406, refused
    error = refused.json()
    assert error["status"] == 406 and "odd/caf\\xe9\\x1b" in error["message"] and "application/msgpack" in error["message"]
    some = list_page(cluster, bucket, accept="application/json", prefix="good/")
    assert [entry["name"] for entry in some.json()["entries"]] == ["good/one"]
    easy = wire.request(cluster.endpoint, "GET", f"/ais/{bucket}")
    assert easy.status == 406 and "Hdr-Error" not in easy.headers


def test_messages_with_broken_text_are_refused(cluster, quick_bucket):
    bucket = quick_bucket("names-broken")
    put_all(cluster, bucket, [b"o", "caf\ufffd".encode()])
    for text in [b'"caf\xe9"', rb'"caf\udc00"', rb'"caf\ud800"', b'"\xed\xa0\x80"']:
        rename = b'{"action":"rename-obj","name":' + text + b"}"
        answer = wire.follow(cluster.endpoint, "POST", f"/v1/objects/{bucket}/o", rename, {"Content-Type": "application/json"})
        assert answer.status == 400, answer
        listing = b'{"action":"list","value":{"prefix":' + text + b"}}"
        assert wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", listing).status == 400
    for token in ["~/%", "~/a%4", "~/%gg"]:
        answer = list_page(cluster, bucket, continuation_token=token)
        assert answer.status == 400 and "continuation token" in answer.json()["message"], answer
    assert list_all(cluster, bucket) == ["caf\ufffd".encode(), b"o"]


def packed(value):
    """A body as MessagePack with its type; texts may be bytes."""
    return {"body": msgpack.packb(value), "headers": {"Content-Type": "application/msgpack"}}


def test_messages_as_messagepack(cluster, quick_bucket):
    bucket = quick_bucket("names-packed")
    put_all(cluster, bucket, [b"o"])
    where = f"/v1/objects/{bucket}/"
    rename = packed({"NAME": b"caf\xe9", "Action": "rename-obj", "more": 1})
    assert wire.follow(cluster.endpoint, "POST", where + "o", **rename).status == 200
    assert list_all(cluster, bucket) == [b"caf\xe9"]
    assert wire.follow(cluster.endpoint, "POST", where + "caf%E9", **packed({"action": "rename-obj", "name": b"a\0b"})).status == 400
    assert wire.follow(cluster.endpoint, "POST", where + "caf%E9", **packed({"action": "check-lock"})).status == 200
    assert wire.follow(cluster.endpoint, "PATCH", where + "caf%E9", **packed({"value": {b"k\xe9": b"\xff v"}})).status == 200
    head = wire.follow(cluster.endpoint, "HEAD", where + "caf%E9")
    assert head.headers["Ais-Custom-Md"].encode("latin-1") == b"k\xe9=\xff v"
    assert head.headers["Ais-Name"].encode("latin-1") == b"caf\xe9"
    for pair in [{b"k": b"a\nb"}, {b"k": b"a\rb"}, {b"k": b"a\0b"}, {b"": b"v"}, {b"k=": b"v"}, {b"k": b"v "}]:
        assert wire.follow(cluster.endpoint, "PATCH", where + "caf%E9", **packed({"value": pair})).status == 400, pair
    for first, second in [(b"caf", []), (b"caf\xe9", [b"caf\xe9"]), (b"x", [])]:
        listing = packed({"action": "list", "value": {"prefix": b"caf\xe9", "start_after": first if not second else b"caf"}})
        listing["headers"]["Accept"] = "application/msgpack"
        answer = wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", **listing)
        names = [entry[b"n"] for entry in msgpack.unpackb(answer.body, raw=True)[b"Entries"]]
        assert answer.status == 200 and (names == [b"caf\xe9"] if first != b"x" else names == []), answer
    assert wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", **{**packed([]), "body": b"\xc1"}).status == 400
    assert wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", **{**packed([]), "body": b"\x91" * 5000}).status == 400
    assert wire.request(cluster.endpoint, "GET", f"/v1/buckets/{bucket}", **{**packed([]), "body": b"\x90" * 2_000_000}).status == 413


def test_documents_take_text_only(cluster, quick_bucket):
    """What becomes part of the cluster's JSON documents must be UTF-8."""
    create = {"action": "create-bck", "value": {"write_policy": {"data": "never"}}}
    assert wire.request(cluster.endpoint, "POST", "/v1/buckets/names-made", **packed(create)).status == 200
    props = {"action": "set-bprops", "value": {"backend_bck": {"name": b"\xff"}}}
    answer = wire.request(cluster.endpoint, "PATCH", "/v1/buckets/names-made", **packed(props))
    assert answer.status == 400 and "UTF-8" in answer.json()["message"], answer
    assert destroy_bucket(cluster.endpoint, "names-made").status == 200
    config = {"action": "set-config", "value": {"log": {"level": b"\xff"}}}
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster", **packed(config)).status == 400
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?log.level=%ff").status == 400


def test_bodies_of_objects_are_not_messages(cluster, bucket):
    body = msgpack.packb({"action": "rename-obj", "name": "x"})
    answer = wire.follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/o", body, {"Content-Type": "application/msgpack"})
    assert answer.status == 200 and wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/o").body == body


def test_errors_show_names_without_breaking_anything(cluster, bucket):
    name = quoted(b"a\xff\r\n\x1b\xc2\x85b")
    missing = wire.follow(cluster.endpoint, "GET", f"/v1/objects/{bucket}/{name}")
    assert missing.status == 404 and "a\\xff\\x0d\\x0a\\x1b\\u{0085}b" in missing.json()["message"], missing
    head = wire.follow(cluster.endpoint, "HEAD", f"/v1/objects/{bucket}/{name}")
    assert head.status == 404 and "a\\xff\\x0d\\x0a" in json.loads(head.headers["Hdr-Error"])["message"]
    for bad in [b"a\0b", b"a/", b"~/x", b"a/../b", b".", b"x/."]:
        assert wire.request(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/{quoted(bad)}", b"x").status == 400, bad
    raw = wire.raw(cluster.endpoint, b"GET /v1/objects/" + bucket.encode() + b"/caf\xe9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"/caf\xe9?pid=" in raw.split(b"Location: ")[1].split(b"\r\n")[0], raw


def test_paths_and_queries_carry_every_byte(cluster, quick_bucket):
    bucket = quick_bucket("names-paths")
    name = b"d\xff/a+b %\n\x01\xe2\x82"
    put_all(cluster, bucket, [name, b"+"])
    connections = Connections(cluster.endpoint)
    raw_slash = urllib.parse.quote(name, safe="/")
    for path in [f"/v1/objects/{bucket}/{quoted(name)}", f"/v1/objects/{bucket}/{raw_slash}", f"/ais/{bucket}/{quoted(name)}",
                 f"/v1/objects/{bucket}/{quoted(name)}?provider=ais&x=%FF+"]:
        answer = connections.follow("GET", path)
        assert answer.status == 200 and answer.body == name, (path, answer)
    assert connections.follow("GET", f"/v1/objects/{bucket}/+").body == b"+"
    copied = connections.follow("PUT", f"/v1/objects/{bucket}/{quoted(name)}?object_to=ais/%40%23/{bucket}/{quoted(b'to' + name)}")
    assert copied.status == 200 and connections.follow("GET", f"/v1/objects/{bucket}/{quoted(b'to' + name)}").body == name
    succeed(ais(cluster, "append", "-", f"ais://{bucket}/".encode() + name, stdin=b" and more"))
    assert connections.follow("GET", f"/v1/objects/{bucket}/{quoted(name)}").body == name + b" and more"
    head = connections.follow("HEAD", f"/v1/objects/{bucket}/{quoted(name)}")
    assert head.status == 200 and "Ais-Name" not in head.headers  # no header carries a line end
    assert connections.follow("GET", f"/v1/objects/{bucket}/x%zz").status == 400
    assert connections.follow("PUT", f"/v1/objects/{bucket}/{quoted(name)}?object_to=ais/%40%23/{bucket}/a%00b").status == 400
    assert list_all(cluster, bucket) == sorted([name, b"+", b"to" + name])


def test_logs_show_names_on_one_line(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    create_bucket(cluster.endpoint, "b")
    head = b"PUT /v1/objects/b/caf\xe9\xc2\x85x?pid=p&utm=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n"
    wrong = b"Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: 0000000000000000\r\n\r\nx"
    assert wire.raw(cluster.targets[0].url, head + wrong).startswith(b"HTTP/1.1 500 ")
    logs = b"".join(file.read_bytes() for file in pathlib.Path(cluster.root).rglob("*.log"))
    assert b"/caf\\xe9\\u{0085}x: 500" in logs and b"\xe9" not in logs and b"\x85" not in logs


def test_names_do_not_drive_the_terminal(cluster, quick_bucket):
    bucket = quick_bucket("names-terminal")
    put_all(cluster, bucket, [b"\x1b]0;title\x07\xff", b"new\nline"])
    for words in [["ls", f"ais://{bucket}"], ["ls", f"ais://{bucket}", "--name-only"]]:
        status, text = in_terminal(words, cluster.endpoint)
        assert status == 0 and "\\x1b]0;title\\x07\\xff" in text and "new\\x0aline" in text and "\x1b]" not in text, text
    run = ais(cluster, "ls", f"ais://{bucket}", "--name-only")
    assert run.returncode == 1 and run.stdout == b"\x1b]0;title\x07\xff\n" and b"1 name with a line end" in run.stderr, run
    run = ais(cluster, "rmo", f"ais://{bucket}".encode() + b"/\x1b[2J\xff")
    assert run.returncode == 1 and b"\\x1b[2J\\xff" in run.stderr and b"\x1b" not in run.stderr, run


def test_json_of_the_tools_is_exact(cluster, quick_bucket):
    bucket = quick_bucket("names-exact")
    put_all(cluster, bucket, [b"caf\xe9"])
    one = f"ais://{bucket}".encode() + b"/caf\xe9"
    shown = json.loads(succeed(ais(cluster, "show", "object", one, "--json")))
    assert "name" not in shown and base64.b64decode(shown["name_base64"]) == b"caf\xe9"
    succeed(ais(cluster, "object", "set-custom", one, b"k=\xfe", b"t=x"))
    shown = json.loads(succeed(ais(cluster, "show", "object", one, "--json")))
    assert shown["custom"] == {"t": "x"} and shown["custom_base64"] == {base64.b64encode(b"k").decode(): base64.b64encode(b"\xfe").decode()}
    plan = json.loads(succeed(ais(cluster, "rmo", one, "--dry-run", "--json")))
    assert base64.b64decode(plan["items"][0]["from_base64"]) == one
    run = ais(cluster, "rmo", f"ais://{bucket}".encode() + b"/\xff", "--json")
    assert base64.b64decode(json.loads(run.stdout)["failures"][0]["name_base64"]) == b"\xff", run


def test_lists_of_names_from_files(cluster, quick_bucket, tmp_path):
    bucket = quick_bucket("names-lists")
    names = [b"a,b", b"new\nline", b" x ", b"{1..2}", b"plain"]
    put_all(cluster, bucket, names)
    listed = tmp_path / "names"
    listed.write_bytes(nul_list(names[:2]))
    succeed(ais(cluster, "rmo", f"ais://{bucket}", "--names-from", listed, "-0"))
    assert list_all(cluster, bucket) == sorted(names[2:])
    succeed(ais(cluster, "rmo", f"ais://{bucket}", "--names-from", "-", stdin=b" x \n\n{1..2}"))
    assert list_all(cluster, bucket) == [b"plain"]
    for words, text in [(["--null"], b"--names-from"), (["--names-from", "-"], b"no name"),
                        (["--names-from", "-", "--list", "x"], b"exclude"), (["--names-from", tmp_path / "none"], b"No such file")]:
        run = ais(cluster, "rmo", f"ais://{bucket}", *words, stdin=b"")
        assert run.returncode in (1, 2) and text in run.stderr, run
    (tmp_path / os.fsdecode(b"f,\xff")).write_text("1")
    succeed(ais(cluster, "put", "--names-from", "-", "-0", f"ais://{bucket}", stdin=os.fsencode(tmp_path) + b"/f,\xff\0"))
    assert list_all(cluster, bucket) == [b"f,\xff", b"plain"]


def test_pages_end_for_clients_that_know_text_only(cluster, quick_bucket):
    """A pager that passes tokens through JSON, as AIStore's own, sees every name of every page and ends."""
    bucket = quick_bucket("names-pager")
    names = sorted(ODD)
    put_all(cluster, bucket, names)
    for size in [1, 2, 3]:
        assert list_all(cluster, bucket, pagesize=size) == names
        assert list_all(cluster, bucket, pagesize=size, flags=str(1 << 11))  # directories, too


@pytest.mark.parametrize("version", sorted(path.name for path in (ROOT / "build/sdk").glob("*.*.*")))
def test_the_sdk_and_odd_text(cluster, quick_bucket, version):
    """Names that are UTF-8, however odd, through the Python SDK; a bucket with other names ends its pager, too."""
    bucket, bytes_bucket = quick_bucket("names-sdk-" + version.replace(".", "-")), quick_bucket("names-sdkb-" + version.replace(".", "-"))
    put_all(cluster, bucket, [name for name in random_names(100, seed=44) if is_text(name)])
    put_all(cluster, bytes_bucket, [b"a", b"caf\xe9", b"z"])
    script = """
import sys
from aistore.sdk import Client
client = Client(sys.argv[1])
bucket = client.bucket(sys.argv[2])
names = [entry.name for entry in bucket.list_objects_iter(page_size=7)]
assert len(names) == len(set(names)) > 20, names
assert names == [entry.name for entry in bucket.list_all_objects(page_size=1000)]
for name in names:
    if name.startswith("/") or any(c in name for c in "?#%") or name.strip() != name or "//" in name or not name.isprintable():
        continue  # the SDK does not encode these in its URLs
    assert bucket.object(name).get_reader().read_all() == name.encode(), name
try:
    print([entry.name for entry in client.bucket(sys.argv[3]).list_objects_iter(page_size=1)])
except Exception as error:
    print("refused:", type(error).__name__)
print("done")
"""
    done = subprocess.run([sys.executable, "-c", script, cluster.endpoint, bucket, bytes_bucket], text=True, timeout=60,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT / "build/sdk" / version),
                                                    "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0 and done.stdout.endswith("done\n"), done


def is_text(name):
    try:
        return bool(name.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def test_the_loader_reads_what_it_lists(cluster, quick_bucket):
    bucket = quick_bucket("names-loader")
    names = random_names(100, seed=45)
    put_all(cluster, bucket, names)
    words = ["--bucket", f"ais://{bucket}", "--numepochs", "1", "--numworkers", "2", "--json"]
    run = subprocess.run([BUILD / "bin/aisloader", *words], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    result = json.loads(succeed(run))
    assert result["get"]["ops"] == len(names) and result["get"]["errors"] == 0, result

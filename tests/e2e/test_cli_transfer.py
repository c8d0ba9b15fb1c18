"""put, get, cp, mv and rm as people who come from AIStore's own command line type them: its flags, whole buckets, lists, mistakes."""
import contextlib
import hashlib
import http.server
import json
import os
import re
import subprocess
import threading

import pytest
from conftest import BUILD, destroy_bucket
from test_cli_data import files_of, in_terminal, names_of, succeed


def put_names(run_tool, bucket, *names):
    """Objects with their own name as content."""
    for name in names:
        succeed(run_tool("ais", "put", "--literal", "-", f"ais://{bucket}/{name}", stdin=name))


def cat(run_tool, bucket, name):
    return succeed(run_tool("ais", "cat", f"ais://{bucket}/{name}"))


@pytest.fixture
def tree(tmp_path):
    """x/a, x/sub/b, y/a, 1.txt .. 3.txt, each with its path as content."""
    for name in ["x/a", "x/sub/b", "y/a", "1.txt", "2.txt", "3.txt"]:
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "tree"


@pytest.fixture
def absent_bucket(cluster, bucket):
    """The name of a bucket that does not exist; one that a test makes is destroyed."""
    yield bucket + "-new"
    destroy_bucket(cluster.endpoint, bucket + "-new")


# ---------------------------------------------------------------- names of what is put

@pytest.mark.parametrize("sources", [["*.txt"], ["{1..3}.txt"], ["1.txt", "2.txt"], ["--literal", "1.txt", "2.txt"]])
@pytest.mark.parametrize("name", ["one", "{1..9}"])
def test_many_files_are_not_one_object(run_tool, bucket, tree, sources, name):
    paths = [text if text.startswith("-") else tree / text for text in sources]
    run = run_tool("ais", "put", *paths, f"ais://{bucket}/{name}")
    assert run.returncode == 2 and "sources" in run.stderr and not run.stdout, run
    assert names_of(run_tool, f"ais://{bucket}") == []


def test_a_pattern_of_one_file_has_one_name(run_tool, bucket, tree):
    succeed(run_tool("ais", "put", tree / "1*.txt", f"ais://{bucket}/one"))
    assert cat(run_tool, bucket, "one") == "1.txt"


@pytest.mark.parametrize("sources", [["x/a", "y/a"], ["*/a"], ["-r", "x", "y"], ["-r", "x", "x"], ["y/a", "-r", "x", "--parallel", "1"]])
def test_a_name_is_given_once(run_tool, bucket, tree, sources):
    paths = [text if text.startswith("-") or text == "1" else tree / text for text in sources]
    run = run_tool("ais", "put", *paths, f"ais://{bucket}/")
    assert run.returncode == 1 and 'is object "a" already' in run.stderr, run
    first = next(text for text in sources if not text.startswith("-"))
    assert cat(run_tool, bucket, "a") == ("y/a" if first == "y/a" else "x/a")


def test_directory_names(run_tool, bucket, tree):
    succeed(run_tool("ais", "put", "-r", tree / "x", tree / "y", f"ais://{bucket}/p/", "--include-src-dir"))
    succeed(run_tool("ais", "put", tree / "[13].txt", f"{tree}/x/", f"ais://{bucket}", "--include-src-dir"))
    assert names_of(run_tool, f"ais://{bucket}") == ["p/x/a", "p/x/sub/b", "p/y/a", "tree/1.txt", "tree/3.txt", "x/a"]


def test_put_by_list_and_template(run_tool, bucket, tree):
    succeed(run_tool("ais", "put", f"ais://{bucket}", "--list", f"{tree}/1.txt, {tree}/x/a"))
    succeed(run_tool("ais", "put", f"ais://{bucket}/t/", "--template", f"{tree}/{{1..2}}.txt"))
    assert names_of(run_tool, f"ais://{bucket}") == ["1.txt", "a", "t/1.txt", "t/2.txt"]
    both = run_tool("ais", "put", tree / "1.txt", f"ais://{bucket}", "--list", "2.txt")
    assert both.returncode == 2 and "only the bucket" in both.stderr
    one = run_tool("ais", "put", f"{tree}/1.txt, {tree}/2.txt", f"ais://{bucket}")
    assert one.returncode == 1 and "--list" in one.stderr


@pytest.mark.parametrize("kind", ["md5", "sha256", "sha512"])
def test_a_checksum_that_is_known(run_tool, bucket, tree, kind):
    digest = hashlib.new(kind, b"1.txt").hexdigest()
    succeed(run_tool("ais", "put", tree / "1.txt", f"ais://{bucket}/a", f"--{kind}", digest.upper()))
    wrong = run_tool("ais", "put", tree / "2.txt", f"ais://{bucket}/b", f"--{kind}", digest)
    assert wrong.returncode == 1 and hashlib.new(kind, b"2.txt").hexdigest() in wrong.stderr
    assert names_of(run_tool, f"ais://{bucket}") == ["a"]
    for source, text in (tree, digest), (tree / "*.txt", digest), (tree / "1.txt", digest[1:]):
        assert run_tool("ais", "put", source, f"ais://{bucket}/", f"--{kind}", text).returncode == 2, source


@contextlib.contextmanager
def served(handler):
    """The URL of a server with this handler of requests."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def stumbling_gateway(failures):
    """A gateway that refuses the first PUTs of every object; the list of all that it was asked to store."""
    asked = []

    class Gateway(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status, body=b""):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.answer(200, b'{"daemon_type": "proxy"}')

        def do_PUT(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path.split("?")[0])
            self.answer(503 if asked.count(asked[-1]) <= failures else 200)

        def log_message(self, *_):
            pass

    with served(Gateway) as endpoint:
        yield endpoint, asked


@pytest.mark.parametrize("retries, status", [(0, 1), (1, 1), (2, 0)])
def test_retries(run_tool, tree, retries, status):
    with stumbling_gateway(failures=2) as (endpoint, asked):
        run = run_tool("ais", "put", tree / "1.txt", tree / "2.txt", "ais://b", "--retries", retries, endpoint=endpoint)
        assert run.returncode == status, run
        assert sorted(asked) == sorted(["/v1/objects/b/1.txt", "/v1/objects/b/2.txt"] * (retries + 1))


def test_custom_properties_are_pairs(run_tool, bucket, tree):
    refused = run_tool("ais", "put", tree / "1.txt", f"ais://{bucket}", "--custom", "a", "--custom", "b")
    assert refused.returncode == 2 and '"a" is not NAME=VALUE' in refused.stderr
    succeed(run_tool("ais", "put", tree / "1.txt", f"ais://{bucket}", "--custom", "a=1", "--custom", "b=2"))
    assert json.loads(succeed(run_tool("ais", "show", "object", f"ais://{bucket}/1.txt", "--json")))["custom"] == {"a": "1", "b": "2"}


# ---------------------------------------------------------------- append

def test_append_of_many(run_tool, bucket, tree):
    succeed(run_tool("ais", "object", "concat", tree / "x", "-r", f"ais://{bucket}/all"))
    assert cat(run_tool, bucket, "all") == "x/ax/sub/b"
    planned = succeed(run_tool("ais", "put", tree / "*.txt", f"ais://{bucket}/all", "--append", "--dry-run"))
    assert "would append 3 files, 15B" in planned and cat(run_tool, bucket, "all") == "x/ax/sub/b"
    sources = [f"{tree}/{{3..3}}.txt", tree / "[12].txt"]
    report = json.loads(succeed(run_tool("ais", "put", *sources, f"ais://{bucket}/all", "--append", "--json")))
    assert (report["files"], report["bytes"]) == (3, 15) and cat(run_tool, bucket, "all") == "x/ax/sub/b3.txt1.txt2.txt"
    broken = run_tool("ais", "append", tree / "1.txt", tree / "none", f"ais://{bucket}/all")
    assert broken.returncode == 1 and "nothing was appended" in broken.stderr
    assert cat(run_tool, bucket, "all") == "x/ax/sub/b3.txt1.txt2.txt"
    assert run_tool("ais", "put", tree / "1.txt", f"ais://{bucket}/all", "--append", "--checksum").returncode == 2


def test_progress_of_append(run_tool, bucket, tmp_path):
    (tmp_path / "f").write_bytes(bytes(5000))
    run = run_tool("ais", "append", tmp_path / "f", f"ais://{bucket}/f", "--progress")
    assert run.returncode == 0 and "appended 1/1 files  100%  4.9KiB" in run.stderr
    assert run.stdout == f"appended 4.88KiB to ais://{bucket}/f\n"


# ---------------------------------------------------------------- which objects

def test_copy_of_a_whole_bucket(run_tool, bucket, absent_bucket):
    succeed(run_tool("ais", "bucket", "props", "set", f"ais://{bucket}", "checksum.type=md5", "versioning.enabled=false"))
    put_names(run_tool, bucket, "a", "d/b")
    planned = run_tool("ais", "cp", f"ais://{bucket}", f"ais://{absent_bucket}", "--dry-run", "--skip-existing")
    assert planned.returncode == 0 and "would be created" in planned.stderr and "would copy 2 objects" in planned.stdout
    assert run_tool("ais", "ls", f"ais://{absent_bucket}").returncode == 1, "a dry run made the bucket"
    made = run_tool("ais", "bucket", "cp", f"ais://{bucket}", f"ais://{absent_bucket}", "--json")
    assert made.returncode == 0 and f"with the properties of ais://{bucket}" in made.stderr and json.loads(made.stdout)["objects"] == 2
    assert names_of(run_tool, f"ais://{absent_bucket}") == ["a", "d/b"]
    old, new = (json.loads(succeed(run_tool("ais", "show", "bucket", f"ais://{name}", "--json"))) for name in (bucket, absent_bucket))
    assert old["bid"] != new["bid"]
    for props in old, new:
        del props["created"], props["bid"]
    assert old == new and new["checksum"]["type"] == "md5"
    again = run_tool("ais", "cp", f"ais://{bucket}", f"ais://{absent_bucket}", "--skip-existing")
    assert again.returncode == 0 and not again.stderr and again.stdout == "copied 0 objects, left out 2 that are there already\n"


def test_nothing_is_made_for_a_bucket_that_is_missing(run_tool, absent_bucket):
    run = run_tool("ais", "cp", "ais://no-such-bucket", f"ais://{absent_bucket}")
    assert run.returncode == 1 and run.stderr == 'error: bucket "ais://no-such-bucket" does not exist\n'
    assert run_tool("ais", "ls", f"ais://{absent_bucket}").returncode == 1


def test_objects_by_list_and_template(run_tool, bucket, absent_bucket, tmp_path):
    put_names(run_tool, bucket, "s-1", "s-2", "s-3", "d/s-1", "d/{1..2}")
    succeed(run_tool("ais", "cp", f"ais://{bucket}", f"ais://{absent_bucket}", "--list", "s-1, d/{1..2}"))
    assert names_of(run_tool, f"ais://{absent_bucket}") == ["d/{1..2}", "s-1"]
    succeed(run_tool("ais", "get", f"ais://{bucket}/d/", tmp_path / "out", "--list", "s-1,{1..2}"))
    assert files_of(tmp_path / "out") == {"s-1": b"d/s-1", "{1..2}": b"d/{1..2}"}
    succeed(run_tool("ais", "mv", f"ais://{bucket}", "m/", "--template", "s-{1..2}", "--yes"))
    asked = run_tool("ais", "rmo", f"ais://{bucket}", "--template", "m/")
    assert asked.returncode == 2 and "--yes" in asked.stderr
    succeed(run_tool("ais", "rmo", f"ais://{bucket}", "--template", "m/", "--yes"))
    succeed(run_tool("ais", "object", "rm", f"ais://{bucket}", "--list", "s-3,d/s-1"))
    assert names_of(run_tool, f"ais://{bucket}") == ["d/{1..2}"]
    for flags in (["--list", "a", "--prefix", "b"], ["--list", " , "], ["--list", "a", "--template", "b"]):
        assert run_tool("ais", "rmo", f"ais://{bucket}", *flags).returncode == 2, flags
    assert run_tool("ais", "rmo", f"ais://{bucket}/a", f"ais://{bucket}/b", "--list", "a").returncode == 2


def test_a_place_is_removed_after_a_question(run_tool, bucket):
    put_names(run_tool, bucket, "d/a", "d/e/b", "da")
    refused = run_tool("ais", "rmo", f"ais://{bucket}/d/")
    assert refused.returncode == 2 and "--yes" in refused.stderr and len(names_of(run_tool, f"ais://{bucket}")) == 3
    text = succeed(run_tool("ais", "rmo", f"ais://{bucket}/d/", "--yes", "--nr", "-v"))
    assert text == f"removed ais://{bucket}/d/a\nremoved 1 object\n"
    succeed(run_tool("ais", "rmo", f"ais://{bucket}/d/", "--yes"))
    assert names_of(run_tool, f"ais://{bucket}") == ["da"]


def test_names_directly_below(run_tool, bucket, tmp_path):
    put_names(run_tool, bucket, "d/a", "d/b", "d/e/c")
    succeed(run_tool("ais", "get", f"ais://{bucket}/d/", tmp_path / "out", "--non-recursive"))
    assert sorted(files_of(tmp_path / "out")) == ["a", "b"]
    succeed(run_tool("ais", "cp", f"ais://{bucket}/d/", f"ais://{bucket}", "--no-recursion", "--prepend", "copy-", "--limit", "2"))
    succeed(run_tool("ais", "cp", f"ais://{bucket}/d/e/c", f"ais://{bucket}", "--prepend", "copy/"))
    assert names_of(run_tool, f"ais://{bucket}") == ["copy-a", "copy-b", "copy/d/e/c", "d/a", "d/b", "d/e/c"]
    again = run_tool("ais", "cp", f"ais://{bucket}", f"ais://{bucket}", "--prefix", "d/", "--prepend", "d/")
    assert again.returncode == 2 and "found again" in again.stderr


# ---------------------------------------------------------------- flags of scripts

def test_flags_of_other_scripts(run_tool, bucket, tree, tmp_path):
    put = ["--compute-cksum", "--num-workers", "-1", "--skip-vc", "--cont-on-err", "--chunk-size", "4MB"]
    succeed(run_tool("ais", "put", "-r", tree, f"ais://{bucket}", *put))
    get = ["--checksum", "--latest", "--cached", "--silent", "--skip-lookup", "--num-workers", "2"]
    succeed(run_tool("ais", "get", f"ais://{bucket}", tmp_path / "out", "--all", *get))
    assert files_of(tmp_path / "out") == files_of(tree)
    copy = ["--latest", "--sync", "--force", "--wait", "--timeout", "1m", "--refresh", "5s", "--non-verbose"]
    assert succeed(run_tool("ais", "cp", f"ais://{bucket}/x/", f"ais://{bucket}/z/", *copy)) == ""
    assert succeed(run_tool("ais", "rmo", f"ais://{bucket}/z/", "-y", "--nv", "--wait", "--timeout", "1m")) == ""
    succeed(run_tool("ais", "object", "set-custom", f"ais://{bucket}/1.txt", "a=b", "--set-new-custom"))
    assert names_of(run_tool, f"ais://{bucket}") == sorted(files_of(tree))


def test_verbose(run_tool, bucket, tree, tmp_path):
    lines = succeed(run_tool("ais", "put", tree / "1.txt", tree / "2.txt", f"ais://{bucket}", "-v")).splitlines()
    assert sorted(lines[:2]) == [f"uploaded {tree}/{i}.txt -> ais://{bucket}/{i}.txt  5B" for i in (1, 2)] and len(lines) == 3
    report = json.loads(succeed(run_tool("ais", "get", f"ais://{bucket}", tmp_path / "out", "--all", "-v", "--json")))
    assert sorted(item["to"] for item in report["items"]) == [f"{tmp_path}/out/{i}.txt" for i in (1, 2)] and report["objects"] == 2
    assert succeed(run_tool("ais", "get", f"ais://{bucket}/1.txt", "-", "-v")) == "1.txt"


def test_presence(run_tool, bucket):
    put_names(run_tool, bucket, "here")
    assert succeed(run_tool("ais", "get", f"ais://{bucket}/here", "--check-cached")) == "yes\n"
    assert succeed(run_tool("ais", "get", f"ais://{bucket}/gone", "--check-cached")) == "no\n"
    assert not json.loads(succeed(run_tool("ais", "get", f"ais://{bucket}/gone", "--check-cached", "--json")))["cached"]
    assert run_tool("ais", "get", "ais://no-such-bucket/gone", "--check-cached").returncode == 1


# ---------------------------------------------------------------- what was meant

@pytest.mark.parametrize("line, says", [
    ("cp {file} ais://{bucket}", "ais put"),
    ("cp ais://{bucket}/f .", "ais get"),
    ("rmo {file}", "local path"),
    ("put ais://{bucket} {file}", "the bucket comes last"),
    ("put ais://{bucket}/f ais://{bucket}/g", "ais cp"),
    ("get {file} ais://{bucket}/f", "the object comes first"),
    ("get ais://{bucket}/f ais://{bucket}/g", "ais cp"),
    ("get {file}", "local path"),
])
def test_the_wrong_way_round(run_tool, bucket, tmp_path, line, says):
    (tmp_path / "f").write_text("1")
    run = run_tool("ais", *line.format(bucket=bucket, file=tmp_path / "f").split())
    assert run.returncode == 2 and says in run.stderr and not run.stdout, run


@pytest.mark.parametrize("arguments, says", [
    (["cp", "folder/f", "ais://anything"], '"folder/f" is a local file or directory: "ais put"'),
    (["cp", "folder", "ais://anything"], '"folder" is a local file or directory: "ais put"'),
    (["rmo", "folder/f"], '"folder/f" is a local file or directory: "ais put"'),
    (["get", "ais://anything/f", "folder/f"], 'bucket "ais://anything" does not exist\n'),
])
def test_a_local_file_in_place_of_a_bucket(cluster, tmp_path, arguments, says):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/f").write_text("1")
    run = subprocess.run([BUILD / "bin/ais", *arguments], cwd=tmp_path, capture_output=True, text=True,
                         env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    assert run.returncode == 1 and says in run.stderr and ("local" in run.stderr) == ("local" in says), run
    assert (tmp_path / "folder/f").read_text() == "1"


@pytest.mark.parametrize("command", [["rmo"], ["get"], ["cp"], ["mv"]])
def test_a_prefix_in_place_of_an_object(run_tool, bucket, tmp_path, command):
    put_names(run_tool, bucket, "train/1", "train/2")
    last = {"get": [tmp_path / "out"], "cp": [f"ais://{bucket}/to/"], "mv": ["to/"]}.get(command[0], [])
    place = run_tool("ais", *command, f"ais://{bucket}/train", *last)
    assert place.returncode == 1 and '2 objects below "train/"' in place.stderr, place
    prefix = run_tool("ais", *command, f"ais://{bucket}/tr", *last)
    assert prefix.returncode == 1 and "2 objects beginning with that: --prefix" in prefix.stderr, prefix
    nothing = run_tool("ais", *command, f"ais://{bucket}/x", *last)
    assert nothing.returncode == 1 and nothing.stderr == f'error: object "ais://{bucket}/x" does not exist\n', nothing


# ---------------------------------------------------------------- on a terminal

@pytest.mark.parametrize("answer, text", [(b"y\n", "new"), (b"n\n", "old")])
@pytest.mark.parametrize("to", ["file", ""])
def test_a_file_is_replaced_after_a_question(cluster, bucket, run_tool, tmp_path, answer, text, to):
    put_names(run_tool, bucket, "d/file")
    (tmp_path / "file").write_text("old")
    status, said = in_terminal(["get", f"ais://{bucket}/d/file", f"{tmp_path}/{to}"], cluster.endpoint, feed=answer)
    assert f"Replace the file {tmp_path}/file?" in said and status == (0 if text == "new" else 1)
    assert (tmp_path / "file").read_text() == ("d/file" if text == "new" else "old")


def test_who_is_not_asked_before_a_file_is_replaced(cluster, bucket, run_tool, tmp_path):
    put_names(run_tool, bucket, "file")
    (tmp_path / "file").write_text("old")
    status, said = in_terminal(["get", f"ais://{bucket}/file", tmp_path / "file", "-y"], cluster.endpoint)
    assert status == 0 and "Replace" not in said and (tmp_path / "file").read_text() == "file"
    (tmp_path / "file").write_text("old")
    succeed(run_tool("ais", "get", f"ais://{bucket}/file", tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "file"


@pytest.mark.parametrize("command", ["get ais://{bucket}/x/ {out}", "rmo ais://{bucket} --prefix x/ -y",
                                     "cp ais://{bucket}/x/ ais://{bucket}/y/"])
def test_nothing_to_do_is_said_to_people(cluster, bucket, run_tool, tmp_path, command):
    words = command.format(bucket=bucket, out=tmp_path / "out").split()
    status, said = in_terminal(words, cluster.endpoint)
    assert status == 0 and f'nothing in ais://{bucket} begins with "x/"' in said
    piped = run_tool("ais", *words)
    assert piped.returncode == 0 and piped.stderr == ""


def test_no_bar_for_a_short_command(cluster, bucket, run_tool, tmp_path):
    put_names(run_tool, bucket, "file")
    status, said = in_terminal(["get", f"ais://{bucket}/file", tmp_path / "file"], cluster.endpoint)
    assert status == 0 and said.replace("\r", "") == "downloaded 1 object, 4B\n"
    status, said = in_terminal(["get", f"ais://{bucket}/none", tmp_path / "none"], cluster.endpoint)
    assert status == 1 and "downloaded" not in said and "%" not in said


@contextlib.contextmanager
def dripping_gateway(pieces, size):
    """A gateway whose only object comes in pieces, each when `more` is set; the object is not complete before all were let go."""
    more = threading.Semaphore(0)

    class Gateway(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = b'{"daemon_type": "proxy"}'
            is_object = "/objects/" in self.path
            self.send_response(200)
            self.send_header("Content-Length", str(pieces * size if is_object else len(body)))
            self.end_headers()
            for _ in range(pieces if is_object else 0):
                more.acquire()
                self.wfile.write(bytes(size))
                self.wfile.flush()
            if not is_object:
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    with served(Gateway) as endpoint:
        try:
            yield endpoint, more
        finally:
            for _ in range(pieces):
                more.release()


def test_the_bar_of_one_large_object_moves(tmp_path):
    with dripping_gateway(pieces=4, size=1 << 20) as (endpoint, more):
        frames = []

        def watch(output):
            """Lets the next piece go when the bar has shown the one before."""
            text = output.decode(errors="replace")
            share = f"{25 * len(frames)}%"
            if len(frames) < 4 and re.search(rf"downloaded 0/1 objects  {share}", text):
                frames.append(share)
                more.release()

        status, said = in_terminal(["get", "ais://b/big", tmp_path / "big"], endpoint, watch=watch)
        assert status == 0 and frames == ["0%", "25%", "50%", "75%"] and "ETA" in said
        assert "downloaded 1/1 objects  100%  4.0MiB" in said and os.path.getsize(tmp_path / "big") == 4 << 20


@pytest.mark.parametrize("command", [["cp"], ["mv", "--yes"]])
def test_named_objects_do_not_meet_in_a_directory(run_tool, bucket, command):
    put_names(run_tool, bucket, "run1/model", "run2/model")
    succeed(run_tool("ais", *command, f"ais://{bucket}/run{{1..2}}/model", f"ais://{bucket}/best/"))
    for number in "12":
        assert cat(run_tool, bucket, f"best/run{number}/model") == f"run{number}/model"


def test_two_objects_do_not_get_one_name(run_tool, bucket, absent_bucket):
    succeed(run_tool("ais", "create", f"ais://{absent_bucket}"))
    for each in [bucket, absent_bucket]:
        put_names(run_tool, each, "f")
    run = run_tool("ais", "cp", f"ais://{bucket}/f", f"ais://{absent_bucket}/f", f"ais://{bucket}/d/", "-j", "1")
    assert run.returncode == 1 and 'an earlier object goes to "d/f" already' in run.stderr, run
    assert cat(run_tool, bucket, "d/f") == "f"


@pytest.mark.parametrize("command", [["cp"], ["mv", "--yes"]])
def test_new_names_are_none_of_the_old(run_tool, bucket, command):
    put_names(run_tool, bucket, "v1", "v2", "v3")
    run = run_tool("ais", *command, f"ais://{bucket}/v{{1..3}}", f"ais://{bucket}/v{{2..4}}")
    assert run.returncode == 2 and '"v2" is one of the objects and one of the new names' in run.stderr, run
    assert [cat(run_tool, bucket, f"v{number}") for number in "123"] == ["v1", "v2", "v3"]


def test_objects_into_a_pipe_come_one_after_the_other(run_tool, bucket, tmp_path):
    names = [f"o{number}" for number in range(1, 10)]
    for name in names:
        succeed(run_tool("ais", "put", "-", f"ais://{bucket}/{name}", stdin=name * 50_000))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with open(tmp_path / "out", "wb") as out:
        reader = subprocess.Popen(["cat", pipe], stdout=out)
    holder = os.open(pipe, os.O_RDWR)  # each object opens the pipe anew: the reader must not see an end between
    try:
        succeed(run_tool("ais", "get", f"ais://{bucket}/o{{1..9}}", pipe))
    finally:
        os.close(holder)
    assert reader.wait(timeout=30) == 0
    assert (tmp_path / "out").read_bytes() == b"".join(name.encode() * 50_000 for name in names)


def test_what_is_there_is_looked_at_before_a_question(cluster, bucket, run_tool):
    status, shown = in_terminal(["rmb", "ais://is-not-there"], cluster.endpoint)
    assert status == 1 and "[y/N]" not in shown and "does not exist" in shown, shown
    run = run_tool("ais", "get", "ais://is-not-there/x", "-")
    assert run.returncode == 1 and run.stderr == 'error: bucket "ais://is-not-there" does not exist\n', run
    run = run_tool("ais", "cp", f"ais://{bucket}", f"ais://{bucket}")
    assert run.returncode == 2 and "the names that they have" in run.stderr, run
    run = run_tool("ais", "get", f"ais://{bucket}/x", "-", "-j", "ais://b")
    assert run.returncode == 2 and "for JSON this command has --json alone" in run.stderr, run


def test_buckets_of_a_namespace(cluster, run_tool):
    succeed(run_tool("ais", "create", "ais://#spaced/one", "ais://spaced-two"))
    assert succeed(run_tool("ais", "ls", "ais://#spaced")) == "ais://#spaced/one\n"
    assert "ais://spaced-two" in succeed(run_tool("ais", "ls", "ais:"))
    succeed(run_tool("ais", "rmb", "--yes", "ais://#spaced/one", "ais://spaced-two"))

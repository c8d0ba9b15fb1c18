"""What goes wrong in daily use: destinations that are no files, settings that cannot be read, pipes, questions, narrow terminals."""
import contextlib
import fcntl
import hashlib
import json
import os
import re
import struct
import subprocess
import termios

import pytest
import wire
from cli_process import AIS, environment, succeed
from conftest import create_bucket
from local_cluster import wait_until
from test_cli_habits import on_terminal

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def put(cluster, bucket):
    def one(name, body=b"x"):
        assert wire.put(cluster, bucket, name, body).status == 200
    return one


# ---------------------------------------------------------------- destinations

@pytest.mark.parametrize("to", ["/dev/stdout", "/proc/self/fd/1", "link", "link-to-link", "/dev/fd/1"])
@pytest.mark.parametrize("size", [5, 3 << 20])
def test_an_own_descriptor_is_written_to_and_stays(cluster, bucket, put, tmp_path, to, size):
    body = os.urandom(size)
    put("x", body)
    (tmp_path / "link").symlink_to("/proc/self/fd/1")
    (tmp_path / "link-to-link").symlink_to("link")
    before = os.readlink("/dev/stdout")
    with open(tmp_path / "out", "ab") as out:
        out.write(b"before")
        out.flush()
        run = subprocess.run([AIS, "get", f"ais://{bucket}/x", to], stdout=out, stderr=subprocess.PIPE, cwd=tmp_path,
                             env=environment(cluster.endpoint))
    assert run.returncode == 0 and run.stderr == b"", run
    assert (tmp_path / "out").read_bytes() == b"before" + body
    assert os.readlink("/dev/stdout") == before and (tmp_path / "link").is_symlink() and (tmp_path / "link-to-link").is_symlink()


def test_devices_and_pipes_are_written_to_and_stay(cluster, bucket, put, run_tool, tmp_path):
    put("x", b"hello")
    (tmp_path / "null").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "to-fifo").symlink_to("fifo")
    for name in ("null", "/dev/null"):
        succeed(run_tool("ais", "get", f"ais://{bucket}/x", tmp_path / name))
    for name in ("fifo", "to-fifo"):
        reader = subprocess.Popen(["cat", tmp_path / "fifo"], stdout=subprocess.PIPE)
        succeed(run_tool("ais", "get", f"ais://{bucket}/x", tmp_path / name))
        assert reader.communicate(timeout=20)[0] == b"hello"
    assert (tmp_path / "null").is_symlink() and (tmp_path / "to-fifo").is_symlink() and (tmp_path / "fifo").is_fifo()
    assert os.path.exists("/dev/null") and not os.path.isfile("/dev/null")


def test_what_was_fetched_under_the_name_of_a_partial_folder_stays(bucket, put, run_tool, tmp_path):
    for name in (".ais-partial-mine/0", "big"):
        put(name, b"x" * (1 << 20))
    for _ in range(2):
        succeed(run_tool("ais", "get", f"ais://{bucket}", "--all", tmp_path / "out"))
        assert (tmp_path / "out/.ais-partial-mine/0").stat().st_size == 1 << 20
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".ais-partial-mine", "big"]
    # It is put again, too.
    again = succeed(run_tool("ais", "put", "-r", "--dry-run", tmp_path / "out", f"ais://{bucket}"))
    assert ".ais-partial-mine/0" in again


# ---------------------------------------------------------------- settings

@pytest.mark.parametrize("home", [{"HOME": "/dev/null"}, {"HOME": "/nonexistent/deep"}, {"XDG_CONFIG_HOME": "/dev/null", "HOME": "/"}, {}])
def test_settings_that_cannot_be_read_are_none(cluster, bucket, home):
    clean = {name: value for name, value in environment(cluster.endpoint).items() if name not in ("HOME", "XDG_CONFIG_HOME")}
    for words in (["ls"], ["show", "cluster"], ["ls", f"ais://{bucket}"]):
        run = subprocess.run([AIS, *words], capture_output=True, text=True, env={**clean, **home})
        assert run.returncode == 0 and run.stderr == "", run


def test_a_note_tells_of_unreadable_settings_when_they_are_asked_for(cluster, tmp_path):
    (tmp_path / "ais/cli/cli.json").mkdir(parents=True)  # a directory cannot be read by root either
    more = environment(cluster.endpoint, XDG_CONFIG_HOME=str(tmp_path))
    quiet = subprocess.run([AIS, "ls"], capture_output=True, text=True, env=more)
    assert quiet.returncode == 0 and quiet.stderr == ""
    asked = subprocess.run([AIS, "config", "cli", "show"], capture_output=True, text=True, env=more)
    assert asked.returncode == 0 and asked.stderr.startswith("warning: ") and str(tmp_path) in asked.stderr, asked
    assert len(asked.stderr.splitlines()) == 1


# ---------------------------------------------------------------- what is said

def test_what_is_no_failure_is_a_warning(bucket, run_tool, tmp_path):
    (tmp_path / "d/sub").mkdir(parents=True)
    (tmp_path / "d/file").write_text("x")
    run = run_tool("ais", "put", tmp_path / "d", f"ais://{bucket}")
    assert run.returncode == 0 and run.stderr == "warning: left out 1 subfolder; -r takes what is in them too\n", run


def test_a_bar_of_removed_objects_does_not_end_at_its_beginning(bucket, put, run_tool):
    for i in range(40):
        put(f"o{i}", b"x" * 100)
    run = run_tool("ais", "rmo", f"ais://{bucket}", "--all", "--yes", "--progress", "-j", "1")
    assert run.returncode == 0 and run.stdout == "removed 40 objects\n", run
    assert "removed 40" in run.stderr and "  0%" not in run.stderr, run.stderr


def test_a_node_that_is_down_is_told_once(make_cluster, tmp_path):
    own = make_cluster(targets=2)
    create_bucket(own.endpoint, "b")
    names = [f"o{i:02}" for i in range(40)]
    for name in names:
        assert wire.put(own, "b", name, b"x").status == 200
    own.targets[1].kill()
    run = subprocess.run([AIS, "get", "ais://b/o{00..39}", "out/"], capture_output=True, text=True, cwd=tmp_path,
                         env=environment(own.endpoint))
    lines = run.stderr.splitlines()
    failed = len(names) - len(list((tmp_path / "out").iterdir()))
    assert run.returncode == 1 and failed > 3, run
    address = own.targets[1].url.removeprefix("http://")
    assert len(lines) <= 4 and sum(address in line for line in lines) <= 2, run.stderr
    assert any(f"and so for {failed - 1} more objects" in line for line in lines), run.stderr
    assert f"{failed} of 40 objects failed" in lines[-1], run.stderr


def test_questions_before_deleting_tell_how_much(cluster, bucket, put):
    for name in ("a/1", "a/2", "b"):
        put(name, b"x" * 1000)
    status, shown = on_terminal(cluster.endpoint, "rmo", f"ais://{bucket}/a/", answers=[("[y/N]", "n\n")])
    assert status == 1 and "(2 objects, 1.95KiB)?" in shown, shown
    status, shown = on_terminal(cluster.endpoint, "rmb", f"ais://{bucket}", answers=[("[y/N]", "n\n")])
    assert status == 1 and "with all objects (3 objects, 2.93KiB)?" in shown, shown


def test_tables_fit_the_terminal_and_are_whole_in_a_pipe(cluster, bucket, put, run_tool):
    name = "train/images/" + "n" * 60 + "/shard-000123.tar"
    put(name, b"x" * 5000)
    words = ["ls", f"ais://{bucket}", "--props", "name,size,checksum"]
    assert name in succeed(run_tool("ais", *words))
    columns = 50
    main, side = os.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    run = subprocess.run([AIS, *words], stdout=side, stderr=side, env=environment(cluster.endpoint, NO_COLOR="1"))
    os.close(side)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(main, 65536):
            shown += piece
    os.close(main)
    lines = shown.decode().splitlines()
    assert run.returncode == 0 and len(lines) == 2 and all(len(line) <= columns for line in lines), lines
    assert "…" in lines[1] and ".tar" in lines[1] and "4.88KiB" in lines[1], lines


# ---------------------------------------------------------------- pipes

def send(endpoint, producer, *words, **more):
    """`producer | ais put - ...`: (exit status, out, errors, most resident bytes)."""
    source = subprocess.Popen(["sh", "-c", producer], stdout=subprocess.PIPE)
    process = subprocess.Popen([AIS, "put", "-", *words], stdin=source.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment(endpoint, **more))
    source.stdout.close()
    out, errors = process.stdout.read().decode(), process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    source.wait()
    return process.returncode, out, errors, usage.ru_maxrss * 1024


def test_a_long_pipe_needs_neither_memory_nor_a_temporary_file(cluster, bucket, run_tool):
    status, out, errors, resident = send(cluster.endpoint, "head -c 200000000 /dev/zero", f"ais://{bucket}/zeros", TMPDIR="/dev/null")
    assert status == 0 and out.startswith("uploaded 1 object, 190"), (out, errors)
    assert resident < 64 << 20, resident
    shown = json.loads(succeed(run_tool("ais", "show", "object", f"ais://{bucket}/zeros", "--json")))
    assert shown["size"] == 200_000_000


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_pipes_of_every_length_arrive_whole(cluster, bucket, run_tool, tmp_path, size):
    body = os.urandom(size)
    (tmp_path / "body").write_bytes(body)
    digest = hashlib.md5(body).hexdigest()
    for flags in ([], ["--checksum"], ["--md5", digest]):
        status, _, errors, _ = send(cluster.endpoint, f"cat {tmp_path}/body", f"ais://{bucket}/x", *flags, TMPDIR="/dev/null")
        assert status == 0, errors
        fetched = subprocess.run([AIS, "cat", "--check", f"ais://{bucket}/x"], capture_output=True, env=environment(cluster.endpoint))
        assert fetched.returncode == 0 and fetched.stdout == body, (flags, fetched.stderr)
    wrong = "0" * 32 if size else "1" * 32
    status, _, errors, _ = send(cluster.endpoint, f"cat {tmp_path}/body", f"ais://{bucket}/y", "--md5", wrong)
    assert status == 1 and errors.startswith("error: "), errors
    assert run_tool("ais", "show", "object", f"ais://{bucket}/y").returncode == 1


def test_a_pipe_into_a_bucket_that_is_not_there_is_an_error_at_once(cluster):
    status, out, errors, _ = send(cluster.endpoint, "head -c 5000000 /dev/zero", "ais://no-such-bucket/x")
    assert status == 1 and out == "" and "does not exist" in errors and len(errors.splitlines()) == 1, errors


def test_skip_existing_compares_a_long_pipe(cluster, bucket, tmp_path):
    for expected in ("uploaded 1 object", "uploaded 0 objects, left out 1"):
        status, out, errors, _ = send(cluster.endpoint, "head -c 3000000 /dev/zero", f"ais://{bucket}/x", "--skip-existing",
                                      TMPDIR=str(tmp_path))
        assert status == 0 and out.startswith(expected), (out, errors)


# ---------------------------------------------------------------- names that are taken

def test_objects_in_the_way_are_asked_about_or_left(cluster, bucket, put, run_tool):
    for name in ("a", "b"):
        put(name, name.encode() * 7)

    def text(name):
        return succeed(run_tool("ais", "cat", f"ais://{bucket}/{name}"))
    for words in (["mv", f"ais://{bucket}/a", "b"], ["cp", f"ais://{bucket}/a", f"ais://{bucket}/b"]):
        status, shown = on_terminal(cluster.endpoint, *words, answers=[("[y/N]", "n\n")])
        assert status == 1 and f"Replace ais://{bucket}/b (7B)?" in shown and text("b") == "b" * 7, shown
        kept = run_tool("ais", *words, "--no-clobber")
        assert kept.returncode == 0 and "left out 1 that is there already" in kept.stdout and text("b") == "b" * 7, kept
    assert text("a") == "a" * 7
    succeed(run_tool("ais", "mv", f"ais://{bucket}/a", "b"))  # a script is not asked
    assert text("b") == "a" * 7
    status, shown = on_terminal(cluster.endpoint, "mv", f"ais://{bucket}/b", "free")
    assert status == 0 and "Replace" not in shown and text("free") == "a" * 7


# ---------------------------------------------------------------- listings

def test_show_unmatched_tells_both_kinds(bucket, put, run_tool):
    for name in ("a1", "a2", "b1"):
        put(name)
    place = f"ais://{bucket}"
    out = succeed(run_tool("ais", "ls", place, "--regex", "^a", "--show-unmatched", "--name-only"))
    assert out == "a1\na2\n\nUNMATCHED\nb1\n"
    out = succeed(run_tool("ais", "ls", place, "--template", "a{1..2}", "--show-unmatched", "--json"))
    assert {entry["name"]: entry["matched"] for entry in json.loads(out)} == {"a1": True, "a2": True, "b1": False}
    assert run_tool("ais", "ls", place, "--show-unmatched").returncode == 2


def test_times_in_json_are_those_of_rfc_3339(bucket, put, run_tool):
    put("x")
    shown = json.loads(succeed(run_tool("ais", "show", "object", f"ais://{bucket}/x", "--json")))
    listed = json.loads(succeed(run_tool("ais", "ls", f"ais://{bucket}", "--props", "name,atime", "--json")))
    nodes = json.loads(succeed(run_tool("ais", "show", "cluster", "--json")))
    for time in (shown["atime"], listed[0]["atime"], nodes["time"]):
        assert RFC3339.fullmatch(time), time

"""Data commands of `ais` as people use them: real files, odd names, terminals, signals, full disks, clusters that go away."""
import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import pytest
import wire
from conftest import BUILD, create_bucket
from local_cluster import wait_until

AIS = BUILD / "bin/ais"
ODD_NAMES = ["plain", "with space", "ünïcödé", "new\nline", "-leading-dash", "--help", "tab\there", "bell\x07", "%41", "q?x=1#y", "{1..2}",
             "deep/er/name", "d" * 200 + "/" + "e" * 200 + "/" + "f" * 200 + "/" + "g" * 200 + "/" + "h" * 196]


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


def write_files(folder, count, size=100):
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        (folder / f"f{i:04}").write_bytes(os.urandom(size))
    return folder


def files_of(folder):
    """Relative name -> bytes of all files below."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in pathlib.Path(folder).rglob("*") if p.is_file()}


def names_of(run_tool, place):
    return [entry["name"] for entry in json.loads(succeed(run_tool("ais", "ls", place, "--json")))]


def in_terminal(arguments, endpoint, feed=b"", columns=100, timeout=60, watch=lambda output: None, **environment):
    """Runs `ais` on a pty; (exit status, everything it wrote). `feed` is typed when a question is asked; `watch` sees what was written
    so far."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(AIS_ENDPOINT=endpoint, TERM="xterm", **environment)
        os.execv(AIS, [str(AIS), *map(str, arguments)])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    output, deadline = b"", time.monotonic() + timeout
    while time.monotonic() < deadline:
        if not select.select([fd], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(fd, 65536)
        except OSError:
            break
        if not piece:
            break
        output += piece
        watch(output)
        if feed and b"[y/N]" in output:
            os.write(fd, feed)
            feed = b""
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output.decode(errors="replace")


def test_odd_names_there_and_back(run_tool, bucket, tmp_path):
    source = tmp_path / "in"
    for name in ODD_NAMES:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(os.urandom(len(name)).hex())
    succeed(run_tool("ais", "put", "-r", source, f"ais://{bucket}/"))
    assert names_of(run_tool, f"ais://{bucket}") == sorted(ODD_NAMES, key=str.encode)
    succeed(run_tool("ais", "get", f"ais://{bucket}", tmp_path / "out", "--prefix", "", "--check"))
    assert files_of(tmp_path / "out") == files_of(source)
    for name in ["new\nline", "--help", "%41"]:
        assert run_tool("ais", "cat", f"ais://{bucket}/{name}").returncode == 0
    succeed(run_tool("ais", "rmo", f"ais://{bucket}/{{1..2}}", "--literal"))
    assert "{1..2}" not in names_of(run_tool, f"ais://{bucket}")


def test_names_that_are_no_files(run_tool, cluster, bucket, tmp_path):
    for name in ["a", "a/b", "x" * 300, "fine"]:
        assert wire.follow(cluster.endpoint, "PUT", f"/v1/objects/{bucket}/{name}", b"1").status == 200
    run = run_tool("ais", "get", f"ais://{bucket}", tmp_path / "out", "--all", "--json")
    report = json.loads(run.stdout)
    assert run.returncode == 1 and report["objects"] == 2 and report["failed"] == 2
    why = {f["name"]: f["error"] for f in report["failures"]}
    assert "too long" in why.pop("x" * 300)
    clash, text = why.popitem()
    assert clash in ("a", "a/b") and ("stands where" in text or "is a directory" in text)
    assert (tmp_path / "out/fine").read_bytes() == b"1"


def test_skip_existing(run_tool, bucket, tmp_path):
    source = write_files(tmp_path / "in", 20)
    succeed(run_tool("ais", "put", source, f"ais://{bucket}/s/"))
    (source / "f0003").write_bytes(b"x" * 100)  # same size, other bytes
    (source / "f0004").write_bytes(b"x" * 99)
    again = json.loads(succeed(run_tool("ais", "put", source, f"ais://{bucket}/s/", "--skip-existing", "--json")))
    assert (again["objects"], again["skipped"]) == (2, 18)
    planned = json.loads(succeed(run_tool("ais", "get", f"ais://{bucket}/s/", source, "--skip-existing", "--dry-run", "--json")))
    assert planned["objects"] == 0 and planned["skipped"] == 20
    (source / "f0007").write_bytes(b"y" * 100)
    (source / "f0008").unlink()
    fetched = json.loads(succeed(run_tool("ais", "get", f"ais://{bucket}/s/", source, "--skip-existing", "--json")))
    assert (fetched["objects"], fetched["skipped"]) == (2, 18)
    copied = json.loads(succeed(run_tool("ais", "cp", f"ais://{bucket}/s/", f"ais://{bucket}/t/", "--json")))
    assert copied["objects"] == 20
    copied = json.loads(succeed(run_tool("ais", "cp", f"ais://{bucket}/s/", f"ais://{bucket}/t/", "--json", "--skip-existing")))
    assert (copied["objects"], copied["skipped"]) == (0, 20)


def test_dry_runs_change_nothing(run_tool, bucket, tmp_path):
    source = write_files(tmp_path / "in", 3)
    text = succeed(run_tool("ais", "put", source, f"ais://{bucket}", "--dry-run"))
    assert text.count("would upload") == 4 and "300B" in text and names_of(run_tool, f"ais://{bucket}") == []
    succeed(run_tool("ais", "put", source, f"ais://{bucket}"))
    names = names_of(run_tool, f"ais://{bucket}")
    for command in [["rmo", f"ais://{bucket}", "--all"], ["cp", f"ais://{bucket}", f"ais://{bucket}/c/", "--prefix", "f"],
                    ["mv", f"ais://{bucket}", "m/", "--prefix", "f"], ["get", f"ais://{bucket}", tmp_path / "out", "--all"]]:
        report = json.loads(succeed(run_tool("ais", *command, "--dry-run", "--json")))
        assert report["objects"] == 3 and len(report["items"]) == 3 and report["dry_run"], command
    assert names_of(run_tool, f"ais://{bucket}") == names and not (tmp_path / "out").exists()


def test_templates_copy_move_remove(run_tool, bucket, tmp_path):
    source = write_files(tmp_path / "in", 4)
    succeed(run_tool("ais", "put", f"{source}/f{{0000..0003}}", f"ais://{bucket}/shard-{{1..4}}.tar"))
    succeed(run_tool("ais", "cp", f"ais://{bucket}/shard-{{1..2}}.tar", f"ais://{bucket}/copy-{{1..2}}.tar"))
    asked = run_tool("ais", "mv", f"ais://{bucket}/shard-{{3..4}}.tar", "moved/")
    assert asked.returncode == 2 and "--yes" in asked.stderr
    succeed(run_tool("ais", "mv", f"ais://{bucket}/shard-{{3..4}}.tar", "moved/", "--yes"))
    assert names_of(run_tool, f"ais://{bucket}") == ["copy-1.tar", "copy-2.tar", "moved/shard-3.tar", "moved/shard-4.tar", "shard-1.tar",
                                                   "shard-2.tar"]
    succeed(run_tool("ais", "rmo", f"ais://{bucket}/shard-{{1..2}}.tar", "--yes"))
    succeed(run_tool("ais", "rmo", f"ais://{bucket}", "--prefix", "moved/", "--yes"))
    assert names_of(run_tool, f"ais://{bucket}") == ["copy-1.tar", "copy-2.tar"]
    assert succeed(run_tool("ais", "ls", f"ais://{bucket}", "--template", "copy-{2..9}.tar", "--name-only")) == "copy-2.tar\n"
    assert succeed(run_tool("ais", "ls", f"ais://{bucket}", "--regex", "1[.]tar$", "--name-only")) == "copy-1.tar\n"
    summary = json.loads(succeed(run_tool("ais", "bucket", "summary", f"ais://{bucket}", "--json")))
    assert summary[0]["objects"] == 2 and summary[0]["bytes"] == 200 and summary[0]["size_min"] == 100
    assert "200B" in succeed(run_tool("ais", "ls", f"ais://{bucket}/copy-", "--summary"))


def test_append_and_lock(run_tool, bucket, tmp_path):
    (tmp_path / "one").write_text("one ")
    succeed(run_tool("ais", "object", "append", tmp_path / "one", f"ais://{bucket}/log"))
    succeed(run_tool("ais", "object", "append", tmp_path / "one", "-", f"ais://{bucket}/log", stdin="two"))
    assert succeed(run_tool("ais", "cat", f"ais://{bucket}/log")) == "one one two"
    assert succeed(run_tool("ais", "object", "check-lock", f"ais://{bucket}/log")) == "unlocked\n"


def test_closed_pipe_ends_quietly(cluster, bucket, run_tool, tmp_path):
    succeed(run_tool("ais", "put", write_files(tmp_path / "in", 300, 10), f"ais://{bucket}"))
    script = f'"{AIS}" ls ais://{bucket} --page-size 10 | head -1; exit ${{PIPESTATUS[0]}}'
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    assert run.returncode in (0, 141) and run.stderr == "" and run.stdout.startswith("NAME")
    big = tmp_path / "big"
    big.write_bytes(bytes(20_000_000))
    succeed(run_tool("ais", "put", big, f"ais://{bucket}/big"))
    script = f'"{AIS}" cat ais://{bucket}/big | head -c 10 > /dev/null; exit ${{PIPESTATUS[0]}}'
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    assert run.returncode == 141 and run.stderr == ""


def test_interrupted_put_resumes(cluster, bucket, run_tool, tmp_path):
    source = write_files(tmp_path / "in", 3000, 20_000)
    put = subprocess.Popen([AIS, "put", source, f"ais://{bucket}/r/", "--json", "-j", "2"], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True, env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    wait_until(lambda: len(names_of(run_tool, f"ais://{bucket}")) > 5, 20, "the upload is under way")
    put.send_signal(signal.SIGINT)
    out, err = put.communicate(timeout=10)
    report = json.loads(out)
    assert put.returncode == 130 and report["interrupted"] and 0 < report["objects"] < 3000 and "interrupted" in err
    done = len(names_of(run_tool, f"ais://{bucket}"))
    again = json.loads(succeed(run_tool("ais", "put", source, f"ais://{bucket}/r/", "--skip-existing", "--json")))
    assert again["objects"] + again["skipped"] == 3000 and done <= again["skipped"] <= done + 2  # what was given up half way may be there


def test_interrupted_get_resumes(cluster, bucket, run_tool, tmp_path):
    source = write_files(tmp_path / "in", 3000, 10_000)
    succeed(run_tool("ais", "put", source, f"ais://{bucket}/r/"))
    out = tmp_path / "out"
    get = subprocess.Popen([AIS, "get", f"ais://{bucket}/r/", out, "-j", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True, env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    wait_until(lambda: out.exists() and len(os.listdir(out)) > 5, 20, "the download is under way")
    get.send_signal(signal.SIGTERM)
    get.communicate(timeout=10)
    assert get.returncode == 143
    there = files_of(out)
    assert 0 < len(there) < 3000 and all((source / name).read_bytes() == body for name, body in there.items())
    again = json.loads(succeed(run_tool("ais", "get", f"ais://{bucket}/r/", out, "--skip-existing", "--json")))
    assert again["skipped"] == len(there) and files_of(out) == files_of(source)


def test_killed_get_leaves_nothing_under_final_names(cluster, bucket, run_tool, tmp_path):
    big = tmp_path / "big"
    big.write_bytes(os.urandom(1 << 20) * 200)
    succeed(run_tool("ais", "put", big, f"ais://{bucket}/big"))
    out = tmp_path / "out"
    out.mkdir()
    get = subprocess.Popen([AIS, "get", f"ais://{bucket}/big", out / "big"], env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    wait_until(lambda: any(p.stat().st_size for p in out.glob(".ais-partial-*/*")) or get.poll() is not None, 20, "bytes arrive")
    get.kill()
    get.wait()
    if not (out / "big").exists():
        assert list(out.glob(".ais-partial-*"))
    succeed(run_tool("ais", "get", f"ais://{bucket}/big", out / "big", "--check"))
    assert os.listdir(out) == ["big"]


def test_cluster_goes_away(make_cluster, run_tool, tmp_path):
    one = make_cluster(targets=1)
    create_bucket(one.endpoint, "gone")
    source = write_files(tmp_path / "in", 2000, 1000)
    put = subprocess.Popen([AIS, "put", source, "ais://gone", "-j", "4"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           env={**os.environ, "AIS_ENDPOINT": one.endpoint})
    wait_until(lambda: names_of(lambda *a: run_tool(*a, endpoint=one.endpoint), "ais://gone"), 20, "the upload is under way")
    for node in one.nodes:
        node.kill()
    out, err = put.communicate(timeout=30)
    assert put.returncode == 1 and "gave up" in err and len(err.splitlines()) < 40, err
    down = run_tool("ais", "get", "ais://gone", tmp_path / "out", "--all", endpoint=one.endpoint, timeout=30)
    assert down.returncode == 1 and "connect" in down.stderr.lower()


def test_progress_on_a_terminal_only(cluster, bucket, run_tool, tmp_path):
    source = write_files(tmp_path / "in", 2000, 2000)
    status, text = in_terminal(["put", source, f"ais://{bucket}/p/", "-j", "1"], cluster.endpoint)
    assert status == 0 and "uploaded 2,000/2,000 objects  100%" in text and "[" in text
    frames = [frame for frame in text.split("\r") if "objects" in frame]
    assert len(frames) > 1 and all(len(frame.replace("\x1b[K", "").strip()) < 100 for frame in frames)
    assert "\n" in text[text.rindex("100%"):], "the last state stays"
    status, text = in_terminal(["put", source, f"ais://{bucket}/p/", "--no-progress"], cluster.endpoint)
    assert status == 0 and "\r\x1b" not in text and "%" not in text
    piped = run_tool("ais", "put", source, f"ais://{bucket}/p/")
    assert piped.stderr == "" and piped.stdout == "uploaded 2000 objects, 3.81MiB\n"


@pytest.mark.parametrize("answer, gone", [(b"y\n", True), (b"n\n", False)])
def test_questions_on_a_terminal(cluster, bucket, run_tool, tmp_path, answer, gone):
    succeed(run_tool("ais", "put", write_files(tmp_path / "in", 3), f"ais://{bucket}"))
    status, text = in_terminal(["rmo", f"ais://{bucket}", "--all"], cluster.endpoint, feed=answer)
    assert "Remove all objects of" in text and status == (0 if gone else 1)
    assert names_of(run_tool, f"ais://{bucket}") == ([] if gone else ["f0000", "f0001", "f0002"])


def test_null_separated_names(cluster, bucket, run_tool, tmp_path):
    (tmp_path / "new\nline").write_text("1")
    succeed(run_tool("ais", "put", tmp_path / "new\nline", f"ais://{bucket}"))
    assert succeed(run_tool("ais", "ls", f"ais://{bucket}", "-0")) == "new\nline\0"
    (tmp_path / "other").write_text("1")
    succeed(run_tool("ais", "put", tmp_path / "other", f"ais://{bucket}"))
    run = run_tool("ais", "ls", f"ais://{bucket}", "--name-only")
    assert run.returncode == 1 and run.stdout == "other\n" and "new\\x0aline" in run.stderr and "--null" in run.stderr, run


def process_status(pid):
    return dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())


def thread_names(pid):
    return {path.read_text().strip() for path in pathlib.Path(f"/proc/{pid}/task").glob("*/comm")}


ENDLESS = """import itertools, pathlib, select
for i in itertools.count():
    print("x" * 100_000, flush=True)
    if i == 30:
        pathlib.Path("far").touch()
    select.select([], [], [], 0.01)"""
SLOW = """import pathlib, signal
print("a line", flush=True)
pathlib.Path("far").touch()
signal.pause()"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["put -", "put - --skip-existing", "put fifo", "put slow"])
def test_a_signal_is_no_end_of_a_pipe(cluster, bucket, run_tool, tmp_path, command, number):
    """Ctrl-C ends whoever writes to the pipe and `ais`: what was written by then does not replace the object."""
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/o", stdin="precious"))
    os.mkfifo(tmp_path / "fifo")
    producer = ["python3", "-c", SLOW if "slow" in command else ENDLESS]
    words = [AIS, *command.replace("slow", "-").split(), f"ais://{bucket}/o"]
    writer = subprocess.Popen(["sh", "-c", 'exec "$@" > fifo 2>/dev/null', "sh", *producer], cwd=tmp_path, process_group=0)
    put = subprocess.Popen(["sh", "-c", 'exec "$@"' + (" < fifo" if "fifo" not in words else ""), "sh", *map(str, words)], cwd=tmp_path,
                           process_group=writer.pid, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    watches = 1 << (number - 1)
    wait_until(lambda: watches & int(process_status(put.pid)["SigCgt"], 16), 20, "ais watches for signals")
    wait_until(lambda: (tmp_path / "far").exists() and "files" in thread_names(put.pid), 20, "the pipe is read")
    os.killpg(writer.pid, number)
    out, err = put.communicate(timeout=20)
    writer.wait()
    assert put.returncode == 128 + number and "uploaded 0 objects" in out and "interrupted, 1 object given up half way" in err, (out, err)
    assert succeed(run_tool("ais", "get", f"ais://{bucket}/o", "-")) == "precious"


def test_a_list_of_names_that_is_not_whole_removes_nothing(run_tool, bucket):
    for name in ("abc", "ab", "a"):
        succeed(run_tool("ais", "put", "-", f"ais://{bucket}/{name}", stdin="x"))
    place = f"ais://{bucket}"
    for command in (["rmo", place, "--yes"], ["get", place, "/nowhere"], ["put", place]):
        run = run_tool("ais", *command, "--names-from", "-", "-0", stdin="abc\0ab")
        assert run.returncode == 2 and "no NUL behind the last name" in run.stderr, run
    assert names_of(run_tool, place) == ["a", "ab", "abc"]
    succeed(run_tool("ais", "rmo", place, "--yes", "--names-from", "-", "-0", stdin="abc\0ab\0"))
    succeed(run_tool("ais", "rmo", place, "--yes", "--names-from", "-", stdin="a"))  # a last line may have no end
    assert names_of(run_tool, place) == []

"""What is no plain file: links, sockets and pipes below a directory that is put, links and read-only files where an object goes; and
the words of what is not there."""
import os
import socket

import pytest


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


@pytest.fixture
def tree(tmp_path):
    """Three files, one of them through a link; links to directories, to nothing and in a circle; a socket and a pipe."""
    tree, other = tmp_path / "tree", tmp_path / "other"
    (tree / "sub").mkdir(parents=True)
    other.mkdir()
    (tree / "a").write_text("a")
    (tree / "sub/b").write_text("b")
    (other / "c").write_text("c")
    (tree / "to-file").symlink_to(other / "c")
    (tree / "to-directory").symlink_to(other)
    (tree / "circle").symlink_to("..")
    (tree / "to-nothing").symlink_to("nowhere")
    os.mkfifo(tree / "pipe")
    here = os.getcwd()
    os.chdir(tree)  # the name of a socket is at most 107 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
    os.chdir(here)
    return tree


LEFT_OUT = {"to-directory": "a symbolic link to a directory", "circle": "a symbolic link to a directory",
            "to-nothing": "not a regular file", "pipe": "not a regular file", "socket": "not a regular file"}


@pytest.mark.parametrize("flags", [[], ["--dry-run"]])
def test_put_leaves_out_what_is_no_file(run_tool, bucket, tree, flags):
    run = run_tool("ais", "put", "-r", tree, f"ais://{bucket}/t/", *flags)
    assert run.returncode == 1 and "error: 5 were left out" in run.stderr and "failed" not in run.stderr, run
    for name, why in LEFT_OUT.items():
        assert f"{tree}/{name}: {why}, left out\n" in run.stderr
    sent = succeed(run_tool("ais", "ls", f"ais://{bucket}", "-1")).split()
    assert sent == ([] if flags else ["t/a", "t/sub/b", "t/to-file"])


def test_put_without_what_is_excluded(run_tool, bucket, tree):
    excludes = [word for name in LEFT_OUT for word in ("--exclude", name)]
    run = run_tool("ais", "put", "-r", tree, f"ais://{bucket}/t/", *excludes)
    assert run.returncode == 0 and not run.stderr and run.stdout.startswith("uploaded 3 objects"), run
    assert succeed(run_tool("ais", "cat", f"ais://{bucket}/t/to-file")) == "c"


@pytest.mark.parametrize("many", [False, True])
def test_get_takes_the_place_of_links_and_read_only_files(run_tool, bucket, tmp_path, many):
    for name in ("link", "broken", "locked"):
        (tmp_path / name).write_text("new")
        succeed(run_tool("ais", "put", tmp_path / name, f"ais://{bucket}/"))
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "target").write_text("old")
    (out / "link").symlink_to(tmp_path / "target")
    (out / "broken").symlink_to(tmp_path / "nowhere")
    (out / "locked").write_text("old")
    (out / "locked").chmod(0o444)
    if many:
        succeed(run_tool("ais", "get", f"ais://{bucket}", out, "--all"))
    else:
        for name in ("link", "broken", "locked"):
            succeed(run_tool("ais", "get", f"ais://{bucket}/{name}", out / name))
    for name in ("link", "broken", "locked"):
        assert not (out / name).is_symlink() and (out / name).read_text() == "new", name
    assert (tmp_path / "target").read_text() == "old" and not (tmp_path / "nowhere").exists()
    assert sorted(os.listdir(out)) == ["broken", "link", "locked"]


@pytest.mark.parametrize("line", ["get {}/no got", "get {}/no -", "cat {}/no", "rmo {}/no", "cp {}/no {}/new", "mv {}/no new",
                                  "object show {}/no", "object set-custom {}/no a=b", "object check-lock {}/no"])
def test_a_missing_object_is_named_once(run_tool, bucket, line):
    run = run_tool("ais", *line.replace("{}", f"ais://{bucket}").split())
    assert run.returncode == 1 and run.stderr == f'error: object "ais://{bucket}/no" does not exist\n', run


def test_several_missing_objects(run_tool, bucket):
    run = run_tool("ais", "rmo", f"ais://{bucket}/no{{1..2}}", "--yes")
    wanted = "".join(f'error: object "ais://{bucket}/no{i}" does not exist\n' for i in (1, 2))
    assert run.returncode == 1 and "".join(sorted(run.stderr.splitlines(True)[:2])) == wanted and "2 of 2 objects failed" in run.stderr


def test_one_is_no_plural(run_tool, bucket, tmp_path):
    (tmp_path / "f").write_text("1")
    succeed(run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}"))
    question = run_tool("ais", "rmo", f"ais://{bucket}", "--all", "--limit", "1")
    assert question.returncode == 2 and f"Remove the first 1 object of ais://{bucket}?" in question.stderr
    load = run_tool("aisloader", "--bucket", f"ais://{bucket}", "--numepochs", "1", "--numworkers", "1", "--report", tmp_path / "page")
    assert f"ais://{bucket}, 1 worker on 1 thread, " in succeed(load) and "found 1 object\n" in load.stderr
    assert "1 worker on 1 thread, " in (tmp_path / "page").read_text()
    two = succeed(run_tool("aisloader", "--bucket", f"ais://{bucket}", "--numepochs", "1", "--numworkers", "2", "--threads", "2"))
    assert f"ais://{bucket}, 2 workers on 2 threads, " in two

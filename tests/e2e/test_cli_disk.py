"""`ais` and `aisloader` where the local disk is full, or where an ordinary user may not read or write."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest
from conftest import BUILD
from loop_disk import MEGABYTE, fill, mounted

NO_SPACE = "No space left on device"
NOBODY = 65534
DROP = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


def write_files(folder, count, size):
    folder.mkdir()
    for i in range(count):
        (folder / f"f{i:04}").write_bytes(os.urandom(size))
    return folder


def files_of(folder):
    """Relative name -> size of all files below, hidden ones too."""
    return {str(p.relative_to(folder)): p.stat().st_size for p in pathlib.Path(folder).rglob("*") if p.is_file()}


# ---------------------------------------------------------------- a full disk

@pytest.fixture
def disk(scratch, tmp_path):
    """16 MiB of ext4."""
    folder = scratch / f"disk-{tmp_path.name}"
    with mounted(folder, "ext4", 16) as mount:
        (mount / "lost+found").rmdir()
        yield mount


def test_get_of_many_onto_a_full_disk(run_tool, bucket, disk, tmp_path):
    succeed(run_tool("ais", "put", write_files(tmp_path / "in", 40, MEGABYTE), f"ais://{bucket}/many/"))
    run = run_tool("ais", "get", f"ais://{bucket}/many/", disk)
    assert run.returncode == 1 and NO_SPACE in run.stderr and len(run.stderr.splitlines()) <= 3, run.stderr
    there = files_of(disk)
    assert 0 < len(there) < 40 and set(there.values()) == {MEGABYTE}, there
    assert sorted(os.listdir(disk)) == sorted(there), "something hidden was left"


def test_get_onto_a_disk_that_is_read_only(run_tool, bucket, disk, tmp_path):
    succeed(run_tool("ais", "put", write_files(tmp_path / "in", 40, 100), f"ais://{bucket}/many/"))
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    run = run_tool("ais", "get", f"ais://{bucket}/many/", disk)
    lines = run.stderr.splitlines()
    assert run.returncode == 1 and len(lines) <= 3, run.stderr
    assert f"nothing can be written in {disk}: Read-only file system" in lines[0], lines
    assert "objects failed: " in lines[-1] and "InputOutput" not in lines[-1], lines


@pytest.mark.parametrize("flags", [[], ["--json"], ["--check"]])
def test_get_of_one_onto_a_full_disk(run_tool, bucket, disk, tmp_path, flags):
    (tmp_path / "big").write_bytes(os.urandom(MEGABYTE) * 40)
    succeed(run_tool("ais", "put", tmp_path / "big", f"ais://{bucket}/big"))
    (disk / "big").write_text("what was there before")
    run = run_tool("ais", "get", f"ais://{bucket}/big", disk / "big", *flags)
    assert run.returncode == 1 and NO_SPACE in run.stderr + run.stdout and "big" in run.stderr + run.stdout, run
    assert os.listdir(disk) == ["big"] and (disk / "big").read_text() == "what was there before"
    assert run_tool("ais", "get", f"ais://{bucket}/big", disk / "new", *flags).returncode == 1
    assert os.listdir(disk) == ["big"]
    again = run_tool("ais", "get", f"ais://{bucket}/big", disk / "part", "--length", "1MiB")
    assert again.returncode == 0 and (disk / "part").stat().st_size == MEGABYTE, "there is room again for what fits"


def test_get_where_nothing_fits(run_tool, bucket, disk, tmp_path):
    source = write_files(tmp_path / "in", 3, 10_000)
    succeed(run_tool("ais", "put", source, f"ais://{bucket}/few/"))
    fill(disk)
    for place in (disk, disk / "new"):
        run = run_tool("ais", "get", f"ais://{bucket}/few/", place)
        assert run.returncode == 1 and NO_SPACE in run.stderr, run
    assert [name for name, size in files_of(disk).items() if name != "filler" or size == 0] == []
    assert not list(disk.rglob(".ais-*"))


@pytest.mark.parametrize("line", ["ais ls {bucket}", "ais ls {bucket} --json", "ais cat {bucket}/f0000", "ais get {bucket}/f0000 -",
                                  "ais show cluster --refresh 100ms", "aisloader --help"])
def test_output_onto_a_full_disk(cluster, run_tool, bucket, disk, tmp_path, line):
    succeed(run_tool("ais", "put", write_files(tmp_path / "in", 3, 10_000), f"ais://{bucket}"))
    fill(disk)
    program, *words = line.format(bucket=f"ais://{bucket}").split()
    with open(disk / "output", "wb") as output:
        run = subprocess.run([BUILD / "bin" / program, *words], stdout=output, stderr=subprocess.PIPE, text=True, timeout=60,
                             env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    assert run.returncode == 1 and NO_SPACE in run.stderr and len(run.stderr.splitlines()) == 1, run


@pytest.mark.parametrize("flag", ["--report", "--stats-output"])
def test_files_of_the_loader_onto_a_full_disk(cluster, run_tool, bucket, disk, flag):
    fill(disk)
    run = run_tool("aisloader", "--bucket", f"ais://{bucket}", "--pctput", 100, "--maxputs", 20, "--minsize", 1, "--maxsize", 100,
                   flag, disk / "file", "--quiet")
    assert run.returncode == 1 and flag in run.stderr and NO_SPACE in run.stderr, run
    assert "PUT" in run.stdout, "the result is told all the same"
    assert sum(size for name, size in files_of(disk).items() if name != "filler") == 0
    assert not [name for name in os.listdir(disk) if name not in ("filler", "file")], "something was left"


# ---------------------------------------------------------------- an ordinary user

@pytest.fixture
def ordinary(cluster):
    """ordinary("ais", "ls"): the finished program, run by a user who owns nothing but `ordinary.home`."""
    # pytest's own directories are closed to other users, and so may be that of the programs.
    place = pathlib.Path(tempfile.mkdtemp(prefix="ais-e2e-user-", dir=os.environ.get("AIS_TEST_DIR") or "/var/tmp"))
    place.chmod(0o755)
    home = place / "home"
    home.mkdir()
    for program in ("ais", "aisloader"):
        shutil.copy(BUILD / "bin" / program, place)
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)

    def run(program, *arguments, **environment):
        drop = DROP if os.geteuid() == 0 else []
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "AIS_"))}
        environment = {**kept, "HOME": str(home), "AIS_ENDPOINT": cluster.endpoint, **environment}
        return subprocess.run([*drop, place / program, *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, env=environment, cwd=place)
    run.place, run.home = place, home
    yield run
    for folder in [place, *place.rglob("*")]:
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o755)
    shutil.rmtree(place)


def locked(path, mode):
    """A file or directory of the ordinary user, with that mode."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    path.chmod(mode)
    return path


def test_get_where_the_user_may_not_write(ordinary, run_tool, bucket, tmp_path):
    succeed(run_tool("ais", "put", write_files(tmp_path / "in", 3, 100), f"ais://{bucket}"))
    closed = ordinary.place / "closed"
    closed.mkdir()
    (closed / "old").write_text("old")
    locked(closed, 0o555)
    for arguments in (["f0000", closed], ["f0000", closed / "old"], ["f0000", closed / "new"]):
        run = ordinary("ais", "get", f"ais://{bucket}/{arguments[0]}", arguments[1])
        assert run.returncode == 1 and "Permission denied" in run.stderr and str(closed) in run.stderr, run
        assert len(run.stderr.splitlines()) == 1 and not run.stdout
    for place in (closed, closed / "new"):
        many = ordinary("ais", "get", f"ais://{bucket}", place, "--all")
        assert many.returncode == 1 and "Permission denied" in many.stderr and str(closed) in many.stderr, many
    assert {path.name: path.read_text() for path in closed.iterdir()} == {"old": "old"}


def test_put_of_what_the_user_may_not_read(ordinary, run_tool, bucket):
    tree = ordinary.place / "tree"
    for folder in (tree, tree / "open", tree / "secret"):
        folder.mkdir()
    for name in ("a", "b", "open/c", "secret/d"):
        (tree / name).write_text(name)
    locked(tree / "b", 0)
    locked(tree / "secret", 0)
    run = ordinary("ais", "put", "-r", tree, f"ais://{bucket}/")
    assert run.returncode == 1 and run.stderr.count("Permission denied") == 2, run.stderr
    assert "tree/b: " in run.stderr and "tree/secret: " in run.stderr and "2 of 4 objects failed" in run.stderr
    assert succeed(run_tool("ais", "ls", f"ais://{bucket}", "-1")).split() == ["a", "open/c"]
    alone = ordinary("ais", "put", tree / "b", f"ais://{bucket}/")
    assert alone.returncode == 1 and alone.stderr == f"error: {tree}/b: Permission denied\n"
    appended = ordinary("ais", "append", tree / "b", f"ais://{bucket}/a")
    assert appended.returncode == 1 and "tree/b: Permission denied" in appended.stderr
    assert succeed(run_tool("ais", "cat", f"ais://{bucket}/a")) == "a"


def test_aliases_that_cannot_be_kept(ordinary):
    folder = ordinary.home / ".config/ais"
    file = folder / "aliases.json"
    assert ordinary("ais", "alias", "set", "sc", "show cluster").returncode == 0
    before = file.read_text()
    folder.chmod(0o555)
    for words in (["set", "sd", "ls"], ["rm", "sc"], ["reset", "--yes"]):
        run = ordinary("ais", "alias", *words)
        assert run.returncode == 1 and str(folder) in run.stderr and "Permission denied" in run.stderr, run
        assert len(run.stderr.splitlines()) == 1 and not run.stdout, run
    assert file.read_text() == before and os.listdir(folder) == ["aliases.json"]
    assert "ROLE" in ordinary("ais", "sc").stdout, "what can be read still works"
    file.chmod(0)
    for words in (["alias", "ls"], ["alias", "set", "sd", "ls"], ["sc"]):
        run = ordinary("ais", *words)
        assert run.returncode == 1 and str(file) in run.stderr and "Permission denied" in run.stderr, run
    assert ordinary("ais", "ls").returncode == 0, "a command needs no aliases"


def test_no_place_for_aliases(ordinary):
    run = ordinary("ais", "alias", "set", "sc", "show cluster", HOME="/nowhere/at/all")
    assert run.returncode == 1 and "/nowhere" in run.stderr, run
    homeless = ordinary("ais", "alias", "set", "sc", "show cluster", HOME="")
    assert homeless.returncode == 1 and "HOME" in homeless.stderr, homeless


@pytest.mark.parametrize("flag", ["--report", "--stats-output"])
def test_files_of_the_loader_where_the_user_may_not_write(ordinary, bucket, flag):
    closed = ordinary.place / "closed"
    closed.mkdir()
    locked(closed, 0o555)
    run = ordinary("aisloader", "--bucket", f"ais://{bucket}", "--pctput", 100, "--maxputs", 5, "--minsize", 1, "--maxsize", 100,
                   flag, closed / "file", "--quiet")
    assert run.returncode == 1 and flag in run.stderr and "Permission denied" in run.stderr, run
    assert not os.listdir(closed)

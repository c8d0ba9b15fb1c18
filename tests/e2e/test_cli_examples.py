"""Every example of `ais` and `aisloader`, as their pages print it, is run by bash against a real cluster.

Before each one the files and the objects that examples speak of are put in place; t1234567 becomes the id of a target. A question is
answered with yes on a terminal, and what goes on until Ctrl-C gets one when it has begun to print."""
import os
import pathlib
import re
import signal
import subprocess

import pexpect
import pytest
from conftest import BUILD, ROOT, running_cluster
from local_cluster import wait_until

EXAMPLE = re.compile(r"^((?:ais|aisloader) .*\S)   # (.+)$", re.MULTILINE)
ENDLESS = re.compile(r"--follow|--refresh")
QUESTION = "after confirmation"

# Words of an example -> what must be so before it, beside FILES and OBJECTS.
BEFORE = [
    (r"^ais create ais://(\S+)", r"ais rmb ais://\1 --yes"),
    (r"^ais rmb 'ais://tmp-", "ais create 'ais://tmp-{01..20}'"),
    (r"^ais alias (rm|reset)", "ais alias set sc 'show cluster'; ais alias set latest 'ls ais://logs'"),
    (r"^aisloader compare", "aisloader --bucket ais://bench --duration 1s --json > before.json; cp before.json after.json"),
    (r"^ais(?:loader)? completion bash", "mkdir -p ~/.local/share/bash-completion/completions"),
    (r"^ais(?:loader)? completion fish", "mkdir -p ~/.config/fish/completions"),
]
OBJECTS = ["imagenet/dataset.tar", "imagenet/train/1.jpg", "imagenet/val/1.jpg", "logs/today", "logs/2024-01.gz", "logs/all",
           "a/model.bin", "a/model.tmp", "a/train/1.jpg", "a/incoming/1.jpg", "bench/1"]
BUCKETS = ["imagenet", "logs", "scratch", "a", "b", "bench"]


def examples():
    for page in sorted((ROOT / "docs/cli").glob("*.md")):
        for line, meaning in EXAMPLE.findall(page.read_text()):
            yield pytest.param(line, meaning, id=line)


def shortened(line):
    """Measurements of a minute need not last one here."""
    if not line.startswith("aisloader") or line.startswith(("aisloader compare", "aisloader completion")) or "--numepochs" in line:
        return line
    return re.sub(r" --duration \S+", "", line) + " --duration 1s"


@pytest.fixture(scope="module")
def shop(scratch):
    """A cluster of these tests' own: examples change its configuration and take targets out of it."""
    with running_cluster(scratch / "examples", targets=5, proxies=1, mountpaths=2) as running:
        yield running


@pytest.fixture
def sandbox(shop, tmp_path):
    """Directory and environment of one example, with everything that examples speak of in place."""
    home, work, objects = tmp_path / "home", tmp_path / "work", tmp_path / "objects"
    for folder in (home, work / "train/cats", work / "data"):
        folder.mkdir(parents=True)
    for name in ["train/1.jpg", "train/cats/2.jpg", "train/notes.txt", "today.log", "journal.txt"]:
        (work / name).write_text(f"contents of {name}\n")
    for number in range(100):
        (work / f"shard-{number:03}.tar").write_bytes(b"t" * 512)
    for name in OBJECTS:
        (objects / name).parent.mkdir(parents=True, exist_ok=True)
        (objects / name).write_bytes(b"0123456789abcdef" * (1 << 17))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "AIS_"))}
    options = {"cwd": str(work), "env": {
        **kept, "HOME": str(home), "TMPDIR": str(tmp_path), "AIS_ENDPOINT": shop.endpoint, "TERM": "xterm", "LC_ALL": "C.UTF-8",
        "PATH": f"{pathlib.Path(BUILD).resolve()}/bin:{os.environ['PATH']}"}}
    lines = [f"ais create ais://{bucket}" for bucket in BUCKETS]
    lines += [f"ais put -r {folder} ais://{folder.name}/" for folder in sorted(objects.iterdir())]
    lines += ["ais put 'shard-{000..099}.tar' ais://imagenet/ --skip-existing", "ais config reset --yes"]
    subprocess.run(["bash", "-c", "\n".join(lines)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, **options)
    return options


def run_to_end(line, options):
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, stdin=subprocess.DEVNULL, **options)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def run_and_confirm(line, options):
    child = pexpect.spawn("bash", ["-c", line], encoding="utf-8", timeout=60, **options)
    child.expect(re.escape("[y/N]"))
    child.sendline("y")
    output = child.before + child.read()
    child.close()
    return child.exitstatus, output


def run_until_interrupted(line, options, output):
    """Ctrl-C as a terminal sends it, to the whole group, when something has been printed."""
    with open(output, "wb") as stream:
        child = subprocess.Popen(["bash", "-c", line], stdout=stream, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                 start_new_session=True, **options)
    try:
        wait_until(lambda: output.stat().st_size > 0 or child.poll() is not None, 60, f"output of {line}")
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGINT)
        return child.wait(60), output.read_text()
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def test_every_command_has_two():
    pages = [page.read_text() for page in sorted((ROOT / "docs/cli").glob("*.md")) if page.name not in ("README.md", "aisloader.md")]
    commands = [part for text in pages for part in re.split(r"^## (?=ais )", text, flags=re.MULTILINE)[1:]]
    assert len(commands) > 30
    for text in commands:
        assert len(EXAMPLE.findall(text.split("\n## ")[0])) >= 2, text.splitlines()[0]


@pytest.mark.parametrize("line, meaning", list(examples()))
def test_example(line, meaning, shop, sandbox, tmp_path):
    # The cluster shrinks where an example says so: each of these takes a target that no other example speaks of, stopped first, since one
    # that runs joins again and then has none of the objects that were stored meanwhile.
    removed = shop.targets[4 if "--yes" in line else 3]
    line = line.replace("t1234567", removed.id if "remove-node" in line else shop.targets[0].id)
    if "remove-node" in line:
        removed.stop()
    for words, command in BEFORE:
        if found := re.search(words, line):
            run_to_end(found.expand(command), sandbox)
    if QUESTION in meaning:
        status, output = run_and_confirm(line, sandbox)
    elif ENDLESS.search(line):
        status, output = run_until_interrupted(line, sandbox, tmp_path / "output")
    else:
        status, output = run_to_end(shortened(line), sandbox)
    assert status == 0 and "error" not in output.lower().replace("errors", ""), f"$ {line}\nended with {status}\n{output}"

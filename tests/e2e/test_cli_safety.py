"""What every command of the table promises before it changes anything: a question on a terminal, --yes in a script, --dry-run.

KINDS must name every command that `ais` has, so that a new one is thought about: "reads" changes nothing; "one" changes one thing;
"several" may change more than one and has --dry-run, as those may have that change one; "destroys" asks first too."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

import pexpect
import pytest
import wire
from conftest import BUILD
from local_cluster import Cluster

AIS = BUILD / "bin/ais"
READS, ONE, SEVERAL, DESTROYS = "reads", "one", "several", "destroys"
KINDS = {
    "bucket create": SEVERAL, "bucket ls": READS, "bucket summary": READS, "bucket rm": DESTROYS,
    "bucket props show": READS, "bucket props set": SEVERAL, "bucket props reset": DESTROYS,
    "object put": SEVERAL, "object get": SEVERAL, "object cat": READS, "object rm": DESTROYS,
    "object cp": SEVERAL, "object mv": DESTROYS, "object append": ONE, "object show": READS,
    "object set-custom": ONE, "object check-lock": READS, "show cluster": READS, "show node": READS,
    "show performance": READS, "show storage": READS, "show config": READS, "show log": READS,
    "log get": READS, "log rotate": SEVERAL, "cluster reset-stats": SEVERAL, "cluster remove-node": DESTROYS,
    "config cluster": DESTROYS, "config node": DESTROYS, "config reset": DESTROYS, "config cli show": READS,
    "config cli set": ONE, "config cli reset": DESTROYS, "alias": ONE, "status": READS, "alias ls": READS,
    "alias set": ONE, "alias rm": SEVERAL, "alias reset": DESTROYS, "search": READS, "completion": READS,
    "version": READS, "cluster download-logs": READS,
}
# What is tried of each: words that would change something. BUCKET has objects a and b, NODE is a target, FILE a file that is there.
LINES = {
    "bucket create": "ais://new-{1..2}", "bucket rm": "BUCKET", "bucket props set": "BUCKET checksum.type=sha256",
    "bucket props reset": "BUCKET", "object put": "FILE BUCKET/put", "object get": "BUCKET HOME/got --all", "object rm": "BUCKET --all",
    "object cp": "BUCKET/a BUCKET/copied", "object mv": "BUCKET --prefix a moved/", "log rotate": "NODE", "cluster reset-stats": "",
    "cluster remove-node": "NODE", "config cluster": "reset", "config node": "NODE reset", "config reset": "", "alias rm": "mine",
    "alias reset": "", "config cli reset": "",
    "object append": "FILE BUCKET/a",
}


def pages():
    """Command -> what its printed page says about it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([AIS, "--print-docs", folder], timeout=20, check=True)
        texts = [page.read_text() for page in pathlib.Path(folder).glob("*.md")]
    sections = [section for text in texts for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]
    return {section.splitlines()[0].removeprefix("ais "): section for section in sections if section.startswith("ais ")}


@pytest.fixture(scope="module")
def place(scratch):
    """A cluster of these tests' own: a promise that is broken destroys it."""
    cluster = Cluster(scratch / "safety", BUILD, targets=2, proxies=1, mountpaths=1).start()
    yield cluster
    cluster.stop()


@pytest.fixture
def world(place, tmp_path):
    """Runs `ais` where there is something to lose; `snapshot()` is all of it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "file").write_text("contents")
    environment = {**os.environ, "AIS_ENDPOINT": place.endpoint, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "TERM": "xterm"}

    class World:
        def words(self, command):
            words = LINES[command].replace("BUCKET", "ais://kept").replace("NODE", place.targets[0].id)
            return [*command.split(), *words.replace("FILE", str(home / "file")).replace("HOME", str(home)).split()]

        def run(self, *words):
            return subprocess.run([AIS, *words], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL, env=environment)

        def ask(self, words, answer):
            """(what was asked, exit status) on a terminal."""
            child = pexpect.spawn(str(AIS), words, encoding="utf-8", timeout=30, env=environment)
            child.expect(re.escape("[y/N] "))
            child.sendline(answer)
            child.expect(pexpect.EOF)
            child.close()
            return child.before, child.exitstatus

        def snapshot(self):
            documents = {what: wire.request(place.endpoint, "GET", f"/v1/daemon?what={what}").json() for what in ("smap", "bmd")}
            documents["config"] = wire.request(place.endpoint, "GET", "/v1/cluster?what=cluster_config").json()
            documents["objects"] = json.loads(self.run("ls", "ais://kept", "--json", "--props", "all").stdout or "[]")
            documents["files"] = {str(p.relative_to(home)): p.read_text() for p in home.rglob("*") if p.is_file()}
            documents["logs"] = sorted(path.name for path in (place.targets[0].folder / "log").iterdir())
            return json.loads(json.dumps(documents))

    made = World()
    for words in (["rmb", "ais://kept", "--yes", "--missing-ok"], ["create", "ais://kept", "--set", "checksum.type=md5"],
                  ["put", home / "file", "ais://kept/a"], ["put", home / "file", "ais://kept/b"], ["alias", "set", "mine", "ls"],
                  ["config", "cli", "set", "no_color=true"]):
        done = made.run(*map(str, words))
        assert done.returncode == 0, done.stderr
    return made


def test_every_command_is_thought_about():
    texts = pages()
    assert texts.keys() == KINDS.keys(), f"to be sorted in: {texts.keys() ^ KINDS.keys()}"
    assert set(LINES) == {name for name, text in texts.items() if "--dry-run" in text}, "every --dry-run is tried"
    for name, text in texts.items():
        assert "--dry-run" in text or KINDS[name] not in (SEVERAL, DESTROYS), name
        assert bool(re.search(r"asks\s+first|after\s+confirmation", text, re.IGNORECASE)) == (KINDS[name] == DESTROYS), name


@pytest.mark.parametrize("command", sorted(LINES))
def test_a_dry_run_changes_nothing(world, command):
    before = world.snapshot()
    done = world.run(*world.words(command), "--dry-run")
    assert done.returncode == 0 and "would" in done.stdout and not done.stderr, done
    assert world.snapshot() == before


@pytest.mark.parametrize("command", sorted(name for name in LINES if KINDS[name] == DESTROYS))
def test_nothing_is_destroyed_without_a_word(world, command):
    words, before = world.words(command), world.snapshot()
    script = world.run(*words)
    assert script.returncode == 2 and "Say --yes" in script.stderr and not script.stdout, script
    assert world.snapshot() == before
    for answer in ("n", "", "maybe"):
        said, status = world.ask(words, answer)
        assert status == 1 and "nothing was done" in said, (said, status)
    assert world.snapshot() == before


@pytest.mark.parametrize("answer", ["y", None])
@pytest.mark.parametrize("command", sorted(name for name in LINES if KINDS[name] == DESTROYS and name != "cluster remove-node"))
def test_what_was_agreed_to_is_done(world, command, answer):
    """`cluster remove-node` is an example of its page and tried there: the target would come back whenever it likes."""
    assert world.run("config", "cluster", "log.level=4").returncode == 0
    words = world.words(command)
    if command == "config node":
        assert world.run(*words[:3], "log.level=5").returncode == 0
    before = world.snapshot()
    status = world.ask(words, answer)[1] if answer else world.run(*words, "--yes").returncode
    assert status == 0
    if command == "config node":
        assert "log.level  4" in world.run(*words[:3], "log.level").stdout
    else:
        assert world.snapshot() != before


def test_the_properties_of_a_dry_run_come_true(world):
    """--dry-run computes what the gateway would make of them: both tell the same."""
    def table(*words):
        done = world.run("bucket", "props", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n\n")[0]
    changes = ["write_policy.md=never", "checksum.type=crc32c", "versioning.enabled=false"]
    planned = table("set", "ais://kept", *changes, "--dry-run")
    assert planned.count("\n") == 3 and planned == table("set", "ais://kept", *changes)
    planned = table("reset", "ais://kept", "--dry-run")
    assert planned.count("\n") == 3 and planned == table("reset", "ais://kept", "--yes")
    for wrong in ("checksum.type=none-such", "ec.enabled=true", "mirror.copies=77"):
        refused = [world.run("bucket", "props", "set", "ais://kept", wrong, *flags) for flags in (["--dry-run"], [])]
        assert refused[0].stderr == refused[1].stderr and refused[0].returncode == refused[1].returncode == 1, refused

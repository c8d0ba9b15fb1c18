"""The command line itself: pages, installed files, aliases, search, suggestions, how fast it starts."""
import json
import os
import pathlib
import re
import subprocess
import time

import pytest
from conftest import BUILD, ROOT


PROGRAMS = ["ais", "aisloader", "ais-proxy", "ais-target"]


def run(program, *arguments, home=None, check=None, **environment):
    environment = {**os.environ, **({"XDG_CONFIG_HOME": str(home)} if home else {}), **environment}
    done = subprocess.run([BUILD / "bin" / program, *map(str, arguments)], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, env=environment)
    assert check is None or done.returncode == check, (done.args, done.stdout, done.stderr)
    return done


@pytest.mark.parametrize("program", PROGRAMS)
def test_manual_pages_are_clean(program):
    page = run(program, "--print-man", check=0).stdout
    for macros in (["-man"], ["-mandoc"]):
        done = subprocess.run(["groff", *macros, "-ww", "-Tutf8", "-k"], input=page, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and not done.stderr, done.stderr
    text = subprocess.run(["groff", "-man", "-Tutf8", "-P-cbou"], input=page, capture_output=True, text=True, check=True).stdout
    for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES", "SEE ALSO"):
        assert f"\n{title}\n" in text, title
    assert ("AIS_STATE_DIR" if "-" in program else "AIS_ENDPOINT") in text


def test_an_example_survives_the_manual():
    """What is copied out of the manual page is what the table says, byte for byte."""
    page = run("ais", "--print-man", check=0).stdout
    text = subprocess.run(["groff", "-man", "-Tutf8", "-rLL=400n", "-P-cbou"], input=page, capture_output=True, text=True).stdout
    assert "ais search --regex '^(cp|mv)$'\n" in text
    assert "ais rmb 'ais://tmp-{01..20}' --yes\n" in text


def test_pages_are_current(tmp_path):
    (tmp_path / "transcripts").symlink_to(ROOT / "docs/cli/transcripts")
    run("ais", "--print-docs", tmp_path, check=0)
    printed = {path.name: path.read_text() for path in tmp_path.glob("*.md")}
    transcript = (ROOT / "docs/cli/transcripts/aisloader.md").read_text()
    printed["aisloader.md"] = run("aisloader", "--print-docs", check=0).stdout + "\n" + transcript
    for program in ("ais-proxy", "ais-target"):
        printed[program + ".md"] = run(program, "--print-docs", check=0).stdout
    committed = {path.name: path.read_text() for path in (ROOT / "docs/cli").glob("*.md")}
    assert printed.keys() == committed.keys()
    for name, text in printed.items():
        assert committed[name] == text, f"docs/cli/{name}: refresh with: make docs"
    for page in (ROOT / "docs/cli/transcripts").glob("*.md"):
        assert page.name in printed, f"{page.name} belongs to no page"


def test_pages_go_nowhere_without_a_directory(tmp_path):
    assert run("ais", "--print-docs", tmp_path / "none").returncode == 1
    assert run("ais", "--print-docs").returncode == 2


def test_install(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    done = subprocess.run(["make", "-s", "-j1", f"B={BUILD}", f"DESTDIR={tmp_path}", "PREFIX=/usr", "-o", "programs", "install"], cwd=ROOT,
                          capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    files = {str(path.relative_to(tmp_path / "usr")) for path in tmp_path.rglob("*") if path.is_file()}
    scripts = {"bash": "share/bash-completion/completions/{}", "zsh": "share/zsh/site-functions/_{}",
               "fish": "share/fish/vendor_completions.d/{}.fish"}
    pages = {"share/man/man1/ais.1", "share/man/man1/aisloader.1", "share/man/man8/ais-proxy.8", "share/man/man8/ais-target.8"}
    assert files == pages | {path.format(program) for path in ["bin/{}", *scripts.values()] for program in PROGRAMS}
    for shell, path in scripts.items():
        for program in PROGRAMS:
            assert subprocess.run([shell, "-n", tmp_path / "usr" / path.format(program)], timeout=20).returncode == 0, (shell, program)


@pytest.mark.parametrize("program, line, wanted", [
    ("ais-proxy", "--prim", "--primary"), ("ais-target", "--allow", "--allow-shared-filesystem"), ("aisloader", "-numw", "-numworkers"),
    ("aisloader", "compl", "completion"), ("ais", "buck", "bucket")])
def test_every_program_completes(program, line, wanted):
    asked = run(program, "--print-completion", "bash", check=0).stdout
    asked += (f"\ncompopt() {{ :; }}; COMP_LINE='{program} {line}'; COMP_POINT=${{#COMP_LINE}}\n"
              f"_{program.replace('-', '_')} {BUILD.resolve()}/bin/{program}; echo \"${{COMPREPLY[@]}}\"")
    answer = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=20)
    assert answer.stdout.split() == [wanted] and not answer.stderr, answer


@pytest.mark.parametrize("program", ["ais-proxy", "ais-target"])
def test_daemons_explain_themselves(program):
    shown = run(program, "--help", check=0).stdout
    assert "--state-dir DIRECTORY" in shown and "AIS_STATE_DIR" in shown
    own = re.search(r"^## ([0-9.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert run(program, "--version", check=0).stdout == f"{program} {own} (AIStore protocol 5.0.0)\n"
    for arguments, says in (([], "--state-dir is required"), (["--state-dri", "x"], 'did you mean "--state-dir"?'),
                            (["--state-dir", "x", "stray"], f"{program} takes flags only"), (["--state-dir"], "--state-dir needs a value"),
                            (["--state-dir", "x", "--port", "65536", "--mountpath", "y"][:None if program == "ais-target" else 4],
                             "--port must be from 0 to 65535")):
        wrong = run(program, *arguments)
        assert wrong.returncode == 100 and says in wrong.stderr and not wrong.stdout, wrong


def test_aliases(tmp_path, cluster):
    run("ais", "alias", "set", "sc", "show", "cluster", home=tmp_path, check=0)
    run("ais", "alias", "set", "keys", "show cluster --json", home=tmp_path, check=0)
    assert json.loads((tmp_path / "ais/aliases.json").read_text())["aliases"] == {"sc": "show cluster", "keys": "show cluster --json"}
    assert "ROLE" in run("ais", "sc", home=tmp_path, check=0, AIS_ENDPOINT=cluster.endpoint).stdout
    assert json.loads(run("ais", "--no-color", "keys", home=tmp_path, check=0, AIS_ENDPOINT=cluster.endpoint).stdout)["nodes"]
    assert json.loads(run("ais", "alias", "--json", home=tmp_path, check=0).stdout) == [
        {"name": "keys", "command": "show cluster --json"}, {"name": "sc", "command": "show cluster"}]
    assert "show cluster --json" in run("ais", "--help", home=tmp_path, check=0).stdout
    for wrong in (["ls", "show cluster"], ["x y", "ls"], ["x", "no such command"], ["-x", "ls"]):
        assert run("ais", "alias", "set", "--", *wrong, home=tmp_path).returncode == 2, wrong
    assert run("ais", "alias", "reset", home=tmp_path).returncode == 2
    run("ais", "alias", "rm", "sc", "keys", home=tmp_path, check=0)
    assert run("ais", "sc", home=tmp_path).returncode == 2


def test_a_broken_alias_file_is_named_and_kept(tmp_path, cluster):
    path = tmp_path / "ais/aliases.json"
    path.parent.mkdir()
    path.write_text('{"aliases": {"sc": "show clus')
    for arguments in (["alias", "ls"], ["alias", "set", "x", "ls"], ["alias", "rm", "sc"], ["sc"]):
        broken = run("ais", *arguments, home=tmp_path)
        assert broken.returncode == 1 and str(path) in broken.stderr, arguments
    assert path.read_text() == '{"aliases": {"sc": "show clus'
    run("ais", "ls", home=tmp_path, check=0, AIS_ENDPOINT=cluster.endpoint)
    run("ais", "--help", home=tmp_path, check=0)


def test_aliases_set_at_once_are_all_there(tmp_path):
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    writers = [subprocess.Popen([BUILD / "bin/ais", "alias", "set", f"a{i}", "show cluster"], env=environment, stdout=subprocess.DEVNULL)
               for i in range(20)]
    assert [writer.wait(60) for writer in writers] == [0] * 20
    assert len(json.loads((tmp_path / "ais/aliases.json").read_text())["aliases"]) == 20
    assert [path.name for path in (tmp_path / "ais").iterdir()] == ["aliases.json"]


def test_search():
    assert "ais bucket create" in run("ais", "search", "CREATE", "bucket", check=0).stdout
    found = json.loads(run("ais", "search", "delete", "--json", check=0).stdout)
    assert {"bucket rm", "object rm"} <= {row["command"] for row in found}
    found = json.loads(run("ais", "search", "--regex", "^(cp|mv)$", "--json", check=0).stdout)
    assert [row["command"] for row in found] == ["object cp", "object mv"]
    assert run("ais", "search", "--regex", "(").returncode == 2
    assert run("ais", "search", "no-such-thing").returncode == 1


@pytest.mark.parametrize("line, wanted", [
    ("buckt", 'did you mean "ais bucket"?'), ("show clutser", 'did you mean "ais show cluster"?'),
    ("bucket props st", 'did you mean "ais bucket props set"?'), ("put a b --recursiv", 'did you mean "--recursive"?'),
    ("ls --jsn", 'did you mean "--json"?'), ("show", '"ais show" needs one of these commands'), ("ls --units parsec", "iec, si, raw"),
    ("ls --limit", "needs a value")])
def test_slips_are_explained(line, wanted):
    slip = run("ais", *line.split())
    assert slip.returncode == 2 and wanted in slip.stderr and not slip.stdout


def test_help_in_all_forms():
    for arguments in (["help", "bucket", "rm"], ["bucket", "rm", "--help"], ["rmb", "-h"], ["help", "rmb"]):
        assert run("ais", *arguments, check=0).stdout.startswith("Destroy buckets"), arguments
    assert "bucket create" in run("ais", "help", "bucket", check=0).stdout
    assert run("ais", check=0).stdout == run("ais", "--help", check=0).stdout


def test_units(run_tool, bucket, tmp_path):
    (tmp_path / "f").write_bytes(b"x" * 2_000_000)
    assert run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}/f").returncode == 0
    for units, wanted in (("iec", "1.91MiB"), ("si", "2.00MB"), ("raw", "2000000")):
        assert wanted in run_tool("ais", "ls", f"ais://{bucket}", "--units", units).stdout, units


def test_it_starts_at_once():
    """The best of many runs: what the program needs, not what else the machine does."""
    def seconds(*arguments):
        begin = time.monotonic()
        subprocess.run([pathlib.Path(BUILD) / "bin/ais", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.monotonic() - begin
    for arguments in (["--version"], ["ls", "--endpoint", "http://127.0.0.1:1"], ["__complete", "fish", ""]):
        assert min(seconds(*arguments) for _ in range(20)) < 0.02, arguments

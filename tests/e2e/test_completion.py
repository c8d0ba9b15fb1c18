"""TAB completion in real shells on a pty, against a real cluster. After TAB the line is not run but given to a function that prints the
words it got, so that quoting is judged by the shell itself."""
import os
import re
import shlex
import socket
import time
import urllib.parse

import pexpect
import pytest
import wire
from conftest import BUILD, create_bucket, destroy_bucket

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='READY''> '",
             "words() { printf '<<'; printf '[%s]' \"$@\"; printf '>>\\n'; }; bind 'set enable-bracketed-paste off'; "
             "source <(ais completion bash)"),
    "zsh": (["zsh", "-f", "-i"], "PS1='READY''> '; unsetopt zle_bracketed_paste",
            "words() { printf '<<'; printf '[%s]' \"$@\"; printf '>>\\n'; }; autoload -U compinit && compinit -D -u; "
            "source <(ais completion zsh)"),
    "fish": (["fish", "--no-config", "-i"], "function fish_prompt; echo -n 'READY''> '; end",
             "function words; printf '<<'; printf '[%s]' $argv; printf '>>\\n'; end; ais completion fish | source"),
}
NAMES = ["a/plain", "b/with space", "c/it's", 'd/dq"x', "e/dollar$HOME", "f/back\\slash", "g/日本語", "h/-dash", "i/semi;colon&", "j/star*[x]",
         "k/colon:equals=", "l/deep/er/leaf", "~tilde", "#hash", "m/bang!x"]


class Shell:
    def __init__(self, kind, home, endpoint):
        command, prompt, setup = SHELLS[kind]
        environment = {**os.environ, "PATH": f"{BUILD.resolve()}/bin:{os.environ['PATH']}", "HOME": str(home), "TERM": "xterm",
                       "AIS_ENDPOINT": endpoint, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(home / ".config")}
        self.kind = kind
        self.child = pexpect.spawn(command[0], command[1:], env=environment, cwd=str(home), encoding="utf-8", timeout=20,
                                   dimensions=(50, 300))
        self.child.delaybeforesend = None
        for line in (prompt, setup):
            self.run(line)

    def run(self, line):
        """Runs a line and waits until its end."""
        self.child.sendline(line + "; printf 'do''ne-%s\\n' here")
        self.child.expect("done-here")
        self.child.expect("READY> ")

    def complete(self, line):
        """The words of the line after TAB."""
        self.child.send(line + "\t")
        self.child.send("\x01words ")
        self.child.sendline("")
        self.child.expect(r"<<(\[.*?\])>>\r?\n")
        words = self.child.match.group(1)
        self.child.expect("READY> ")
        return words

    def offers(self, line, *wanted):
        """TAB lists these words (several match, so nothing more is inserted)."""
        self.child.send(line + "\t\t")
        for word in sorted(wanted):
            self.child.expect(re.escape(word))
        self.child.send("\x15")
        self.run("true")


@pytest.fixture(scope="module")
def filled(cluster):
    """A bucket with odd names in it."""
    name = "completion-odd"
    create_bucket(cluster.endpoint, name)
    for suffix in ("one", "two"):
        create_bucket(cluster.endpoint, "completion-" + suffix)
    for number, object_name in enumerate([*NAMES, "n/new\nline"]):
        wire.put(cluster, name, urllib.parse.quote(object_name), b"x" * number)
    yield name
    for bucket in (name, "completion-one", "completion-two"):
        destroy_bucket(cluster.endpoint, bucket)


@pytest.fixture(scope="module", params=SHELLS)
def shell(request, cluster, filled, tmp_path_factory):
    home = tmp_path_factory.mktemp(request.param)
    (home / "local file.bin").write_bytes(b"x")
    (home / "folder").mkdir()
    running = Shell(request.param, home, cluster.endpoint)
    yield running
    running.child.close(force=True)


def test_commands_and_flags(shell):
    assert shell.complete("ais show clu") == "[ais][show][cluster]"
    assert shell.complete("ais buck") == "[ais][bucket]"
    assert shell.complete("ais put --recu") == "[ais][put][--recursive]"
    assert shell.complete("ais show log t1 --severity err") == "[ais][show][log][t1][--severity][error]"
    assert shell.complete("ais ls --props=si") == "[ais][ls][--props=size]"
    assert shell.complete("ais completion fi") == "[ais][completion][fish]"
    assert shell.complete("ais frobnicate x") == "[ais][frobnicate][x]"
    shell.offers("ais bucket props ", "reset", "set", "show")


def test_bucket_names(shell):
    assert shell.complete("ais rmb ais://completion-od") == "[ais][rmb][ais://completion-odd]"
    assert shell.complete("ais ls ais://completion-od") == "[ais][ls][ais://completion-odd/]"
    assert shell.complete("ais rmb ais://completion-") == "[ais][rmb][ais://completion-]"
    shell.offers("ais rmb ais://completion-", "-odd", "-one", "-two")  # fish shortens what all have


@pytest.mark.parametrize("name", NAMES)
def test_object_names(shell, filled, name):
    folder, slash, leaf = name.partition("/")
    typed = folder + slash if slash else name[1:3]
    if slash and leaf.startswith("deep"):
        assert shell.complete(f"ais cat ais://{filled}/l/de") == f"[ais][cat][ais://{filled}/l/deep/]"
        assert shell.complete(f"ais cat ais://{filled}/l/deep/er/l") == f"[ais][cat][ais://{filled}/{name}]"
        return
    if not slash:
        typed = "\\" + name[0]
    assert shell.complete(f"ais cat ais://{filled}/{typed}") == f"[ais][cat][ais://{filled}/{name}]"


def test_a_name_with_a_newline_is_left_out(shell, filled):
    assert shell.complete(f"ais cat ais://{filled}/n/") == f"[ais][cat][ais://{filled}/n/]"


def test_inside_quotes(shell, filled):
    assert shell.complete(f"ais cat 'ais://{filled}/b/w") == f"[ais][cat][ais://{filled}/b/with space]"
    assert shell.complete(f'ais cat "ais://{filled}/e/d') == f"[ais][cat][ais://{filled}/e/dollar$HOME]"


def test_quotes_stay_open_behind_what_goes_on(shell, filled):
    """The only candidate is a bucket with its slash: what is below is completed in the same quotes."""
    assert filled == "completion-odd"
    for quote in "'\"":
        assert shell.complete(f"ais cat {quote}ais://completion-od\tb/w") == f"[ais][cat][ais://{filled}/b/with space]", quote


def test_nodes(shell, cluster):
    target = next(node.id for node in cluster.nodes if node.id.startswith("t"))
    others = [node.id for node in cluster.nodes if node.id != target]
    length = next(n for n in range(1, len(target) + 1) if not any(other.startswith(target[:n]) for other in others))
    assert shell.complete("ais show log " + target[:length]) == f"[ais][show][log][{target}]"


def test_local_files(shell):
    assert shell.complete("ais put loc") == "[ais][put][local file.bin]"
    folder = "folder" if shell.kind == "zsh" else "folder/"  # zsh takes the slash away again when nothing follows it
    assert shell.complete("ais put fol") == f"[ais][put][{folder}]"


def test_aliases(shell, filled):
    shell.run("ais alias set peek 'object cat'")
    assert shell.complete("ais pee") == "[ais][peek]"
    assert shell.complete(f"ais peek ais://{filled}/a/") == f"[ais][peek][ais://{filled}/a/plain]"
    assert shell.complete("ais alias rm pe") == "[ais][alias][rm][peek]"


def test_endpoint_of_the_line(shell):
    assert shell.complete("ais rmb --endpoint http://127.0.0.1:1 ais://completion-od") == \
        "[ais][rmb][--endpoint][http://127.0.0.1:1][ais://completion-od]"


def test_answers_without_a_shell(run_tool, cluster, filled):
    def lines(*words):
        run = run_tool("ais", "__complete", "fish", *words)
        assert run.returncode == 0 and not run.stderr
        return run.stdout.splitlines()
    assert any(line.startswith("cluster\tShow ") for line in lines("show", ""))
    assert f"ais://{filled}" in lines("rmb", "")
    assert lines("cat", f"ais://{filled}/l/") == [f"ais://{filled}/l/deep/"]
    assert {line.split("\t")[0] for line in lines("show", "log", "")} == {node.id for node in cluster.nodes}
    assert lines("put", "") == [":files"]
    assert ":files" in lines("put", "x", "") and f"ais://{filled}/" in lines("put", "x", "")
    assert "checksum.type=" in lines("bucket", "props", "set", "ais://b", "checksum.t")
    assert lines("bucket", "props", "set", "ais://b", "versioning.enabled=f") == ["versioning.enabled=false"]
    assert "periodic" in lines("show", "config", "per")
    assert lines("ls", "ais://no-such-bucket/") == []
    assert "--yes\tdo not ask before destroying things" in lines("rmb", "--y")
    assert lines("ls", "--", "--y") == []


def test_dead_gateways_do_not_hang(run_tool):
    """One that refuses, one that accepts and says nothing, and no address at all: silence, soon."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = f"http://127.0.0.1:{mute.getsockname()[1]}"
        for endpoint in ("http://127.0.0.1:1", silent, "http://no.such.host.invalid:8080", "nonsense://"):
            begin = time.monotonic()
            run = run_tool("ais", "__complete", "fish", "rmb", "ais://", endpoint=endpoint)
            assert (run.returncode, run.stdout, run.stderr) == (0, "", ""), endpoint
            assert time.monotonic() - begin < 4, endpoint


def test_garbage_is_answered_with_silence(run_tool):
    for arguments in ([], ["nosuchshell"], ["bash"], ["bash", "ais 'x", " "], ["bash", "", ""], ["fish", "\udcff\udcfe"],
                      ["zsh", "--", "--", "-"], ["fish", *["x"] * 5000], ["bash", "ais " + "\\" * 9999, ":"]):
        run = run_tool("ais", "__complete", *arguments)
        assert run.returncode == 0 and not run.stderr, (arguments[:3], run.stderr)


def test_unknown_shell_is_a_usage_error(run_tool):
    wrong = run_tool("ais", "completion", "tcsh")
    assert wrong.returncode == 2 and "bash, zsh, fish" in wrong.stderr
    assert shlex.split("complete -F _ais ais") == run_tool("ais", "completion", "bash").stdout.splitlines()[-1].split()

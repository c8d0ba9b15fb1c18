"""The tools with bytes and files that are unlike others."""
import glob
import json
import os
import pathlib
import shutil
import signal
import subprocess

import pytest
from conftest import BUILD
from local_cluster import wait_until
from test_cli_data import names_of, succeed


def test_new_names_may_be_any_bytes(run_tool, bucket, tmp_path):
    for name in [b"\xe8", b"\xe9"]:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    succeed(run_tool("ais", "put", tmp_path, f"ais://{bucket}/lat/"))
    succeed(run_tool("ais", "mv", f"ais://{bucket}/lat/", f"ais://{bucket}/tal/", "--yes"))
    assert names_of(run_tool, f"ais://{bucket}/lat/") == []
    succeed(run_tool("ais", "get", f"ais://{bucket}/tal/", tmp_path / "back"))
    for name in [b"\xe8", b"\xe9"]:
        assert (tmp_path / "back" / os.fsdecode(name)).read_bytes() == name


@pytest.mark.parametrize("byte", ["\x01", "\x08", "\x0b", "\x1b", "\x7f", "\t", "\n"])
def test_control_bytes_in_names_can_be_shown(run_tool, bucket, byte):
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/a{byte}b", stdin="q"))
    assert json.loads(succeed(run_tool("ais", "object", "show", f"ais://{bucket}/a{byte}b", "--json")))["size"] == 1


def test_a_file_that_says_it_is_empty(run_tool, bucket):
    succeed(run_tool("ais", "put", "/proc/version", f"ais://{bucket}/version"))
    with open("/proc/version", encoding="utf-8") as version:
        assert succeed(run_tool("ais", "cat", f"ais://{bucket}/version")) == version.read()


@pytest.mark.parametrize("flag", ["--yes", "--json", "--no-headers"])
def test_flags_of_an_alias_belong_in_its_quotes(run_tool, tmp_path, flag):
    run = run_tool("ais", "alias", "set", "mine", "ls", flag, XDG_CONFIG_HOME=str(tmp_path))
    assert run.returncode == 2 and "in its quotes" in run.stderr, run
    succeed(run_tool("ais", "alias", "set", "mine", f"ls {flag}", XDG_CONFIG_HOME=str(tmp_path)))


def test_aliases_that_cannot_be_read_are_reset(run_tool, tmp_path):
    file = tmp_path / "ais/aliases.json"
    file.parent.mkdir()
    for text in ["{", "[]", '{"aliases":{"x":1}}', '{"aliases":[]}']:
        file.write_text(text)
        run = run_tool("ais", "alias", "set", "mine", "ls", XDG_CONFIG_HOME=str(tmp_path))
        assert run.returncode == 1 and str(file) in run.stderr and file.read_text() == text, run
        assert str(file) in succeed(run_tool("ais", "alias", "reset", "--dry-run", XDG_CONFIG_HOME=str(tmp_path)))
        run = run_tool("ais", "alias", "reset", XDG_CONFIG_HOME=str(tmp_path))
        assert run.returncode == 2 and "--yes" in run.stderr and file.read_text() == text, run
        succeed(run_tool("ais", "alias", "reset", "--yes", XDG_CONFIG_HOME=str(tmp_path)))
        assert json.loads(succeed(run_tool("ais", "alias", "ls", "--json", XDG_CONFIG_HOME=str(tmp_path)))) == []


def test_buckets_with_a_nul_behind_each(run_tool, bucket):
    text = succeed(run_tool("ais", "ls", "-0"))
    assert f"ais://{bucket}" in text.split("\0") and "\n" not in text and text.endswith("\0")


@pytest.mark.parametrize("pair", ["k=a\nb", "k\t=v", "k=\x7f"])
def test_custom_metadata_has_no_control_characters(run_tool, bucket, pair):
    run = run_tool("ais", "put", "-", f"ais://{bucket}/o", "--custom", pair, stdin="q")
    assert run.returncode == 2 and "control character" in run.stderr, run
    assert names_of(run_tool, f"ais://{bucket}") == []


@pytest.mark.parametrize("command", ["mv", "cp"])
def test_new_names_that_meet_old_ones_are_refused(run_tool, bucket, command):
    names = [f"ch/{'a/' * depth}v" for depth in range(1, 6)]
    for name in names:
        succeed(run_tool("ais", "put", "-", f"ais://{bucket}/{name}", stdin=name))
    where = f"ais://{bucket}/ch/"
    for words in [[where + "a/", where], [where + "a/a/", where]]:
        run = run_tool("ais", command, *words, *(["--yes"] if command == "mv" else []))
        assert run.returncode == 2 and "another place" in run.stderr and run.stdout == "", run
    for name in names:
        assert succeed(run_tool("ais", "cat", f"ais://{bucket}/{name}")) == name
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/flat/in/x/in", stdin="q"))
    succeed(run_tool("ais", command, f"ais://{bucket}/flat/in/", f"ais://{bucket}/flat/", *(["--yes"] if command == "mv" else [])))
    assert succeed(run_tool("ais", "cat", f"ais://{bucket}/flat/x/in")) == "q"


@pytest.mark.parametrize("command", ["mv", "cp"])
def test_named_objects_do_not_take_each_others_names(run_tool, bucket, command):
    for name in ["a/v", "a/a/v"]:
        succeed(run_tool("ais", "put", "-", f"ais://{bucket}/{name}", stdin=name))
    to = f"ais://{bucket}/a/"
    for words in [[f"ais://{bucket}/a/v", f"ais://{bucket}/a/a/v", to], [f"ais://{bucket}", to, "--list", "a/v,a/a/v"]]:
        run = run_tool("ais", command, *words, *(["--yes"] if command == "mv" else []))
        assert run.returncode == 2 and "one of the new names" in run.stderr, run
    for name in ["a/v", "a/a/v"]:
        assert succeed(run_tool("ais", "cat", f"ais://{bucket}/{name}")) == name


def test_a_copy_in_front_of_its_own_prefix_is_refused_when_it_would_meet_itself(run_tool, bucket):
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/aab", stdin="q"))
    run = run_tool("ais", "cp", f"ais://{bucket}", "--prefix", "aa", f"ais://{bucket}", "--prepend", "a")
    assert run.returncode == 2 and "another place" in run.stderr, run
    assert names_of(run_tool, f"ais://{bucket}") == ["aab"]
    succeed(run_tool("ais", "cp", f"ais://{bucket}", "--prefix", "aa", f"ais://{bucket}", "--prepend", "b"))
    assert names_of(run_tool, f"ais://{bucket}") == ["aab", "baab"]
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/d/t/tx", stdin="q"))
    run = run_tool("ais", "mv", f"ais://{bucket}/d/t/", "--template", "t", "d/", "--yes")  # to d/tx: none of them begins with d/t/t
    assert run.returncode == 0 and "d/tx" in names_of(run_tool, f"ais://{bucket}"), run
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/d/t/t/tx", stdin="q"))
    run = run_tool("ais", "mv", f"ais://{bucket}/d/t/", "--template", "t", "d/", "--yes")  # to d/t/tx, which would be one of them
    assert run.returncode == 2 and "another place" in run.stderr and "d/t/t/tx" in names_of(run_tool, f"ais://{bucket}"), run


@pytest.mark.parametrize("words", [["rmo", "--prefix", ""], ["cp", "--prefix", ""], ["get", "--prefix", ""]])
def test_a_limit_of_nothing_is_refused(run_tool, bucket, words):
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/o", stdin="q"))
    more = {"rmo": ["--yes"], "cp": [f"ais://{bucket}-2"], "get": ["/dev/null"]}[words[0]]
    run = run_tool("ais", words[0], f"ais://{bucket}", *more, *words[1:], "-n", "0")
    assert run.returncode == 2 and "--limit 0" in run.stderr, run
    assert names_of(run_tool, f"ais://{bucket}") == ["o"]
    run = run_tool("ais", "show", "cluster", "--refresh", "100ms", "--count", "0")
    assert run.returncode == 2 and "--count" in run.stderr, run


def test_a_dry_run_does_not_promise_what_will_fail(run_tool, bucket, tmp_path):
    (tmp_path / "f").write_text("x")
    missing = f"ais://{bucket}/missing"
    for words in [["put", tmp_path / "f", "ais://no-such-bucket/f"], ["create", f"ais://{bucket}"], ["rmo", missing],
                  ["mv", missing, "new"], ["cp", missing, f"ais://{bucket}/new"]]:
        run = run_tool("ais", *words, "--dry-run")
        assert run.returncode == 1 and "exist" in run.stderr and "would" not in run.stdout, run
    succeed(run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}/f"))
    for words in [["create", f"ais://{bucket}-new"], ["rmo", f"ais://{bucket}/f"], ["mv", f"ais://{bucket}/f", "new"]]:
        assert "would" in succeed(run_tool("ais", *words, "--dry-run"))


def test_a_bucket_that_existed_is_not_told_as_created(run_tool, bucket):
    assert succeed(run_tool("ais", "create", f"ais://{bucket}", "--exist-ok")) == f"bucket ais://{bucket} exists already\n"
    assert json.loads(succeed(run_tool("ais", "create", f"ais://{bucket}", "--exist-ok", "--json"))) == [
        {"bucket": f"ais://{bucket}", "ok": True, "existed": True}]


def test_folders_that_are_left_out_are_told(run_tool, bucket, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/deep").write_text("x")
    (tmp_path / "top").write_text("x")
    run = run_tool("ais", "put", tmp_path, f"ais://{bucket}")
    assert run.returncode == 0 and "left out 1 subfolder" in run.stderr and names_of(run_tool, f"ais://{bucket}") == ["top"]
    assert run_tool("ais", "put", "-r", tmp_path, f"ais://{bucket}").stderr == ""


def test_the_log_of_a_node_that_is_away(run_tool, make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    node = cluster.targets[0]
    node.kill()
    for words in [["show", "log", node.id], ["log", "get", node.id, "-"], ["show", "config", node.id], ["log", "rotate", node.id]]:
        run = run_tool("ais", *words, AIS_ENDPOINT=cluster.endpoint)
        assert run.returncode == 1 and f"cannot reach {node.id}" in run.stderr and "endpoint" not in run.stderr, run


def test_a_signal_during_the_last_pipe_is_no_end_of_it(cluster, run_tool, bucket, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    put = subprocess.Popen([BUILD / "bin/ais", "put", pipe, f"ais://{bucket}/o", "--json"], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True, env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    try:
        with open(pipe, "wb") as end:
            end.write(b"content")
            wait_until(lambda: asleep(put.pid), 10, "all but the end of the pipe is there")
            put.send_signal(signal.SIGINT)
        out, errors = put.communicate(timeout=20)
    finally:
        put.kill()
    assert put.returncode == 130 and json.loads(out)["interrupted"], (out, errors)
    assert run_tool("ais", "cat", f"ais://{bucket}/o").returncode == 1


def asleep(pid):
    """Whether no thread of the process has anything to do."""
    states = [pathlib.Path(task, "stat").read_text().rsplit(")", 1)[1].split()[0] for task in glob.glob(f"/proc/{pid}/task/*")]
    return states.count("S") == len(states)


def test_a_log_without_lines_is_a_document(run_tool, cluster):
    node = cluster.targets[0].id
    succeed(run_tool("ais", "log", "rotate", node))  # other tests may have left errors in it
    run = succeed(run_tool("ais", "show", "log", node, "--severity", "error", "--json"))
    assert json.loads(run)["log"] == ""


def test_a_report_that_cannot_be_written_is_told_first(run_tool, bucket, tmp_path):
    report = tmp_path / "none" / "x.html"
    run = run_tool("aisloader", "--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "1h", "--report", report)
    assert run.returncode == 1 and "--report" in run.stderr and "No such file" in run.stderr, run


@pytest.mark.parametrize("tool", ["ais", "aisloader"])
def test_the_script_of_zsh_can_be_sourced(tool):
    if not shutil.which("zsh"):
        pytest.skip("no zsh here")
    text = f'autoload -U compinit; compinit -D; source <({BUILD}/bin/{tool} completion zsh); print -n -- "[${{_comps[{tool}]}}]"'
    run = subprocess.run(["zsh", "-fc", text], capture_output=True, text=True, timeout=60)
    assert run.stdout == f"[_{tool}]" and not run.stderr, run


def test_appends_at_the_same_time_lose_nothing(build, cluster, run_tool, bucket):
    environment = {**os.environ, "AIS_ENDPOINT": cluster.endpoint}
    runs = [subprocess.Popen([build / "bin/ais", "append", "-", f"ais://{bucket}/o"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, env=environment) for _ in range(8)]
    errors = [run.communicate(f"{number}", timeout=60)[1] for number, run in enumerate(runs)]
    done = [str(number) for number, run in enumerate(runs) if run.returncode == 0]
    assert sorted(succeed(run_tool("ais", "cat", f"ais://{bucket}/o"))) == done and done
    assert all("has changed since the append began" in error for error, run in zip(errors, runs) if run.returncode != 0), errors

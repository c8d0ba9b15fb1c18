"""The tools with bytes and files that are unlike others."""
import json
import os
import shutil
import subprocess

import pytest
from conftest import BUILD
from test_cli_data import names_of, succeed


def test_a_new_name_that_is_not_utf8_is_refused(run_tool, bucket, tmp_path):
    for name in [b"\xe8", b"\xe9"]:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    succeed(run_tool("ais", "put", tmp_path, f"ais://{bucket}/lat/"))
    run = run_tool("ais", "mv", f"ais://{bucket}/lat/", f"ais://{bucket}/tal/", "--yes", "--json")
    assert run.returncode == 1 and json.loads(run.stdout)["failed"] == 2, run
    assert "not UTF-8" in run.stdout
    assert len(names_of(run_tool, f"ais://{bucket}/lat/")) == 2
    assert names_of(run_tool, f"ais://{bucket}/tal/") == []


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

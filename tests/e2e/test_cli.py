"""The tools as people and scripts use them: `ais` and `aisloader` against a real cluster."""
import filecmp
import json
import os
import subprocess

import pytest
import wire
from conftest import BUILD


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


def test_bucket_life(run_tool):
    succeed(run_tool("ais", "bucket", "create", "ais://cli-life"))
    assert "ais://cli-life" in succeed(run_tool("ais", "ls"))
    again = run_tool("ais", "create", "ais://cli-life")
    assert again.returncode == 1 and 'bucket "ais://cli-life" already exists' in again.stderr and not again.stdout
    succeed(run_tool("ais", "bucket", "props", "set", "ais://cli-life", "versioning.enabled=false"))
    assert "versioning.enabled" in succeed(run_tool("ais", "bucket", "props", "show", "ais://cli-life"))
    succeed(run_tool("ais", "bucket", "rm", "ais://cli-life", "--yes"))
    gone = run_tool("ais", "ls", "ais://cli-life")
    assert gone.returncode == 1 and "does not exist" in gone.stderr


def test_files(run_tool, bucket, tmp_path):
    source = tmp_path / "in"
    (source / "deep/er").mkdir(parents=True)
    for i in range(30):
        (source / f"deep/f{i:02}").write_bytes(os.urandom(i * 1000))
    (source / "deep/er/large").write_bytes(os.urandom(3_000_000))
    (source / "empty").write_bytes(b"")
    succeed(run_tool("ais", "put", source, f"ais://{bucket}/data", "--recursive"))
    listed = succeed(run_tool("ais", "ls", f"ais://{bucket}", "--name-only")).split()
    assert len([name for name in listed if "deep" in name or name.endswith("empty")]) == 32
    names = [entry["name"] for entry in json.loads(succeed(run_tool("ais", "ls", f"ais://{bucket}", "--json")))]
    one = next(name for name in names if name.endswith("er/large"))
    succeed(run_tool("ais", "get", f"ais://{bucket}/{one}", tmp_path / "out", "--check"))
    assert filecmp.cmp(source / "deep/er/large", tmp_path / "out", shallow=False)
    missing = run_tool("ais", "get", f"ais://{bucket}/nothing", tmp_path / "never")
    assert missing.returncode == 1 and not (tmp_path / "never").exists()


def test_object_commands(run_tool, bucket, tmp_path):
    (tmp_path / "f").write_text("some text\n")
    succeed(run_tool("ais", "put", tmp_path / "f", f"ais://{bucket}/a"))
    assert succeed(run_tool("ais", "cat", f"ais://{bucket}/a")) == "some text\n"
    succeed(run_tool("ais", "object", "cp", f"ais://{bucket}/a", f"ais://{bucket}/b"))
    succeed(run_tool("ais", "object", "mv", f"ais://{bucket}/b", f"ais://{bucket}/c"))
    assert "10" in succeed(run_tool("ais", "object", "show", f"ais://{bucket}/c"))
    succeed(run_tool("ais", "object", "rm", f"ais://{bucket}/c", "--yes"))
    assert run_tool("ais", "cat", f"ais://{bucket}/c").returncode == 1
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/stdin", stdin="from a pipe"))
    assert succeed(run_tool("ais", "get", f"ais://{bucket}/stdin", "-")) == "from a pipe"


def test_show_cluster(run_tool, cluster):
    text = succeed(run_tool("ais", "show", "cluster"))
    assert all(node.id in text for node in cluster.nodes)
    assert json.loads(succeed(run_tool("ais", "show", "cluster", "--json")))
    assert "\x1b[" not in text
    assert "periodic.retry_sync_time" in succeed(run_tool("ais", "show", "config"))


def test_config(run_tool, cluster):
    succeed(run_tool("ais", "config", "cluster", "periodic.retry_sync_time=7s"))
    assert wire.request(cluster.endpoint, "GET", "/v1/cluster?what=cluster_config").json()["periodic"]["retry_sync_time"] == "7s"
    bad = run_tool("ais", "config", "cluster", "nonsense.field=1")
    assert bad.returncode == 1 and "nonsense" in bad.stderr
    succeed(run_tool("ais", "config", "cluster", "reset", "--yes"))


def test_usage_errors_are_2_and_suggest(run_tool):
    wrong = run_tool("ais", "buckt", "create")
    assert wrong.returncode == 2 and "bucket" in wrong.stderr
    assert run_tool("ais", "ls", "--no-such-flag").returncode == 2
    assert run_tool("ais", "--help").returncode == 0
    down = run_tool("ais", "ls", endpoint="http://127.0.0.1:1")
    assert down.returncode == 1 and down.stderr


def loader(cluster, *arguments):
    run = subprocess.run([BUILD / "bin/aisloader", "--endpoint", cluster.endpoint, "--json", *arguments], capture_output=True, text=True,
                         timeout=60)
    assert run.returncode == 0, (run.stdout, run.stderr)
    return json.loads(run.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("sizes", [("4KiB", "4KiB"), ("1KiB", "2MiB")])
def test_loader(cluster, sizes):
    name = f"ais://loader-{sizes[1].lower()}"
    report = loader(cluster, "--bucket", name, "--duration", "2s", "--numworkers", "8", "--pctput", "50", "--minsize", sizes[0],
                    "--maxsize", sizes[1], "--verify-hash", "--seed", "7", "--cleanup")
    assert report["put"]["ops"] > 0 and report["get"]["ops"] > 0
    assert not report["errors"]
    left = wire.request(cluster.endpoint, "GET", "/v1/buckets?provider=ais", {"action": "list", "name": "", "value": None}).json()
    assert name.removeprefix("ais://") not in [b["name"] for b in left]

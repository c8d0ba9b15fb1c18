"""`ais config`, `show config` and the properties of buckets against a real cluster."""
import json
import os
import re
import subprocess

from conftest import BUILD


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


def test_show_config(run_tool, cluster):
    target = cluster.targets[0].id
    whole = json.loads(succeed(run_tool("ais", "show", "config", "cluster", "--json")))
    assert whole["log"] == json.loads(succeed(run_tool("ais", "config", "show", "log", "--json")))
    assert succeed(run_tool("ais", "show", "config", "log.level")).split() == ["PROPERTY", "VALUE", "log.level", "3"]
    assert "periodic.retry_sync_time" in succeed(run_tool("ais", "show", "config", "cluster", "perio"))
    local = succeed(run_tool("ais", "show", "config", target, "local"))
    assert "confdir" in local and "periodic" not in local
    inherited = succeed(run_tool("ais", "show", "config", target, "inherited"))
    assert "confdir" not in inherited and "periodic.retry_sync_time" in inherited
    assert "host_net.port" in succeed(run_tool("ais", "show", "config", "--node", target))
    wrong = run_tool("ais", "show", "config", "cluster", "peroidic")
    assert wrong.returncode == 2 and 'did you mean "periodic"' in wrong.stderr


def test_change_node_config(run_tool, cluster):
    target = cluster.targets[0].id
    try:
        would = succeed(run_tool("ais", "config", "node", target, "log.level=4", "--dry-run"))
        assert "would be changed" in would
        assert "log.level  3" in succeed(run_tool("ais", "config", "node", target, "log.level"))
        text = succeed(run_tool("ais", "config", "node", target, "inherited", "log.level", "4"))
        assert re.search(r"log\.level +4 +3", text), text
        assert re.search(r"log\.level +4 +3", succeed(run_tool("ais", "show", "config", target, "inherited", "log.level")))
        assert run_tool("ais", "config", "node", target, "checksum.type=md5").returncode == 1  # of the cluster alone
    finally:
        succeed(run_tool("ais", "config", "reset", target, "--yes"))
    assert "log.level  3" in succeed(run_tool("ais", "config", "node", target, "log.level"))


def test_change_cluster_config(run_tool, cluster):
    try:
        values = ["log.level=4", "periodic.retry_sync_time=7s"]
        changed = json.loads(succeed(run_tool("ais", "config", "cluster", *values, "--transient", "--json")))
        assert changed["changed"] == {"log.level": "4", "periodic.retry_sync_time": "7s"} and changed["transient"] is True
        assert changed["before"]["log.level"] == "3"
        bad = run_tool("ais", "config", "cluster", "log.levle=4")
        assert bad.returncode == 1 and 'did you mean "log.level"' in bad.stderr
        assert run_tool("ais", "config", "cluster", "mirror.copies=77").returncode == 1
        missing = run_tool("ais", "config", "cluster", "log.level=5", "mirror.enabled=true")
        assert missing.returncode == 1 and "mirror.enabled: mirroring is not there in this version" in missing.stderr
        assert run_tool("ais", "config", "cluster", "net.http.use_https=true", "--transient").returncode == 1
        assert run_tool("ais", "config", "cluster", "reset").returncode == 2  # nobody to ask
    finally:
        succeed(run_tool("ais", "reset", "config", "--yes"))
    assert "2s" in succeed(run_tool("ais", "show", "config", "periodic.retry_sync_time"))


def test_bucket_commands(run_tool, cluster):
    create = ["ais", "bucket", "create", "ais://show-{1..3}", "--props", "checksum.type=sha512 write_policy.md=never"]
    assert succeed(run_tool(*create, "--dry-run")).count("would be created") == 3
    succeed(run_tool(*create))
    assert run_tool("ais", "create", "ais://show-1").returncode == 1
    assert json.loads(succeed(run_tool("ais", "bucket", "show", "ais://show-2", "write_policy", "--json")))["md"] == "never"
    changed = succeed(run_tool("ais", "props", "set", "ais://show-2", '{"checksum": {"type": "md5"}}'))
    assert re.search(r"checksum\.type +md5 +sha512", changed), changed
    assert "versioning.enabled" in succeed(run_tool("ais", "bucket", "props", "set", "ais://show-2", "versioning.enabled", "false"))
    reset = succeed(run_tool("ais", "reset", "props", "ais://show-2", "--yes"))
    assert re.search(r"checksum\.type +xxhash2 +md5", reset), reset
    wrong = run_tool("ais", "show", "bucket", "ais://show-2", "miror")
    assert wrong.returncode == 2 and 'did you mean "mirror"' in wrong.stderr
    assert run_tool("ais", "rmb", "ais://show-{1..3}").returncode == 2  # nobody to ask
    some = run_tool("ais", "bucket", "rm", "ais://show-{1..4}", "--dry-run")
    assert some.returncode == 1 and some.stdout.count("would be destroyed") == 3
    succeed(run_tool("ais", "bucket", "rm", "ais://show-{1..4}", "--yes", "--missing-ok"))
    assert "show-" not in succeed(run_tool("ais", "ls"))


def test_resets_say_what_they_change(make_cluster):
    own = make_cluster(targets=1)

    def ais(*words):
        run = subprocess.run([BUILD / "bin/ais", *words, "--json"], capture_output=True, text=True, timeout=60,
                             env={**os.environ, "AIS_ENDPOINT": own.endpoint})
        assert run.returncode == 0, run
        return json.loads(run.stdout)
    ais("config", "cluster", "log.level=4")
    planned = ais("config", "reset", "--dry-run")
    assert planned["dry_run"] is True and planned["reset"] is True and "changed" not in planned
    done = ais("config", "reset", "--yes")
    assert done["before"]["log.level"] == "4" and done["changed"]["log.level"] != "4", done
    ais("create", "ais://b")
    [planned] = ais("bucket", "props", "set", "ais://b", "checksum.type=md5", "--dry-run")
    assert planned["dry_run"] is True and planned["changed"] == {"checksum.type": "md5"}, planned
    [done] = ais("bucket", "props", "set", "ais://b", "checksum.type=md5")
    assert done == {"bucket": "ais://b", "ok": True, "changed": {"checksum.type": "md5"}, "before": {"checksum.type": "xxhash2"}}
    [done] = ais("bucket", "props", "reset", "ais://b", "--yes")
    assert done["changed"] == {"checksum.type": "xxhash2"} and done["before"] == {"checksum.type": "md5"}, done

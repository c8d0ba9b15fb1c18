"""What a result of aisloader tells, and two of them compared."""
import datetime
import json
import shlex

import pytest
from loader_process import run


def test_a_result_tells_what_was_measured_on_what(cluster, bucket):
    arguments = ["--bucket", f"ais://{bucket}", "--numobjects", "30", "--numepochs", "2", "--json", "--quiet"]
    result = json.loads(run(cluster.endpoint, *arguments)[0])
    assert shlex.split(result["command_line"]) == ["aisloader", *arguments]
    assert result["report"] == "aisloader" and result["loader_version"] and result["objects_put_before"] == 30
    begun, ended = (datetime.datetime.fromisoformat(result[key].replace("Z", "+00:00")) for key in ("begun", "ended"))
    assert abs((ended - begun).total_seconds() - result["seconds"]) <= 1.1
    assert result["cluster"]["version"].startswith("5.0.")
    nodes = {node["id"]: node for node in result["cluster"]["nodes"]}
    assert nodes.keys() == {node.id for node in cluster.nodes}
    assert all(node["cpus"] >= 1 and node["memory_available_bytes"] > 1 << 20 for node in nodes.values())
    for target in cluster.targets:
        assert nodes[target.id]["mountpaths"] == 2 and nodes[target.id]["available_bytes"] > 0
    get = result["get"]
    curve = get["latency_curve_us"]
    assert curve[0][0] == 0 and curve[-1] == [100, get["latency_us"]["max"]] and curve == sorted(curve)
    assert dict(map(tuple, curve))[50] == get["latency_us"]["p50"]
    assert result["total"]["ops"] == get["ops"] == 60 and result["total"]["latency_us"] == get["latency_us"]


def test_compare(cluster, bucket, tmp_path):
    files = {}
    for name, size in [("small", "1K"), ("large", "64K")]:
        files[name] = tmp_path / f"{name}.json"
        files[name].write_text(run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "50", "--maxputs", "100", "--minsize", size,
                                   "--json")[0])
    out, _ = run("", "compare", files["small"], files["large"])
    assert "warning: object size differs: 1KiB and 64KiB" in out
    rows = [line.split() for line in out.splitlines() if line.startswith(("GET", "PUT", "TOTAL"))]
    assert len(rows) == 24 and {row[-1] for row in rows} <= {"a", "b", "same"}
    told = json.loads(run("", "compare", "--json", files["small"], files["large"])[0])
    small, large = (json.loads(path.read_text()) for path in files.values())
    row = next(row for row in told["rows"] if (row["op"], row["measure"]) == ("put", "latency_us.p99"))
    assert (row["a"], row["b"]) == (small["put"]["latency_us"]["p99"], large["put"]["latency_us"]["p99"])
    assert row["ratio"] == pytest.approx(row["b"] / row["a"])
    same, _ = run("", "compare", files["small"], files["small"], "--worse-than", "0")
    assert "warning: object size" not in same and {line.split()[-1] for line in same.splitlines()[4:] if line} == {"same"}
    slow = {**small, "get": {**small["get"], "ops_per_s": small["get"]["ops_per_s"] / 2}}
    (tmp_path / "slow.json").write_text(json.dumps(slow))
    run("", "compare", files["small"], tmp_path / "slow.json")
    run("", "compare", "--worse-than", "50", files["small"], tmp_path / "slow.json", expect=3)
    run("", "compare", "--worse-than", "101", files["small"], tmp_path / "slow.json")
    (tmp_path / "other.json").write_text('{"get": {"ops": 1}}')
    for wrong, status in [([files["small"]], 2), ([files["small"], tmp_path / "other.json"], 1), ([files["small"], tmp_path / "none"], 1),
                          (["--nope", files["small"], files["large"]], 2), ([files["small"], tmp_path], 1)]:
        out, errors = run("", "compare", *wrong, expect=status)
        assert errors.startswith("error: ") and not out

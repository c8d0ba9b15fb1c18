"""aisloader when the cluster, the disk or the user stops it, and when there are not enough descriptors."""
import http.server
import json
import resource
import signal
import threading
import time

import pytest
import wire
from conftest import destroy_bucket
from loader_process import listing, measure, run, start, wait_for_work
from local_cluster import wait_until


def test_a_gateway_that_goes_away(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    measure(cluster.endpoint, "--bucket", "ais://gone", "--pctput", "100", "--maxputs", "20")
    process = start(cluster.endpoint, "--bucket", "ais://gone", "--duration", "3s", "--json", "--statsinterval", "0.2s", "--numworkers",
                    "8")
    try:
        for line in process.stderr:
            if " GET " in line:
                break
        cluster.primary.kill()
        out, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, errors  # measured, errors are part of the result
    result = json.loads(out)
    assert result["get"]["ops"] > 0 and result["get"]["errors"] > 0 and 2.9 < result["seconds"] < 15
    assert set(result["errors"]) <= {"ConnectionFailed", "ConnectionClosed"} and sum(result["errors"].values()) == result["get"]["errors"]
    assert result["get"]["errors"] < 3 * 8 * 15  # it waits longer and longer
    _, errors = run(cluster.endpoint, "--bucket", "ais://gone", expect=1)
    assert "Connection refused" in errors
    run(cluster.endpoint, "--bucket", "ais://gone", "--no-such-flag", expect=2)


def test_a_run_ends_on_time_with_many_workers_and_soon_when_nothing_answers(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    measure(cluster.endpoint, "--bucket", "ais://late", "--pctput", "100", "--maxputs", "20")
    result = measure(cluster.endpoint, "--bucket", "ais://late", "--numworkers", "2000", "--duration", "2s")
    assert 2 <= result["seconds"] < 5 and not result["errors"]
    process = start(cluster.endpoint, "--bucket", "ais://late", "--duration", "1s", "--json", "--statsinterval", "0.2s", "--pctlist", "50",
                    "--numworkers", "8")
    try:
        for line in process.stderr:
            if " GET " in line:
                break
        cluster.primary.signal(signal.SIGSTOP)
        out, errors = process.communicate(timeout=30)  # ten seconds of grace
    finally:
        cluster.primary.signal(signal.SIGCONT)
        process.kill()
    assert process.returncode == 0, errors
    result = json.loads(out)
    assert result["errors"] == {"Timeout": 8} and 10 < result["seconds"] < 15
    assert result["list"]["errors"] + result["get"]["errors"] == 8


def test_nothing_succeeded_is_no_measurement(cluster, bucket, tmp_path):
    (tmp_path / "names").write_text("missing\n")
    out, errors = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--filelist", tmp_path / "names", "--duration", "1s", "--json",
                      expect=1)
    assert "http-404" in json.loads(out)["errors"] and "operations succeeded" in errors


@pytest.mark.parametrize("flag", ["--report", "--stats-output"])
def test_a_full_disk_is_an_error_and_the_result_is_there(cluster, bucket, flag):
    out, errors = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "5", flag, "/dev/full", expect=1)
    assert "PUT" in out and flag in errors and "No space left" in errors
    _, errors = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "5", flag, "/nowhere/x", expect=1)
    assert flag in errors


@pytest.mark.parametrize("answer", ["none", "429"])
def test_a_cluster_in_trouble_is_not_hammered(cluster, bucket, tmp_path, answer):
    asked = []

    class Gateway(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.send_response(200)
            self.send_header("Ais-Bucket-Props", "{}")
            self.end_headers()

        def do_GET(self):
            if not self.path.startswith("/v1/objects/"):
                self.send_error(404)
                return
            asked.append(self.path)
            if answer == "none":
                self.close_connection = True
                return
            self.send_response(429)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass
    (tmp_path / "names").write_text("a\nb\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        run(f"http://127.0.0.1:{server.server_port}", "--bucket", f"ais://{bucket}", "--filelist", tmp_path / "names", "--duration", "2s",
            "--numworkers", "1", expect=1)
        server.shutdown()
    assert 2 <= len(asked) < 30, len(asked)  # 10, 20, 40, ... ms; a lost connection may be tried once more at once


def test_a_directory_is_no_report(cluster, bucket, tmp_path):
    begin = time.monotonic()
    _, errors = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "1m", "--report", tmp_path, expect=1)
    assert "--report" in errors and "Is a directory" in errors and time.monotonic() - begin < 30


def test_objects_without_a_checksum_are_told(cluster, bucket):
    name = ["--bucket", f"ais://{bucket}-plain"]
    measure(cluster.endpoint, *name, "--numobjects", "5", "--bprops", '{"checksum":{"type":"none"}}', "--duration", "100ms")
    result = measure(cluster.endpoint, *name, "--numepochs", "2", "--verify-hash")
    assert result["get"]["ops"] == 10 and result["warnings"] == ["not compared, since the bucket keeps no checksums: 10 objects"]
    destroy_bucket(cluster.endpoint, f"{bucket}-plain")


def test_interrupted_once_tells_its_result_and_twice_ends(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    arguments = ["--bucket", "ais://int", "--pctput", "100", "--duration", "10m", "--json", "--statsinterval", "0.2s"]
    process = start(cluster.endpoint, *arguments)
    try:
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 0 and json.loads(out)["put"]["ops"] > 0
    finally:
        process.kill()
    process = start(cluster.endpoint, *arguments)
    try:
        process.stderr.readline()
        cluster.targets[0].signal(signal.SIGSTOP)  # nothing in flight will end
        process.send_signal(signal.SIGINT)
        wait_until(lambda: not caught(process.pid, signal.SIGINT), 10, "the first signal is taken")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT
    finally:
        process.kill()
        cluster.targets[0].signal(signal.SIGCONT)


def caught(pid, number):
    """Whether the process has a handler for the signal."""
    with open(f"/proc/{pid}/status") as status:
        mask = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
    return bool(mask >> (number - 1) & 1)


def test_lines_come_at_their_interval_in_a_long_run_too(cluster, bucket):
    process = start(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "10m", "--json", "--statsinterval",
                    "0.2s")
    try:
        lines = [process.stderr.readline() for _ in range(6)]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert 1 < float(lines[-1].split("s")[0]) < 4, lines  # in seconds


def test_interrupted_it_cleans_up(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    measure(cluster.endpoint, "--bucket", "ais://kept", "--pctput", "100", "--maxputs", "7", "--seed", "1")
    for name in ["kept", "made"]:
        process = start(cluster.endpoint, "--bucket", f"ais://{name}", "--pctput", "50", "--duration", "10m", "--json", "--statsinterval",
                        "0.2s", "--seed", "2", "--cleanup")
        try:
            wait_for_work(process)
            assert name == "made" or len(listing(cluster.endpoint, name)) > 7
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == 0 and json.loads(out)["put"]["ops"] > 0, errors
    assert len(listing(cluster.endpoint, "kept")) == 7
    assert wire.request(cluster.endpoint, "HEAD", "/v1/buckets/made?provider=ais").status == 404


@pytest.mark.parametrize("pace", [[], ["--rate", "300"]], ids=["closed", "open"])
def test_a_cluster_that_dies_is_counted_by_kind_and_the_run_ends_in_time(make_cluster, pace):
    cluster = make_cluster(targets=1, proxies=1)
    measure(cluster.endpoint, "--bucket", "ais://dead", "--pctput", "100", "--maxputs", "20", "--seed", "1")
    process = start(cluster.endpoint, "--bucket", "ais://dead", "--pctput", "30", "--pctlist", "20", "--duration", "3s", "--json",
                    "--statsinterval", "0.2s", *pace)
    try:
        wait_for_work(process)
        for node in cluster.nodes:
            node.kill()
        out, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    result = json.loads(out)
    assert process.returncode == 0 and 3 <= result["seconds"] < 10, errors
    assert set(result["errors"]) <= {"ConnectionFailed", "ConnectionClosed"}
    assert sum(result["errors"].values()) == sum(result[kind]["errors"] for kind in ["get", "put", "list"]) > 0


def test_a_bucket_that_is_only_read_is_not_made(cluster, bucket):
    for arguments in [[], ["--list-objects"]]:
        _, errors = run(cluster.endpoint, "--bucket", f"ais://{bucket}-typo", "--duration", "1s", *arguments, expect=1)
        assert f"{bucket}-typo does not exist" in errors
        assert wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}-typo?provider=ais").status == 404


def test_thousands_of_connections_on_two_threads(cluster, bucket):
    def limit(soft, hard):
        return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "100")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < 8192:
        pytest.skip("the hard limit of open files is low")
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--numworkers", "2000", "--threads", "2", "--numepochs", "100",
                     preexec_fn=limit(1024, hard))
    assert result["get"]["ops"] == 10_000 and not result["errors"]
    _, errors = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--numworkers", "2000", expect=1, preexec_fn=limit(500, 500))
    assert "ulimit -n" in errors

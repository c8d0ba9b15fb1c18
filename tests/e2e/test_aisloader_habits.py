"""aisloader as users of the original loader type it: a bucket of its own, flags that are taken or refused, checksums, traces."""
import hashlib
import json
import re
import signal
import urllib.parse

import pytest
import wire
from loader_process import Recorder, body_of, listing, measure, run, start, wait_for_work


def bucket_exists(endpoint, uri):
    return wire.request(endpoint, "HEAD", f"/v1/buckets/{uri.removeprefix('ais://')}?provider=ais").status == 200


def buckets(endpoint):
    answer = wire.request(endpoint, "GET", "/v1/buckets?provider=ais", {"action": "list", "name": "", "value": None})
    assert answer.status == 200, answer
    return sorted(bucket["name"] for bucket in answer.json())


@pytest.mark.parametrize("bucket_flag", [[], ["-bucket="]], ids=["missing", "empty"])
def test_without_a_bucket_it_makes_one_and_takes_it_away(cluster, bucket_flag):
    out, errors = run(cluster.endpoint, *bucket_flag, "-numobjects=20", "-epochs=1", "-json")
    result = json.loads(out)
    assert re.fullmatch("ais://aisloader-[0-9a-f]{12}", result["bucket"])
    assert result["get"]["ops"] == 20 and not result["errors"]
    assert f"{result['bucket']}: made for this run, goes at its end" in errors
    assert not bucket_exists(cluster.endpoint, result["bucket"])


def test_a_bucket_of_its_own_stays_when_told_so(cluster):
    arguments = ["-pctput=100", "-maxputs=5", "-json", "-cleanup=false"]
    out, errors = run(cluster.endpoint, *arguments)
    name = json.loads(out)["bucket"]
    assert f"{name}: made for this run, stays after it" in errors
    assert len(listing(cluster.endpoint, name.removeprefix("ais://"))) == 5
    second = measure(cluster.endpoint, "-bucket", name, "-duration=0", "-maxputs=1", "-pctput=100", "-cleanup=false")
    assert second["bucket"] == name
    run(cluster.endpoint, "-bucket", name, "-duration=0", "-totalputsize=0", "-cleanup")
    assert not bucket_exists(cluster.endpoint, name)
    other, _ = run(cluster.endpoint, *arguments[:-1])
    assert json.loads(other)["bucket"] != name


def test_interrupted_it_takes_its_bucket_away(cluster):
    process = start(cluster.endpoint, "-pctput=100", "-duration=10m", "-json", "-statsinterval=0.2s")
    try:
        name = process.stderr.readline().split(": ")[0]
        wait_for_work(process)
        assert bucket_exists(cluster.endpoint, name)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0 and json.loads(out)["bucket"] == name
    assert not bucket_exists(cluster.endpoint, name)


def test_no_arguments_print_the_usage(cluster):
    out, errors = run(cluster.endpoint)
    assert out == run(cluster.endpoint, "-usage")[0] and "Usage:" in out and not errors


@pytest.mark.parametrize("arguments, says", [
    (["-duration=1s"], "nothing to read: say --bucket, --pctput or --numobjects"),
    (["-duration=0", "-totalputsize=0", "-cleanup"], "which bucket is to be destroyed"),
    (["-pctput=100", "-provider=aws"], "--provider needs --bucket"),
    (["-numobjects=5", "-filelist=names"], "--filelist needs --bucket"),
    (["-bucket=b", "-etl=md5"], "the original loader's --etl is not part of this version"),
    (["-bucket=b", "-get-batchsize", "32"], "the original loader's --get-batchsize is not part of this version"),
    (["-bucket=b", "--nbi"], "the original loader's --nbi is not part of this version"),
    (["-bucket=b", "-latest"], "--latest is not part of this version"),
    (["-bucket=b", '-bprops={"miror":{"enabled":true}}'], 'no bucket property is named "miror.enabled", did you mean'),
    (["-bucket=b", '-bprops={"mirror":{"copies":"two"}}'], '"two" is not a whole number'),
    (["-bucket=b", "-cksum-type=md4"], "is none of none,xxhash"),
])
def test_what_it_cannot_do_is_said_before_anything_is_done(cluster, arguments, says):
    before = buckets(cluster.endpoint)
    _, errors = run(cluster.endpoint, *arguments, expect=2)
    assert says in errors
    assert buckets(cluster.endpoint) == before


def test_a_line_of_the_original_with_all_its_defaults_runs(cluster, bucket):
    result = measure(cluster.endpoint, f"-bucket={bucket}", "-cleanup=false", "-pctput=100", "-maxputs=7", "-randomname=true",
                     "-perm-shuffle-max", "100000", "-evict-batchsize=1000", "-latest=false", "-statsdip=localhost", "-statsdport", "8125",
                     "-tokenfile=", "-multipart-chunks=0", "-pctmultipart", "0", "-arch.pct=0", "-arch.list=false", "-get-batchsize=0",
                     "-etl", "", "-nbi=false", "-list-dirs=false", "-verifyhash=false", "-trace-http=false", "-cksum-type=xxhash2")
    assert result["put"]["ops"] == 7 and not result["errors"] and "trace_us" not in result["put"]
    assert len(listing(cluster.endpoint, bucket)) == 7


DIGESTS = {"md5": lambda body: hashlib.md5(body).hexdigest(), "sha256": lambda body: hashlib.sha256(body).hexdigest(),
           "sha512": lambda body: hashlib.sha512(body).hexdigest()}


@pytest.mark.parametrize("reader, checksum", [("sg", "md5"), ("file", "sha256"), ("rand", "sha512"), ("tar", "md5")])
def test_puts_carry_the_checksum_of_their_bodies(cluster, bucket, reader, checksum):
    with Recorder(cluster.endpoint) as gateway:
        result = measure(f"http://127.0.0.1:{gateway.server_port}", "-bucket", bucket, "-pctput=100", "-maxputs=12", "-minsize=3K",
                         "-maxsize=70K", "-readertype", reader, "-cksum-type", checksum)
    assert result["put"]["ops"] == 12 and not result["errors"]  # the target compared
    assert len(gateway.heads) == 12
    for path, head in gateway.heads:
        name = urllib.parse.urlsplit(path).path.removeprefix(f"/v1/objects/{bucket}/")
        assert head["Ais-Checksum-Type"] == checksum
        assert head["Ais-Checksum-Value"] == DIGESTS[checksum](body_of(cluster.endpoint, bucket, name))


def test_no_checksum_is_sent_unless_asked_for(cluster, bucket):
    with Recorder(cluster.endpoint) as gateway:
        measure(f"http://127.0.0.1:{gateway.server_port}", "-bucket", bucket, "-pctput=100", "-maxputs=2")
    assert gateway.heads and not any("Ais-Checksum-Type" in head for _, head in gateway.heads)


def test_a_trace_tells_a_slow_gateway_from_a_slow_target(cluster, bucket):
    delay = 0.05
    with Recorder(cluster.endpoint, delay) as gateway:
        endpoint = f"http://127.0.0.1:{gateway.server_port}"
        arguments = ["-bucket", bucket, "-numworkers=1", "-trace-http", "-seed=3"]
        put = measure(endpoint, *arguments, "-pctput=100", "-maxputs=5")["put"]
        out, _ = run(endpoint, *arguments, "-epochs=1")
        got = measure(endpoint, *arguments, "-epochs=1")["get"]
    assert re.search(r"^GET trace, means: connect \S+, gateway \S+, first byte \S+, rest \S+; whole \S+; connections made \d+$", out,
                     re.MULTILINE)
    for side in [put, got]:
        trace = side["trace_us"]
        assert side["ops"] == 5 and trace["gateway"] >= delay * 1e6
        assert min(trace["first_byte"], trace["rest"]) > 0
        assert trace["whole"] == pytest.approx(trace["connect"] + trace["gateway"] + trace["first_byte"] + trace["rest"])
        assert trace["whole"] <= side["latency_us"]["mean"]
        # One to the gateway, and one to each target that has any of the five objects; they are kept.
        assert side["trace"]["ops"] == 5 and 2 <= side["trace"]["connections"] <= 4 and trace["connect"] > 0


def names_put(cluster, bucket, *arguments):
    result = measure(cluster.endpoint, "-bucket", bucket, "-pctput=100", "-maxputs=20", *arguments)
    assert result["put"]["ops"] == 20 and not result["errors"]
    names = set(listing(cluster.endpoint, bucket))
    run(cluster.endpoint, "-bucket", bucket, "-duration=0", "-totalputsize=0", "-cleanup")
    return names


def hexed(numbers):
    return {f"{number:x}" for number in numbers}


def test_names_are_numbers_that_end_with_the_id_of_the_loader(cluster, bucket):
    # As the original makes them: hex of the number before, as many whole digits of the id behind.
    assert names_put(cluster, bucket, "-loaderid=11", "-loadernum=20") == hexed(n << 8 | 11 for n in range(20))
    assert names_put(cluster, bucket, "-loaderid=2", "-loadernum=16") == hexed(n << 4 | 2 for n in range(20))
    assert names_put(cluster, bucket, "-loaderid=loaderstring", "-loaderidhashlen=8") == hexed(n << 8 | 0xdb for n in range(20))
    assert names_put(cluster, bucket, "-randomname=false") == hexed(range(20))
    spread = names_put(cluster, bucket, "-loaderid=11", "-loadernum=20", "-num-subdirs=3", "-subdir=d", "-numworkers=6")
    assert spread == {f"d/{(n + 1) % 3:05x}/{n << 8 | 11:x}" for n in range(20)}


def test_loaders_that_run_at_once_do_not_meet(cluster, bucket):
    running = [start(cluster.endpoint, "-bucket", bucket, "-pctput=100", "-maxputs=100", "-loadernum=3", f"-loaderid={i}", "-json",
                     "-seed=1", "-threads=2", "-numworkers=4") for i in range(3)]
    for process in running:
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0 and not json.loads(out)["errors"], errors
    names = listing(cluster.endpoint, bucket)
    assert len(names) == 300 and {name[-1] for name in names} == {"0", "1", "2"}
    # The same loader again puts the same objects; one that is to make some more does.
    measure(cluster.endpoint, "-bucket", bucket, "-pctput=100", "-maxputs=100", "-loadernum=3", "-loaderid=1")
    assert listing(cluster.endpoint, bucket).keys() == names.keys()
    measure(cluster.endpoint, "-bucket", bucket, "-numobjects=310", "-epochs=1", "-loadernum=3", "-loaderid=1")
    assert len(listing(cluster.endpoint, bucket)) == 310


def properties(cluster, bucket):
    answer = wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}?provider=ais")
    return json.loads(answer.headers["Ais-Bucket-Props"])


def test_properties_are_given_to_a_bucket_that_exists(cluster, bucket):
    before = properties(cluster, bucket)
    assert before["checksum"]["type"] != "md5"
    arguments = ["-bucket", bucket, "-pctput=100", "-maxputs=2", "-json", '-bprops="checksum":{"type":"md5"},']
    _, errors = run(cluster.endpoint, *arguments)
    assert f"ais://{bucket}: set checksum.type=md5" in errors
    assert properties(cluster, bucket) == {**before, "checksum": {**before["checksum"], "type": "md5"}}
    _, errors = run(cluster.endpoint, *arguments)
    assert ": set " not in errors  # it has them


def test_properties_that_the_cluster_refuses_end_the_run(cluster, bucket):
    with Recorder(cluster.endpoint) as gateway:
        _, errors = run(f"http://127.0.0.1:{gateway.server_port}", "-bucket", bucket, "-pctput=100", "-maxputs=2",
                        '-bprops={"checksum":{"type":"md4"}}', expect=1)
    assert "--bprops: " in errors and not gateway.asked


def test_hang_up_switches_the_trace(cluster, bucket):
    process = start(cluster.endpoint, "-bucket", bucket, "-pctput=100", "-duration=10m", "-json", "-statsinterval=0.1s", "-numworkers=2")

    def lines_until(wanted):
        for line in process.stderr:
            if wanted(line):
                return
        raise AssertionError("it ended")
    try:
        wait_for_work(process)
        for state in ["on", "off"]:
            process.send_signal(signal.SIGHUP)
            lines_until(lambda line, state=state: line == f"trace of requests: {state}\n")
            lines_until(lambda line, state=state: " PUT " in line and ("connect " in line) == (state == "on"))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    result = json.loads(out)
    assert process.returncode == 0 and 0 < result["put"]["trace"]["ops"] < result["put"]["ops"]
    assert [warning for warning in result["warnings"] if warning.startswith("stopped by a signal after ")]


def test_what_a_failed_put_left_is_nobodys_to_remove(cluster, bucket):
    def refuses(method, path):
        return method in ("PUT", "DELETE") and path.split("?")[0][-1] in "13579bdf"
    with Recorder(cluster.endpoint, refuses=refuses) as gateway:
        out, errors = run(f"http://127.0.0.1:{gateway.server_port}", "-bucket", bucket, "-pctput=100", "-maxputs=6", "-numworkers=1",
                          "-cleanup", "-json")
    result = json.loads(out)
    assert result["put"]["ops"] == 6 and result["put"]["errors"] > 0, errors
    assert not listing(cluster.endpoint, bucket)
    refused = {path for method, path in gateway.asked if method == "PUT" and refuses(method, path)}
    assert refused <= {path for method, path in gateway.asked if method == "DELETE"}  # it may have been stored all the same


def test_objects_that_cannot_be_removed_are_told(cluster, bucket):
    with Recorder(cluster.endpoint, refuses=lambda method, path: method == "DELETE") as gateway:
        _, errors = run(f"http://127.0.0.1:{gateway.server_port}", "-bucket", bucket, "-pctput=100", "-maxputs=3", "-numworkers=1",
                        "-cleanup", expect=1)
    assert "cleanup: could not remove 3 objects (http-500)" in errors

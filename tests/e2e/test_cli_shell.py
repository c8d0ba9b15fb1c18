"""What a shell does to `ais`: closed and full standard streams, pipes whose reader goes away, endpoints that are none."""
import os
import re
import subprocess

import pytest
from conftest import BUILD, create_bucket, destroy_bucket


@pytest.fixture
def shell(cluster, tmp_path):
    """shell("ais ls | head"): the finished bash, with `ais` and `aisloader` in the path."""
    def run(line, **environment):
        path = f"{BUILD.resolve()}/bin:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "AIS_ENDPOINT": cluster.endpoint, **environment}
        return subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True,
                              timeout=30)
    return run


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
@pytest.mark.parametrize("line", ["ais ls", "ais --help", "ais ls --help", "ais show cluster --json", "ais completion bash",
                                  "aisloader --help", "ais show cluster --refresh 200ms --count 3",
                                  "ais show cluster --refresh 200ms"])
def test_output_that_cannot_be_written(shell, bucket, line, where):
    done = shell(f"{line} {where}")
    assert done.returncode == 1 and re.search("cannot write|cannot be written", done.stderr), done


def test_a_closed_stream_is_nobody_elses(shell, bucket, tmp_path):
    """The first file or socket that is opened would get the number of a closed stream, and the report with it."""
    assert shell(f"echo contents > f; ais put f ais://{bucket}/f").returncode == 0
    assert shell(f"ais get ais://{bucket}/f got <&- >&- 2>&-").returncode == 1  # the report had nowhere to go
    assert (tmp_path / "got").read_text() == "contents\n"
    closed = shell(f"ais put - ais://{bucket}/nothing <&-")
    assert closed.returncode == 1 and "standard input: Bad file descriptor" in closed.stderr
    assert shell(f"ais get ais://{bucket}/nothing -").returncode == 1


@pytest.mark.parametrize("line", ["ais show cluster --refresh 200ms", "ais show log NODE --follow"])
def test_live_output_ends_with_its_reader(shell, cluster, line):
    done = shell(line.replace("NODE", cluster.targets[0].id) + " | head -n 1")
    assert done.returncode == 141 and not done.stderr and len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("command", ["ls", "show cluster", "status", "put f b/f"])
def test_a_target_is_no_gateway(shell, cluster, command):
    done = shell("ais " + command, AIS_ENDPOINT=cluster.targets[0].url)
    assert done.returncode == 2 and "is a target, a gateway is wanted" in done.stderr and not done.stdout


def test_one_failure_is_said_once(shell, bucket, cluster):
    assert shell(f"ais create ais://{bucket}").stderr == f'error: bucket "ais://{bucket}" already exists\n'
    assert shell(f"ais put nowhere ais://{bucket}").stderr == "error: nowhere: No such file or directory\n"
    create_bucket(cluster.endpoint, f"{bucket}-2")
    two = shell(f"ais create ais://{bucket} ais://{bucket}-2")
    destroy_bucket(cluster.endpoint, f"{bucket}-2")
    assert two.returncode == 1 and two.stderr.count("already exists") == 2 and "2 buckets failed" in two.stderr


def test_units_of_one_object(shell, bucket):
    assert shell(f"head -c 5000 /dev/zero > z; ais put z ais://{bucket}/z").returncode == 0
    for units, wanted in (("iec", "4.88KiB (5000 bytes)"), ("si", "5.00kB (5000 bytes)"), ("raw", "5000")):
        assert re.search(rf"^size +{re.escape(wanted)} *$", shell(f"ais object show ais://{bucket}/z --units {units}").stdout, re.MULTILINE)


def test_the_overview_is_one_table(shell):
    overview = shell("ais --help").stdout
    commands = overview.split("Flags of every command")[0]
    rows = [line for line in commands.splitlines() if re.match(r"  \S", line)]
    assert len(rows) > 30 and all(re.match(r"  \S.{33} [A-Z]", row) for row in rows)
    assert all(len(line) <= 80 for line in overview.splitlines())
    assert "\nMore commands:\n" in commands and "\nstatus:\n" not in commands

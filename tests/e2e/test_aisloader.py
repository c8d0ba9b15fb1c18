"""aisloader against real clusters: what it puts, reads and lists, how runs end, what it reports."""
import collections
import html.parser
import io
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import tarfile

import pytest
import wire
from conftest import BUILD, create_bucket, destroy_bucket
from loader_process import LOADER, Recorder, body_of, listing, measure, run, start


@pytest.mark.parametrize("reader", ["sg", "tar"])
def test_seed_repeats_names_sizes_and_bytes(cluster, bucket, reader):
    seen = []
    for _ in range(2):
        measure(cluster.endpoint, "-bucket", f"ais://{bucket}", "-seed=77", "-numworkers=1", "-pctput=60", "-maxputs=40", "-minsize=3K",
                "-maxsize=60K", "-readertype", reader)
        seen.append(listing(cluster.endpoint, bucket))
        for name in seen[-1]:
            location = wire.request(cluster.endpoint, "DELETE", f"/v1/objects/{bucket}/{name}?provider=ais").headers["Location"]
            url, path = location.split("/v1/", 1)
            assert wire.request(url, "DELETE", "/v1/" + path).status in (200, 204)
    assert len(seen[0]) == 40 and seen[0] == seen[1]
    assert len({size for size, _ in seen[0].values()}) > 10
    assert len({checksum for _, checksum in seen[0].values()}) == 40


MIXES = {
    "mixed": ["--pctput", "50", "--maxputs", "200", "--numworkers", "16"],
    "listed": ["--pctput", "30", "--pctlist", "30", "--maxputs", "100", "--numworkers", "32"],
    "paced": ["--pctput", "50", "--maxputs", "100", "--rate", "3000"],
    "threads": ["--pctput", "100", "--maxputs", "301", "--threads", "3", "--numworkers", "9"],
    "updated": ["--numobjects", "100", "--pctupdate", "50", "--numepochs", "1", "--numworkers", "8"],
}


@pytest.mark.parametrize("mix", MIXES)
def test_seed_repeats_the_objects_of_many_workers(cluster, bucket, mix):
    seen = []
    for number in range(3):
        name = f"{bucket}-{number}"
        measure(cluster.endpoint, "--bucket", f"ais://{name}", "--seed", "11", "--minsize", "1K", "--maxsize", "64K", *MIXES[mix])
        seen.append(listing(cluster.endpoint, name))
        destroy_bucket(cluster.endpoint, name)
    assert len(seen[0]) >= 100 and seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("more", [["--pctput", "100", "--maxputs", "50"], ["--pctput", "40", "--numepochs", "2"],
                                  ["--pctput", "100", "--maxputs", "50", "--num-subdirs", "5"]])
def test_a_run_with_the_same_seed_leaves_alone_what_was_there(cluster, bucket, more):
    base = ["--bucket", f"ais://{bucket}", "--seed", "7"]
    measure(cluster.endpoint, *base, "--numobjects", "60", "--duration", "200ms", "--threads", "2", *more[4:])
    before = listing(cluster.endpoint, bucket)
    assert len(before) == 60
    result = measure(cluster.endpoint, *base, *more, "--minsize", "9K", "--cleanup")
    assert listing(cluster.endpoint, bucket) == before and result["put"]["ops"] > 0
    result = measure(cluster.endpoint, *base, *more, "--minsize", "9K")
    after = listing(cluster.endpoint, bucket)
    assert len(after) == 60 + result["put"]["ops"] and before.items() <= after.items()


@pytest.mark.parametrize("unique", ["true", "false"])
def test_seed_repeats_every_operation_in_its_order(cluster, bucket, unique):
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "30", "--seed", "1")
    runs = []
    for seed in [9, 9, 10]:
        with Recorder(cluster.endpoint) as gateway:
            measure(f"http://127.0.0.1:{gateway.server_port}", "--bucket", f"ais://{bucket}", "--seed", seed, "--numworkers", "1",
                    "--pctput", "30", "--pctupdate", "20", "--maxputs", "40", f"--uniquegets={unique}", "--cleanup")
            runs.append(gateway.asked)
    first, second, other = runs
    assert {method for method, _ in first} == {"GET", "PUT", "DELETE"} and sum(method == "PUT" for method, _ in first) == 40
    assert first == second and first != other


def test_another_seed_and_another_loader_make_other_names(cluster, bucket):
    arguments = ["--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "30", "--numworkers", "4"]
    pair = ["--seed", "1", "--loadernum", "2", "--loaderid"]
    for extra in [["--seed", "1"], ["--seed", "2"], [*pair, "0"], [*pair, "1"]]:
        measure(cluster.endpoint, *arguments, *extra)
    objects = listing(cluster.endpoint, bucket)
    assert len(objects) == 120
    assert len({checksum for _, checksum in objects.values()}) > 60


def test_limits_of_puts_are_exact(cluster, bucket):
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "123", "--numworkers", "20",
                     "--threads", "3", "--num-subdirs", "4", "--subdir", "counted")
    assert result["put"]["ops"] == 123
    names = listing(cluster.endpoint, bucket, "counted/")
    assert len(names) == 123 and len({name.split("/")[1] for name in names}) == 4
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--totalputsize", "100K", "--minsize", "3000",
                     "--numworkers", "20", "--threads", "3")
    assert result["put"]["bytes"] == 35 * 3000  # the one that reaches 102400 is the last


def test_epochs_read_every_object_as_often(cluster, bucket):
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "57")
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--numobjects", "101", "--numepochs", "3", "--threads", "4",
                     "--numworkers", "16", "--verify-hash")
    assert result["get"]["ops"] == 3 * 101 and result["put"]["ops"] == 0
    assert len(listing(cluster.endpoint, bucket)) == 101


def counted(run_tool, cluster):
    """(GETs, bytes read, PUTs) that the targets counted."""
    shown = run_tool("ais", "show", "performance", "counters", "--json", endpoint=cluster.endpoint)
    assert shown.returncode == 0, shown.stderr
    nodes = json.loads(shown.stdout)["nodes"]
    assert len(nodes) == len(cluster.targets)
    return [sum(node[kind][what] for node in nodes) for kind, what in [("get", "count"), ("get", "bytes"), ("put", "count")]]


def test_the_targets_count_what_the_loader_counts(cluster, bucket, run_tool):
    arguments = ["--bucket", f"ais://{bucket}", "--threads", "2", "--numworkers", "9"]
    before = counted(run_tool, cluster)
    put = measure(cluster.endpoint, *arguments, "--pctput", "100", "--maxputs", "50", "--minsize", "100", "--maxsize", "9K")["put"]
    middle = counted(run_tool, cluster)
    got = measure(cluster.endpoint, *arguments, "--numepochs", "1", "--verify-hash")["get"]
    after = counted(run_tool, cluster)
    assert put["ops"] == got["ops"] == 50 and put["bytes"] == got["bytes"]
    assert [b - a for a, b in zip(before, middle)] == [0, 0, 50]
    assert [b - a for a, b in zip(middle, after)] == [50, got["bytes"], 0]


def test_objects_that_are_missing_are_made_beside_those_of_the_same_seed(cluster, bucket):
    create_bucket(cluster.endpoint, bucket + "-seed")
    try:
        arguments = ["--bucket", f"ais://{bucket}-seed", "--seed", "5", "--threads", "3", "--numworkers", "6", "--num-subdirs", "3"]
        measure(cluster.endpoint, *arguments, "--pctput", "100", "--maxputs", "20")
        before = listing(cluster.endpoint, bucket + "-seed")
        result = measure(cluster.endpoint, *arguments, "--numobjects", "50", "--numepochs", "1")
        after = listing(cluster.endpoint, bucket + "-seed")
        assert len(before) == 20 and len(after) == 50 and before.items() <= after.items()
        assert result["get"]["ops"] == 50
        measure(cluster.endpoint, *arguments, "--numobjects", "60", "--numepochs", "1", "--cleanup")
        assert listing(cluster.endpoint, bucket + "-seed") == after
    finally:
        destroy_bucket(cluster.endpoint, bucket + "-seed")


def test_names_from_a_file_and_updates(cluster, bucket, run_tool, tmp_path):
    for name in ["a b", "ü/x", "not-listed"]:
        assert run_tool("ais", "put", "-", f"ais://{bucket}/{name}", stdin="old").returncode == 0
    before = listing(cluster.endpoint, bucket)
    (tmp_path / "names").write_text("a b\r\n\nü/x\n")
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--filelist", tmp_path / "names", "--numepochs", "1", "--pctupdate",
                     "100", "--threads", "2", "--numworkers", "2", "--randomproxy")
    assert result["get"]["ops"] == 2 and result["put"]["ops"] == 2
    after = listing(cluster.endpoint, bucket)  # a listing that begins after a PUT shows it
    assert after["a b"][0] == after["ü/x"][0] == 4096 and after["not-listed"] == before["not-listed"]
    assert after.keys() == before.keys() and len(body_of(cluster.endpoint, bucket, "not-listed")) == 3
    assert len(body_of(cluster.endpoint, bucket, "a%20b")) == len(body_of(cluster.endpoint, bucket, "%C3%BC/x")) == 4096
    (tmp_path / "names").write_text("../x\n")
    run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--filelist", tmp_path / "names", expect=1)


def test_reader_types(cluster, bucket, tmp_path):
    for reader in ["file", "rand", "tar"]:
        result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--subdir", reader, "--readertype", reader, "--pctput", "50",
                         "--maxputs", "20", "--minsize", "2K", "--maxsize", "300K", "--verify-hash", "--tmpdir", tmp_path)
        assert result["put"]["ops"] == 20 and not result["errors"]
        objects = listing(cluster.endpoint, bucket, reader + "/")
        assert len(objects) == 20 and all(2048 <= size <= 300 * 1024 for size, _ in objects.values())
        assert len({checksum for _, checksum in objects.values()}) == 20
    assert not list(tmp_path.iterdir())
    for name, (size, _) in list(listing(cluster.endpoint, bucket, "tar/").items())[:5]:
        body = body_of(cluster.endpoint, bucket, name)
        assert len(body) == size and name.endswith(".tar")
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            members = archive.getmembers()
            assert 1 <= len(members) <= 10 and all(len(archive.extractfile(m).read()) == m.size for m in members)


def test_listings_are_measured(cluster, bucket):
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "250")
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--list-objects", "--pagesize", "100", "--duration", "1s",
                     "--numworkers", "1", "--list-props", "name,size")
    pages = result["list"]["ops"]
    assert pages > 3 and result["get"]["ops"] == 0 and result["list"]["bytes"] > 0
    assert result["list"]["names"] == pages // 3 * 250 + pages % 3 * 100  # 100, 100, 50, and again


def test_cleanup_removes_what_the_run_made(cluster, bucket):
    create_bucket(cluster.endpoint, bucket + "-kept")
    try:
        measure(cluster.endpoint, "--bucket", f"ais://{bucket}-kept", "--pctput", "100", "--maxputs", "5", "--seed", "3")
        measure(cluster.endpoint, "--bucket", f"ais://{bucket}-kept", "--pctput", "100", "--maxputs", "9", "--seed", "4", "--num-subdirs",
                "2", "--cleanup")
        assert len(listing(cluster.endpoint, bucket + "-kept")) == 5
        run(cluster.endpoint, f"-bucket={bucket}-kept", "-duration", "0s", "-totalputsize=0", "-cleanup=true")
        assert wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}-kept?provider=ais").status == 404
    finally:
        destroy_bucket(cluster.endpoint, bucket + "-kept")
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}-made", "--pctput", "100", "--maxputs", "5", "--cleanup")
    assert wire.request(cluster.endpoint, "HEAD", f"/v1/buckets/{bucket}-made?provider=ais").status == 404


def test_a_range_of_each_object(cluster, bucket):
    arguments = ["--bucket", f"ais://{bucket}"]
    measure(cluster.endpoint, *arguments, "--pctput", "100", "--maxputs", "12", "--minsize", "1000")
    result = measure(cluster.endpoint, *arguments, "--numepochs", "2", "--readoff", "900", "--readlen", "64")
    assert result["get"]["ops"] == 24 and result["get"]["bytes"] == 24 * 64
    result = measure(cluster.endpoint, *arguments, "--numepochs", "1", "--readoff", "900", "--readlen", "1M")
    assert result["get"]["bytes"] == 12 * 100
    out, _ = run(cluster.endpoint, *arguments, "--duration", "1s", "--readoff", "1000", "--readlen", "1", "--json", expect=1)
    assert list(json.loads(out)["errors"]) == ["http-416"]


# ---------------------------------------------------------------- open loop

def test_a_stall_cannot_hide_in_open_loop(make_cluster):
    cluster = make_cluster(targets=1, proxies=1)
    rate, stall = 200, 1.0
    measure(cluster.endpoint, "--bucket", "ais://open", "--pctput", "100", "--maxputs", "50")
    process = start(cluster.endpoint, "--bucket", "ais://open", "--rate", rate, "--numworkers", "8", "--duration", "4s", "--json",
                    "--statsinterval", "0.2s")
    try:
        for line in process.stderr:  # lines of statistics: it is at work
            if " GET " in line:
                break
        cluster.targets[0].signal(signal.SIGSTOP)
        select.select([], [], [], stall)
        cluster.targets[0].signal(signal.SIGCONT)
        out, errors = process.communicate(timeout=60)
    finally:
        cluster.targets[0].signal(signal.SIGCONT)
        process.kill()
    assert process.returncode == 0, errors
    result = json.loads(out)
    get, pace = result["get"], result["rate"]
    assert pace["intended_per_s"] == rate and pace["due"] == 4 * rate and not result["errors"]
    assert get["ops"] == pace["started"]
    # All that was due in the second of the stall waited, half a second on
    # average, although eight workers cannot have asked more than eight.
    assert get["latency_us"]["max"] > 0.9e6
    assert get["latency_us"]["p90"] > 0.3e6
    assert get["latency_us"]["mean"] > 0.08e6
    assert pace["lag_max_us"] > 0.8e6 and rate / 2 < pace["late"] < 3 * rate


def test_a_rate_beyond_the_cluster_is_told_as_a_shortfall(cluster, bucket):
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "20")
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--rate", "10000000", "--duration", "1s", "--threads", "2",
                     "--numworkers", "20")
    rate, get = result["rate"], result["get"]
    assert rate["started"] == get["ops"] and rate["achieved_per_s"] == pytest.approx(get["ops"], rel=0.02) and get["ops"] < 5_000_000
    assert rate["due"] == pytest.approx(10_000_000, rel=0.01) and rate["not_started"] == rate["due"] - rate["started"]
    assert get["latency_us"]["p50"] > 100_000 and rate["lag_max_us"] > 500_000  # they queued for most of the second
    assert rate["late"] >= rate["not_started"] and any("never began" in warning for warning in result["warnings"])


def test_what_is_due_behind_the_last_put_is_not_missed(cluster, bucket):
    rate = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "20", "--rate", "20000", "--numworkers",
                   "2")["rate"]
    assert rate["due"] == rate["started"] == 20 and rate["not_started"] == 0


def test_errors_do_not_delay_what_is_due(cluster, bucket, tmp_path):
    (tmp_path / "names").write_text("".join(f"none{i}\n" for i in range(10)))
    out, _ = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--filelist", tmp_path / "names", "--rate", "50", "--numworkers", "1",
                 "--duration", "2s", "--json", expect=1)
    assert json.loads(out)["rate"]["started"] > 50  # one worker that waits after each error begins nine


def test_exponential_arrivals_keep_the_rate(cluster, bucket):
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--maxputs", "20")
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--rate", "300", "--arrivals", "exponential", "--duration", "2s",
                     "--threads", "2", "--numworkers", "20")
    assert 450 < result["rate"]["due"] < 750


# ---------------------------------------------------------------- output

class Page(html.parser.HTMLParser):
    """Tags, attributes, tables by caption and the data of a report."""

    def __init__(self, text):
        super().__init__()
        self.attributes, self.open, self.text = [], [], collections.defaultdict(str)
        self.tables, self.rows = {}, None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.attributes += [(tag, *pair) for pair in attributes]
        if tag not in ("meta",):
            self.open.append(tag)
        if tag == "table":
            self.rows, self.caption = [], ""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "table":
            self.tables[self.caption] = self.rows

    def handle_data(self, data):
        here = self.open[-1] if self.open else ""
        self.text[here] += data
        if here in ("td", "th"):
            self.rows[-1][-1] += data
        if here == "caption":
            self.caption += data


def test_report(cluster, bucket, tmp_path):
    page_file, odd = tmp_path / "out.html", "<b>&\"'</script>"
    result = measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--subdir", odd, "--numobjects", "50", "--pctput", "20",
                     "--pctlist", "10", "--duration", "2s", "--report", page_file)
    text = page_file.read_text()
    page = Page(text)
    assert not page.open
    assert not [a for a in page.attributes if a[1] in ("src", "href", "srcset", "action", "data")]
    assert "url(" not in page.text["style"] and "@import" not in page.text["style"]
    assert "prefers-color-scheme: dark" in page.text["style"]
    data = json.loads(page.text["script"].split("\n", 1)[0])
    assert data["result"] == result
    for name in ["get", "put", "list"]:
        assert sum(point[name]["ops"] for point in data["series"] if name in point) == result[name]["ops"] > 0
        assert sum(count for _, count in data["histogram"][name]) == result[name]["ops"]
    head, *rows = page.tables["Result"]
    rows = {row[0]: dict(zip(head, row)) for row in rows}
    for title, name in [("GET", "get"), ("PUT", "put"), ("LIST", "list"), ("TOTAL", "total")]:
        assert int(rows[title]["Count"].replace(",", "")) == result[name]["ops"]
        for column, key in [("p50", "p50"), ("p99", "p99"), ("p99.9", "p999"), ("Max", "max")]:
            assert microseconds(rows[title][column]) == pytest.approx(result[name]["latency_us"][key], rel=0.01, abs=1)
    assert any(odd in value for _, value in page.tables["Parameters"])
    run_rows = dict(page.tables["What was run"])
    assert odd in shlex.split(run_rows["command line"]) and run_rows["begun"] == result["begun"] and run_rows["ended"] == result["ended"]
    nodes = {row[0]: row for row in page.tables["Nodes"][1:]}
    assert nodes.keys() == {node.id for node in cluster.nodes} == {node["id"] for node in result["cluster"]["nodes"]}
    assert [p.name for p in tmp_path.iterdir()] == ["out.html"]
    if boxes := draw_with_node(page_file):
        titles = [Page(box).text["h2"] for box in boxes]
        assert titles[:3] == ["Operations per second", "Throughput", "Latency of GET over time"] and "Latency of PUT, histogram" in titles
        assert "Latency by percentile" in titles


def microseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]


def test_report_of_errors_only_and_of_a_single_operation(cluster, bucket, tmp_path):
    page_file, names = tmp_path / "out.html", tmp_path / "names"
    names.write_text("missing\n")
    arguments = ["--bucket", f"ais://{bucket}", "--report", page_file]
    run(cluster.endpoint, *arguments, "--filelist", names, "--duration", "1s", expect=1)
    assert "http-404" in Page(page_file.read_text()).text["th"]
    if boxes := draw_with_node(page_file):
        assert [Page(box).text["h2"] for box in boxes] == ["Errors per second"]
    run(cluster.endpoint, *arguments, "--pctput", "100", "--maxputs", "1")
    if boxes := draw_with_node(page_file):
        assert Page(boxes[-1]).text["h2"] == "Latency of PUT, histogram"
        # Each has something to see: a dash for a single point, a bar, a line.
        assert all("h4" in box or "<rect" in box or re.search('d="M[^"]+L', box) for box in boxes)


def draw_with_node(page_file):
    """The plots that the page's script draws, where there is something to run it: every one whole, and of numbers only."""
    node = shutil.which("node")
    if not node:
        return None
    script = r"""
      const html = require('fs').readFileSync(process.argv[1], 'utf8'), boxes = [];
      const data = html.match(/id="data">([^]*?)<\/script>/)[1], code = html.match(/<script>\n([^]*?)<\/script>/)[1];
      global.document = { getElementById: id => id === 'data' ? { textContent: data } : { appendChild: b => boxes.push(b) },
                          createElement: () => ({ innerHTML: '' }) };
      (0, eval)(code);
      console.log(JSON.stringify(boxes.map(b => b.innerHTML)));"""
    run_script = subprocess.run([node, "-e", script, page_file], capture_output=True, text=True, timeout=60)
    assert run_script.returncode == 0, run_script.stderr
    boxes = json.loads(run_script.stdout)
    assert all("<svg" in box and 'role="img"' in box and "NaN" not in box and "undefined" not in box for box in boxes)
    assert boxes
    return boxes


def test_lines_of_statistics(cluster, bucket, tmp_path):
    arguments = ["--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "2s", "--statsinterval", "0.5s"]
    out, errors = run(cluster.endpoint, *arguments)
    assert sum(" PUT " in line and "p99.9" in line and " max " in line for line in out.splitlines()) >= 3
    assert "\x1b" not in out + errors and "\r" not in out + errors
    out, _ = run(cluster.endpoint, *arguments, "--json", "--stats-output", tmp_path / "lines")
    lines = [json.loads(line) for line in (tmp_path / "lines").read_text().splitlines()]
    assert lines[-1] == json.loads(out)
    assert sum(line["put"]["ops"] for line in lines[:-1]) == lines[-1]["put"]["ops"]
    whole = [line["whole_interval"] for line in lines[:-1]]
    assert all(whole[:-1]) and all(line["seconds"] > 0.4 for line in lines[:-1] if line["whole_interval"])


def test_the_last_line_of_text_is_a_whole_interval(cluster, bucket):
    """A run that ends in the middle of an interval has no line about the rest, whose rate would be no rate."""
    out, _ = run(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "1250ms", "--statsinterval", "0.5s")
    lines = [line for line in out.splitlines() if " PUT " in line and "p99.9" in line]
    assert len(lines) == 2 and 1 <= float(lines[-1].split()[0].rstrip("s")) < 1.2, out


def test_lines_come_at_multiples_of_their_interval(cluster, bucket, tmp_path):
    measure(cluster.endpoint, "--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "3s", "--statsinterval", "150ms",
            "--stats-output", tmp_path / "lines")
    times = [json.loads(line)["elapsed_s"] for line in (tmp_path / "lines").read_text().splitlines()[:-2]]
    near = [time for time in times if time % 0.15 < 0.04]
    assert len(times) > 10 and len(near) > len(times) / 2, times  # a busy machine may be late now and then


def test_a_terminal_shows_how_far_it_is(cluster, bucket):
    mine, theirs = pty.openpty()
    process = subprocess.Popen([LOADER, "--bucket", f"ais://{bucket}", "--pctput", "100", "--duration", "2s"], stdout=subprocess.PIPE,
                               stderr=theirs, env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})
    os.close(theirs)
    shown = b""
    try:
        while True:
            try:
                part = os.read(mine, 4096)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown += part
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        os.close(mine)
    assert process.returncode == 0
    assert shown.count(b"\r\x1b[K") >= 3 and b"%" in shown and b"PUT" in shown
    assert b"\x1b" not in out


def test_what_it_prints_without_a_cluster(run_tool):
    assert "--numworkers" in run_tool("aisloader", "--help").stdout
    assert run_tool("aisloader", "--print-man").stdout.startswith(".\\\"")
    dry = run_tool("aisloader", "-bucket=x", "-dry-run", "-rate=7", endpoint="http://127.0.0.1:1")
    assert dry.returncode == 0 and "open, 7 operations a second" in dry.stdout
    wrong = run_tool("aisloader", "-bucket=x", "-readertype=flie")
    assert wrong.returncode == 2 and 'did you mean "file"?' in wrong.stderr
    asked = run_tool("aisloader", "completion", "bash").stdout
    for words in ["aisloader --readertype f", "aisloader --numw"]:
        asked += f"\nCOMP_LINE='{words}'; COMP_POINT=${{#COMP_LINE}}; _aisloader {BUILD.resolve()}/bin/aisloader"
        asked += "; echo \"${COMPREPLY[@]}\""
    answer = subprocess.run(["bash", "-c", asked], capture_output=True, text=True)
    assert answer.stdout.split() == ["file", "--numworkers"], answer

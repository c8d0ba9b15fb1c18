"""The rows of the benchmark. Each measures both sides in the same rounds, one after the other and in turned order, and yields the
medians of the ratios ours / theirs. "cpu" is the run time of all threads of the server per request; "rate" is requests a second."""
import http.client
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import time

import cli_bench
from local_cluster import Cluster, wait_until
from servers import LOADER_CORE, SERVER_CORE, Nginx, cpu_ns, free_port, load, load_result, pin, wrk

KIB, MIB = 1 << 10, 1 << 20
ROUNDS = 5
QUERY = "?provider=ais&pid=bench&utm=1"


class Row:
    """One line of the table: ours and theirs in the unit of the row, and the ratio."""

    def __init__(self, name, theirs_name, **figures):
        self.name, self.theirs_name, self.figures = name, theirs_name, figures


class Bench:
    """nginx with one worker and a target with one loop, both on the server core, over the same files."""

    def __init__(self, folder, build, seconds):
        self.folder, self.build, self.seconds = pathlib.Path(folder), build, seconds
        self.cluster = Cluster(folder / "cluster", build, targets=1, proxies=1, mountpaths=1, proxy_extra=["--loops", "1"],
                               target_extra=["--loops", "1"]).start()
        self.target, self.proxy = self.cluster.targets[0], self.cluster.primary
        self.make_bucket("bench")
        self.make_bucket("fast", {"write_policy": {"data": "never"}})
        self.data = pathlib.Path(self.target.mountpaths[0]) / "@ais/bench/%ob"
        self.nginx = Nginx(folder / "nginx", self.data, free_port())
        pin([self.target.pid, self.proxy.pid], SERVER_CORE)
        self.put("get4K", os.urandom(4 * KIB))

    def close(self):
        self.nginx.stop()
        self.cluster.stop()

    def call(self, node, method, target, body=None):
        connection = http.client.HTTPConnection(node.host, node.port, timeout=120)
        try:
            connection.request(method, target, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{method} {target}: {answer.status} {text[:300]}")
            return text
        finally:
            connection.close()

    def make_bucket(self, name, props=None):
        self.call(self.proxy, "POST", f"/v1/buckets/{name}", json.dumps({"action": "create-bck", "value": props}))

    def load(self, url, **how):
        return load(url, build=self.build, **how)

    def put(self, name, body, bucket="bench"):
        self.call(self.target, "PUT", f"/v1/objects/{bucket}/{name}{QUERY}", body)

    def compare(self, ours, theirs, ours_pids, theirs_pids=None, writes=False):
        """Alternates `ours()` and `theirs()` (each: the result of one load run) over the rounds. `writes`: what one side left in the
        page cache is written before the other starts, since our syncs would flush it too."""
        rounds = []
        for i in range(ROUNDS):
            sides = [("ours", ours, ours_pids), ("theirs", theirs, theirs_pids or self.nginx.pids)]
            one = {}
            for side, run, pids in sides if i % 2 == 0 else reversed(sides):
                if writes:
                    os.sync()
                before = cpu_ns(pids)
                result = run()
                result["cpu_us"] = (cpu_ns(pids) - before) / 1000 / max(1, result["requests"])
                result["rate"] = result["requests"] / result["us"] * 1e6
                one[side] = result
            rounds.append(one)
        return summarize(rounds)

    def versus_nginx(self, name, ours, theirs, pids, theirs_name="nginx", writes=False):
        return Row(name, theirs_name, **self.compare(ours, theirs, pids, writes=writes))


def summarize(rounds):
    """Medians over the rounds; a ratio is taken within a round, where both sides met the same machine."""
    figures = {}
    for key in ["cpu_us", "rate", "p99"]:
        ours, theirs = [r["ours"].get(key, 0) for r in rounds], [r["theirs"].get(key, 0) for r in rounds]
        figures[key] = statistics.median(ours)
        figures["their_" + key] = statistics.median(theirs)
        figures[key + "_ratio"] = statistics.median(o / t if t else 0 for o, t in zip(ours, theirs))
    return figures


def get_rows(b):
    for label, size, connections in [("4K", None, 16), ("128K", 128 * KIB, 16), ("1M", MIB, 16), ("16M", 16 * MIB, 8)]:
        if size:  # get4K is always there
            b.put(f"get{label}", os.urandom(size))
        yield b.versus_nginx(f"GET {label}", lambda c=connections, n=label: b.load(f"{b.target.url}/v1/objects/bench/get{n}?provider=ais",
                             connections=c, seconds=b.seconds), lambda c=connections, n=label: b.load(f"{b.nginx.url}/data/get{n}",
                             connections=c, seconds=b.seconds), [b.target.pid])


def fill_small(b, count, size=4 * KIB):
    """`count` objects named u<N> in the bucket `bench`, over one kept-alive connection; the first and last tell whether they exist."""
    connection = http.client.HTTPConnection(b.target.host, b.target.port, timeout=60)
    body = os.urandom(size)
    b.call(b.proxy, "PATCH", "/v1/buckets/bench", json.dumps({"action": "set-bprops", "value": {"write_policy": {"data": "never"}}}))
    for i in range(count):
        connection.request("PUT", f"/v1/objects/bench/u{i}{QUERY}", body)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"PUT u{i}: {answer.status}")
    connection.close()
    b.call(b.proxy, "PATCH", "/v1/buckets/bench", json.dumps({"action": "reset-bprops"}))


def restart_target(b, cached_objects):
    """The size of the descriptor cache is read when a target starts."""
    b.call(b.proxy, "PUT", f"/v1/cluster/set-config?ais_store.fd_cache_objects={cached_objects}")
    b.target.stop()
    b.target.start()
    b.target.wait_ready()
    pin([b.target.pid], SERVER_CORE)


def uncached_row(b):
    """16,000 objects read at random through a cache of 64 descriptors; nginx has them all in its cache."""
    count = 16_000
    fill_small(b, count)
    restart_target(b, 64)
    sides = [lambda: b.load(b.target.url, mode="random", count=count, prefix="/v1/objects/bench/u", suffix="?provider=ais",
                         seconds=b.seconds),
             lambda: b.load(b.nginx.url, mode="random", count=count, prefix="/data/u", seconds=b.seconds)]
    for side in sides:
        side()
    yield b.versus_nginx("GET 4K, descriptors not cached", *sides, [b.target.pid], "nginx, all cached")
    restart_target(b, 8192)


def redirect_row(b):
    yield b.versus_nginx("redirect", lambda: b.load(f"{b.proxy.url}/v1/objects/bench/get4K?provider=ais", seconds=b.seconds),
                         lambda: b.load(f"{b.nginx.url}/redirect/x", seconds=b.seconds), [b.proxy.pid], "nginx return 307")


def put_rows(b):
    rows = [("PUT 4K durable", "bench", 4 * KIB, 16), ("PUT 4K not synced", "fast", 4 * KIB, 16),
            ("PUT 1M not synced", "fast", MIB, 16), ("PUT 16M not synced", "fast", 16 * MIB, 8)]
    for label, bucket, size, connections in rows:
        turn = iter(range(1000))

        seconds = max(b.seconds, 4.0) if size >= 16 * MIB else b.seconds  # one round must finish more than it has in flight

        def ours(bucket=bucket, size=size, connections=connections, label=label, turn=turn, seconds=seconds):
            return b.load(b.target.url, mode="put", size=size, connections=connections, seconds=seconds,
                       prefix=f"/v1/objects/{bucket}/{label.replace(' ', '-')}/{next(turn)}-", suffix=QUERY)

        def theirs(size=size, connections=connections, label=label, turn=turn, seconds=seconds):
            return b.load(b.nginx.url, mode="put", size=size, connections=connections, seconds=seconds,
                       prefix=f"/put/{label.replace(' ', '-')}/{next(turn)}-")
        yield b.versus_nginx(label, ours, theirs, [b.target.pid], "nginx dav, not synced", writes=True)


def fsync_rows(b):
    """Durable PUTs against as many threads of write+fsync, on the same filesystem."""
    folder = b.folder / "fsync"
    folder.mkdir()
    loop = pathlib.Path(b.build) / "bench/fsync_loop"

    def theirs(threads, size, seconds):
        output = subprocess.run([loop, folder, str(threads), str(size), str(seconds)], capture_output=True, check=True).stdout
        result = json.loads(output)
        return {"requests": result["files"], "us": result["seconds"] * 1e6, "p99": result["p99_us"]}
    turn = iter(range(1000))
    for label, size, threads in [("4K", 4 * KIB, 16), ("4K", 4 * KIB, 64), ("1M", MIB, 4), ("1M", MIB, 16), ("16M", 16 * MIB, 4)]:
        seconds = b.seconds if size < MIB else max(b.seconds, 2.0)
        figures = b.compare(lambda t=threads, n=size, s=seconds: b.load(b.target.url, mode="put", size=n, connections=t, seconds=s,
                            prefix=f"/v1/objects/bench/durable/{next(turn)}-", suffix=QUERY),
                            lambda t=threads, n=size, s=seconds: theirs(t, n, s), [b.target.pid], [b.target.pid], writes=True)
        for key in ["cpu_us", "their_cpu_us", "cpu_us_ratio"]:
            figures.pop(key)
        yield Row(f"PUT {label} durable, {threads} at once", f"write+fsync, {threads} threads", **figures)


def drop_from_cache(paths):
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def cold_row(b):
    """p99 of hot 4 KiB reads while another client streams 16 MiB objects that are not in memory: 16 a second, the same of both sides."""
    count, seconds = 64, 3
    for i in range(count):
        b.put(f"cold{i}", os.urandom(16 * MIB))
    os.sync()
    files = [b.data / f"cold{i}" for i in range(count)]

    def side(url, hot, cold, suffix):
        drop_from_cache(files)
        stream = b.load(url, mode="each", connections=4, seconds=seconds, count=count, prefix=cold, suffix=suffix, rate=16,
                        start_only=True)
        result = b.load(url + hot + suffix, connections=8, seconds=seconds - 1)
        load_result(stream)
        return result

    def ours():
        return side(b.target.url, "/v1/objects/bench/get4K", "/v1/objects/bench/cold", "?provider=ais")

    def theirs():
        return side(b.nginx.url, "/data/get4K", "/threads/cold", "")
    yield b.versus_nginx("GET 4K while cold 16M stream", ours, theirs, [b.target.pid], "nginx aio threads")


def loader_row(b):
    """The whole way: aisloader, through the gateway to the target. Beside the servers' processor time its own per GET, and that of wrk
    per plain GET in the same round."""
    own_us, wrk_us = [], []

    def ours():
        command = ["taskset", "-c", str(LOADER_CORE), pathlib.Path(b.build) / "bin/aisloader", "--endpoint", b.proxy.url, "--bucket",
                   "ais://loader", "--duration", f"{max(1, round(b.seconds))}s", "--numworkers", "16", "--pctput", "0", "--minsize", "4KiB",
                   "--maxsize", "4KiB", "--numobjects", "1000", "--json"]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"aisloader: {run.stderr}")
        report = json.loads(run.stdout.strip().splitlines()[-1])
        own_us.append(report["cpu_us_per_op"])
        get = report["get"]
        return {"requests": get["ops"], "us": report["seconds"] * 1e6, "p99": get["latency_us"]["p99"]}

    def theirs():
        result = wrk(f"{b.nginx.url}/data/get4K", seconds=b.seconds)
        wrk_us.append(result["client_us"])
        return result
    figures = b.compare(ours, theirs, [b.proxy.pid, b.target.pid])
    yield Row("GET 4K through the redirect, aisloader", "nginx direct, wrk", **figures, loader_us=statistics.median(own_us),
              wrk_us=statistics.median(wrk_us), loader_wrk_ratio=statistics.median(o / t for o, t in zip(own_us, wrk_us)))


def resident(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            total += next(int(line.split()[1]) for line in rollup if line.startswith("Rss")) * KIB
    return total


def idle_row(b):
    """Resident bytes for each idle connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(10_000, hard - 500)
    costs = []
    for port, pids, path in [(b.target.port, [b.target.pid], "/v1/health"), (b.nginx.port, b.nginx.pids, "/health")]:
        before, connections = resident(pids), []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            connections.append(connection)
        for connection in connections:
            connection.recv(2000)
        costs.append((resident(pids) - before) / count)
        for connection in connections:
            connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    yield Row(f"idle connection, {count}", "nginx", bytes=costs[0], their_bytes=costs[1])


def list_all(b, bucket, value, pages=None):
    """(names, seconds) of a listing in pages of 10,000, MessagePack; the pages are read, not decoded beyond the token."""
    import msgpack
    token, list_id, names, begin = "", "", 0, time.monotonic()
    connection = http.client.HTTPConnection(b.proxy.host, b.proxy.port, timeout=120)
    while pages is None or pages > 0:
        body = json.dumps({"action": "list", "value": {**value, "uuid": list_id, "continuation_token": token}})
        connection.request("GET", f"/v1/buckets/{bucket}", body, {"Accept": "application/msgpack", "Content-Type": "application/json"})
        answer = connection.getresponse()
        page = msgpack.unpackb(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"listing: {page}")
        names, token, list_id = names + len(page["Entries"]), page["ContinuationToken"], page["UUID"]
        pages = None if pages is None else pages - 1
        if not token:
            break
    return names, time.monotonic() - begin


def cli_rows(folder, build, seconds):
    """`ais put` and `ais get` of many small files against aisloader with as many connections."""
    for kind, figures in cli_bench.measure(pathlib.Path(folder) / "cli", build, seconds=seconds).items():
        yield Row(f"ais {kind}, 10,000 files of 4K", "aisloader", ours_per_s=figures["rate"], theirs_per_s=figures["their_rate"],
                  ratio=figures["rate_ratio"])


def listing_rows(folder, build, count):
    """Names a second of one flat bucket over three targets with two mountpaths each."""
    cluster = Cluster(folder / "listing", build, targets=3, proxies=1, mountpaths=2).start()
    b = Bench.__new__(Bench)
    b.cluster, b.proxy = cluster, cluster.primary
    try:
        b.make_bucket("names", {"write_policy": {"data": "never"}})
        subprocess.run([pathlib.Path(build) / "bin/aisloader", "--endpoint", b.proxy.url, "--bucket", "ais://names", "--numworkers", "32",
                        "--pctput", "0", "--minsize", "1", "--maxsize", "1", "--numobjects", str(count), "--duration", "1s"],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run([pathlib.Path(build) / "bin/aisloader", "--endpoint", b.proxy.url, "--bucket", "ais://names", "--subdir",
                        "directory", "--pctput", "0", "--minsize", "1", "--maxsize", "1", "--numobjects", "1000", "--duration", "1s"],
                       check=True, stdout=subprocess.DEVNULL)
        total = list_all(b, "names", {"props": "name"})[0]
        every = "name,size,checksum,version,atime,location,copies,custom"
        for label, value, pages in [("names only", {"props": "name"}, None), ("all properties", {"props": every}, None),
                                    ("first page", {"props": "name"}, 1),
                                    ("a directory of 1,000", {"props": "name", "prefix": "directory/"}, None)]:
            runs = [list_all(b, "names", value, pages) for _ in range(3)]
            names, seconds = sorted(runs, key=lambda run: run[1])[1]
            yield Row(f"list {total:,} objects, {label}", "", names=names, seconds=seconds, names_per_s=names / seconds)
    finally:
        cluster.stop()


def settle(b):
    """Waits until the disk has nothing to write, so that one row does not pay for another."""
    os.sync()

    def quiet():
        with open("/proc/meminfo") as info:
            rows = dict(line.split(":") for line in info)
        return int(rows["Dirty"].split()[0]) < 64 * 1024
    wait_until(quiet, 60, "the page cache is written")

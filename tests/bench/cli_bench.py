#!/usr/bin/env python3
"""`ais put` of a directory and `ais get` of a prefix against aisloader with as many connections and the same sizes.

Each round measures both sides one after the other; the medians of the rates and of the ratios are printed, the last line is JSON."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent / "tools")]
from local_cluster import Cluster  # noqa: E402

SIZE, CONNECTIONS = 4096, 16


class CliBench:
    """A gateway and three targets, a directory of `files` small files, and a place for what is fetched."""

    def __init__(self, folder, build, files, seconds, fetched):
        self.folder, self.build, self.files, self.seconds = pathlib.Path(folder), pathlib.Path(build), files, seconds
        self.fetched = pathlib.Path(fetched)
        self.source = self.folder / "source"
        self.source.mkdir(parents=True)
        for i in range(files):
            (self.source / f"f{i:06}").write_bytes(os.urandom(SIZE))
        self.cluster = Cluster(self.folder / "cluster", build, targets=3, proxies=1).start()
        self.run("ais", "create", "ais://cli")

    def close(self):
        self.cluster.stop()
        shutil.rmtree(self.fetched, ignore_errors=True)

    def run(self, program, *arguments):
        """(seconds, standard output) of a program that must succeed."""
        begun = time.monotonic()
        run = subprocess.run([self.build / "bin" / program, *map(str, arguments)], capture_output=True, text=True,
                             env={**os.environ, "AIS_ENDPOINT": self.cluster.endpoint})
        if run.returncode != 0:
            raise RuntimeError(f"{program} {arguments}: {run.stderr[-500:]}")
        return time.monotonic() - begun, run.stdout

    def loader_rate(self, bucket, kind):
        put = ["--pctput", 100, "--minsize", SIZE, "--maxsize", SIZE] if kind == "put" else ["--pctput", 0]
        _, out = self.run("aisloader", "--bucket", f"ais://{bucket}", "--numworkers", CONNECTIONS, "--duration", f"{self.seconds}s",
                          "--json", *put)
        return json.loads(out.strip().splitlines()[-1])[kind]["ops_per_s"]

    def put_round(self, i):
        loader = self.loader_rate(f"loader-{i}", "put")
        seconds, _ = self.run("ais", "put", self.source, f"ais://cli/r{i}/", "-j", CONNECTIONS)
        return self.files / seconds, loader

    def get_round(self, i):
        loader = self.loader_rate(f"loader-{i}", "get")
        shutil.rmtree(self.fetched, ignore_errors=True)
        seconds, _ = self.run("ais", "get", f"ais://cli/r{i}/", self.fetched, "-j", CONNECTIONS)
        return self.files / seconds, loader


def measure(folder, build, rounds=3, files=10_000, seconds=5, fetched=None):
    """{"put": {"rate", "their_rate", "rate_ratio"}, "get": {...}}: medians; the ratio is taken within a round."""
    bench = CliBench(folder, build, files, seconds, fetched or pathlib.Path(folder) / "fetched")
    try:
        pairs = {"put": [], "get": []}
        for i in range(rounds):
            pairs["put"].append(bench.put_round(i))
            pairs["get"].append(bench.get_round(i))
    finally:
        bench.close()
    return {kind: {"rate": statistics.median(ours for ours, _ in found), "their_rate": statistics.median(theirs for _, theirs in found),
                   "rate_ratio": statistics.median(ours / theirs for ours, theirs in found)} for kind, found in pairs.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=5, help="of each run of aisloader")
    parser.add_argument("--fetched", help="directory that objects are fetched into, e.g. on tmpfs; removed at the end")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="ais-cli-bench-", dir=os.environ.get("AIS_TEST_DIR") or "/var/tmp")
    try:
        result = measure(folder, options.build, options.rounds, options.files, options.seconds, options.fetched)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for kind, figures in result.items():
        print(f"{kind}: ais {figures['rate']:,.0f}/s, aisloader {figures['their_rate']:,.0f}/s, ratio {figures['rate_ratio']:.2f}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()

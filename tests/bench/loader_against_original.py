#!/usr/bin/env python3
"""aisloader against the loader of the original (AIStore's in Go), both against one cluster of this build: GETs and PUTs of several sizes
by as many workers, on the machine as it is and beside computing processes.

--original names the program; without it, or $AIS_GO_LOADER, nothing is done. In each round both run one after the other, in turn the one
or the other first. Printed are medians of the rates over rounds, the median of the ratios within a round, and the load average: what
else computes on the machine meanwhile is measured too. The last line is JSON."""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent / "tools")]
from local_cluster import Cluster  # noqa: E402

SIZES = {"4KiB": 4 << 10, "16KiB": 16 << 10, "64KiB": 64 << 10, "1MiB": 1 << 20}
DATASET_BYTES = 256 << 20  # of objects that are read: in the page cache, so that loaders are compared and not disks
OBJECTS_MAX = 10_000


@contextlib.contextmanager
def computing(count):
    """So many processes that compute all the time."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


class Bench:
    def __init__(self, folder, options):
        self.folder, self.options = pathlib.Path(folder), options
        self.threads = [f"-threads={options.threads}"] if options.threads else []
        self.cluster = Cluster(self.folder / "cluster", options.build, targets=options.targets, proxies=1).start()

    def common(self, bucket, kind, size, seconds):
        """What both take: the original's flags."""
        return [f"-bucket=ais://{bucket}", f"-duration={seconds}s", f"-numworkers={self.options.workers}", f"-minsize={size}",
                f"-maxsize={size}", f"-pctput={100 if kind == 'put' else 0}", "-cksum-type=xxhash2", "-cleanup=false", "-quiet", "-json",
                "-statsinterval=0"]

    def run(self, program, arguments):
        done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=600,
                              env={**os.environ, "AIS_ENDPOINT": self.cluster.endpoint})
        if done.returncode != 0:
            raise RuntimeError(f"{program} {' '.join(arguments)}: {done.stdout[-1000:]} {done.stderr[-1000:]}")
        return done.stdout

    def ours(self, bucket, kind, size):
        result = json.loads(self.run(str(pathlib.Path(self.options.build) / "bin/aisloader"),
                                     self.common(bucket, kind, size, self.options.seconds) + self.threads))
        if result["errors"]:
            raise RuntimeError(f"aisloader: {result['errors']}")
        return result[kind]["ops_per_s"]

    def theirs(self, bucket, kind, size):
        path = self.folder / "original.json"
        more = [] if kind == "get" else ["-skiplist=true"]
        self.run(self.options.original, [*self.common(bucket, kind, size, self.options.seconds), *more, f"-stats-output={path}"])
        last = json.loads(path.read_text())[-1][kind]
        if last["errors"]:
            raise RuntimeError(f"{self.options.original}: {last['errors']} errors")
        return int(last["count"]) / (last["duration"] / 1e9)

    def prepare(self, label, size):
        """A bucket of objects to read, and one to put into."""
        objects = min(OBJECTS_MAX, DATASET_BYTES // size)
        self.run(str(pathlib.Path(self.options.build) / "bin/aisloader"),
                 [f"-bucket=ais://get-{label.lower()}", f"-minsize={size}", f"-numobjects={objects}", "-numepochs=1", "-cleanup=false",
                  "-quiet"])

    def one(self, side, kind, label, size):
        """One run. Each puts into a bucket of its own, which goes behind it: the disk keeps room, and no run pays for another's names."""
        if kind == "get":
            return side(f"get-{label.lower()}", kind, size)
        name = f"put-{label.lower()}"
        ais = str(pathlib.Path(self.options.build) / "bin/ais")
        self.run(ais, ["bucket", "create", f"ais://{name}"])
        try:
            return side(name, kind, size)
        finally:
            self.run(ais, ["bucket", "rm", f"ais://{name}", "--yes"])

    def rows(self, busy):
        for label, size in SIZES.items():
            if label not in self.options.sizes:
                continue
            for kind in self.options.kinds:
                pairs, loads = [], []
                for turn in range(self.options.rounds):
                    order = [self.ours, self.theirs] if turn % 2 == 0 else [self.theirs, self.ours]
                    rates = {side.__name__: self.one(side, kind, label, size) for side in order}
                    pairs.append((rates["ours"], rates["theirs"]))
                    loads.append(os.getloadavg()[0])
                yield {"op": kind, "size": label, "computing": busy, "ours_per_s": statistics.median(ours for ours, _ in pairs),
                       "theirs_per_s": statistics.median(theirs for _, theirs in pairs),
                       "ratio": statistics.median(ours / theirs for ours, theirs in pairs),
                       "ratio_min": min(ours / theirs for ours, theirs in pairs), "load_average": statistics.median(loads)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=str(HERE.parent.parent / "build/release"))
    parser.add_argument("--original", default=os.environ.get("AIS_GO_LOADER"), help="the original's aisloader")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--threads", type=int, default=0, help="event loops of ours; 0 = its default")
    parser.add_argument("--targets", type=int, default=1)
    parser.add_argument("--computing", type=lambda text: [int(item) for item in text.split(",")], default=[0, 4],
                        help="computing processes beside the loaders: 0,4")
    parser.add_argument("--sizes", type=lambda text: text.split(","), default=list(SIZES))
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=["get", "put"])
    options = parser.parse_args()
    if not options.original:
        print("skipped: --original names the loader to compare with")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ais-bench-", dir=os.environ.get("AIS_TEST_DIR") or "/var/tmp"))
    done = []
    bench = Bench(folder, options)
    try:
        for label in options.sizes:
            bench.prepare(label, SIZES[label])
        print(f"{'':12} {'computing':>9} {'ours/s':>9} {'theirs/s':>9} {'ratio':>6} {'lowest':>6} {'load':>5}")
        for busy in options.computing:
            with computing(busy):
                for row in bench.rows(busy):
                    done.append(row)
                    print(f"{row['op'].upper():4} {row['size']:>7} {busy:>9} {row['ours_per_s']:>9,.0f} {row['theirs_per_s']:>9,.0f} "
                          f"{row['ratio']:>6.2f} {row['ratio_min']:>6.2f} {row['load_average']:>5.1f}", flush=True)
    finally:
        bench.cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"loader": done}))


if __name__ == "__main__":
    main()

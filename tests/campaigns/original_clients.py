#!/usr/bin/env python3
"""Drives unmodified Go clients of the original against a fresh cluster of ours and checks what they print.

    AIS_GO_CLI=/path/to/ais AIS_GO_LOADER=/path/to/aisloader build/venv/bin/python tests/campaigns/original_clients.py

Builds nothing. A client whose variable is not set is skipped; with neither the script ends with 0 and says so. It prints one line a
check that failed, with what the client printed, and ends with `N passed, N failed`; the exit code is 1 when one failed.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from local_cluster import Cluster  # noqa: E402

TROUBLE = re.compile(r"panic:|goroutine \d|Warning:|runtime error|NaN|%!", re.IGNORECASE)


class Client:
    def __init__(self, program, cluster, folder):
        self.program, self.folder = program, folder
        self.environment = {**os.environ, "AIS_ENDPOINT": cluster.endpoint, "HOME": str(folder), "NO_COLOR": "1"}
        self.passed, self.failed = 0, 0

    def run(self, *arguments, timeout=60):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, errors="replace", timeout=timeout,
                              env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    def check(self, *arguments, shows=(), lacks=(), code=0, quiet=True):
        """Each of `shows` is a regular expression that the output must match; `quiet`: no warning, no panic, nothing malformed."""
        status, text = self.run(*arguments)
        missing = [pattern for pattern in shows if not re.search(pattern, text, re.MULTILINE)]
        odd = [pattern for pattern in lacks if re.search(pattern, text, re.MULTILINE)]
        if quiet and TROUBLE.search(text):
            odd.append(TROUBLE.search(text)[0])
        if status == code and not missing and not odd:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED {' '.join(arguments)}: exit {status}, missing {missing}, odd {odd}\n{text}")


def use_command_line(client, cluster):
    size = r"\d+(\.\d+)?[KMGT]?i?B"
    files = client.folder / "in"
    (files / "sub").mkdir(parents=True)
    for name, content in [("one", b"1" * 3000), ("two", b"2" * 100), ("sub/three", b"3")]:
        (files / name).write_bytes(content)
    target = cluster.targets[0].id
    check = client.check
    check("create", "ais://b", shows=['"ais://b" created'])
    check("put", str(files), "ais://b", "--recursive", "--yes", quiet=False, shows=["PUT 3 files"])
    check("ls", "ais://b", shows=[r"one\s+2\.93KiB"])
    check("ls", "ais://b", "--props", "all", shows=[r"t\[" + "|t\\[".join(t.id for t in cluster.targets)])
    check("ls", "ais://b", "--nr", shows=[r"^sub/\s*$"])
    check("ls", "ais://b/sub", "--nr", shows=[r"^sub/three\s+1B"], lacks=["one"])
    check("object", "set-custom", "ais://b/one", "k=v", shows=["successfully"])
    check("show", "bucket", "ais://b", shows=[r"checksum\.type\s+xxhash2"])
    check("bucket", "props", "set", "ais://b", "checksum.type=md5", shows=["updated"])
    check("show", "cluster", shows=[rf"^p\[{cluster.primary.id}\]\[P\].* online", rf"^t\[{target}\].* online", rf"CAP AVAIL|{size}",
                                    r"Capacity:\s+used", r"Cluster Map:\s+version \d+"], lacks=["unknown", "N/A"])
    check("show", "cluster", "smap", shows=[rf"t\[{target}\]"])
    check("show", "cluster", "bmd", shows=["ais"])
    check("show", "cluster", "config", shows=[r"checksum\.type\s+xxhash2"])
    check("show", "cluster", "stats", quiet=False, shows=[r"put|PUT"])
    check("show", "storage", "mountpath", shows=["Used"], quiet=False)
    check("show", "storage", "disk", quiet=False, shows=["READ|DISK"])
    check("show", "storage", "capacity", quiet=False, shows=[rf"t\[{target}\].*{size}"])
    check("performance", "counters", quiet=False, shows=[r"PUT\(n\)"])
    check("performance", "capacity", quiet=False, shows=[rf"t\[{target}\].*{size}"])
    for view in ["throughput", "latency"]:
        check("performance", view, "--refresh", "1", "--count", "2", quiet=False, shows=[r"PUT\(total/avg size\)", r"\dKiB"], lacks=["panic"])
    check("show", "dashboard", quiet=False, shows=["(?i)capacity"])
    check("config", "cluster", "log.level=4", shows=["4"], quiet=False)
    check("config", "node", target, "inherited", "log", shows=[r"log\.level\s+4"])
    check("log", "get", target, str(client.folder / "log"), quiet=False)
    check("cluster", "reset-stats", shows=["successfully"])
    check("bucket", "rm", "ais://b", "--yes", shows=["destroyed"])


def use_loader(client):
    common = ["-bucket=ais://load", "-minsize=1K", "-maxsize=8K", "-numworkers=4", "-statsinterval=1"]
    total = [r"^\S+\s+PUT\s+[\d,]+\s+\S+iB.*\s0\s*$"]
    client.check(*common, "-pctput=100", "-duration=2s", "-cleanup=false", shows=total)
    client.check(*common, "-pctput=0", "-duration=2s", "-cleanup=false", shows=[total[0].replace("PUT", "GET")])
    client.check(*common, "-pctput=50", "-duration=2s", "-cleanup=false", "-verifyhash", shows=total)
    client.check(*common, "-pctput=100", "-duration=2s", "-cleanup=true", "-num-subdirs=10", shows=total)


def main():
    line, loader = os.environ.get("AIS_GO_CLI"), os.environ.get("AIS_GO_LOADER")
    if not line and not loader:
        print("skipped: neither AIS_GO_CLI nor AIS_GO_LOADER is set")
        return 0
    clients = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("AIS_TEST_DIR")) as folder:
        home = pathlib.Path(folder) / "home"
        home.mkdir()
        cluster = Cluster(pathlib.Path(folder) / "cluster", ROOT / "build/release", targets=3, mountpaths=2).start()
        try:
            if line:
                clients.append(Client(line, cluster, home))
                use_command_line(clients[-1], cluster)
            if loader:
                clients.append(Client(loader, cluster, home))
                use_loader(clients[-1])
        finally:
            cluster.stop()
    failed = sum(client.failed for client in clients)
    print(f"{sum(client.passed for client in clients)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

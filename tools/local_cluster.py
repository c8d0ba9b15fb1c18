"""A cluster of real daemons on this machine: start, find, wait for, stop. The playground, the end-to-end tests and the benchmarks
share it. Python standard library only.

A node is a folder: <root>/<name>/{state,log,mp1,mp2,...} with three files of ours in it: `ready` (written by the daemon when it
serves: key=value lines), `process` (JSON: pid, start time, executable) and `stderr`. A process is only ever signalled when its
start time and its executable are still those that were recorded, so a recycled pid is safe.
"""
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = {"proxy": "ais-proxy", "target": "ais-target"}


class ClusterError(Exception):
    """A node did not start, stop or answer as it should; the text is for people."""


def wait_until(condition, timeout, what, interval=0.005):
    """Polls `condition` until it returns something true, and returns that. Raises ClusterError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise ClusterError(f"not within {timeout:g} s: {what() if callable(what) else what}")
        time.sleep(interval)


def process_start_time(pid):
    """Clock ticks since boot at which `pid` started, or None when there is no such (living) process."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def process_executable(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
    except OSError:
        return None


def http_get(host, port, target, timeout=2.0, headers=None):
    """(status, headers, body) of one GET on a connection of its own."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", target, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


class Node:
    """One daemon. `port` 0 lets the daemon choose; a restart keeps the port that it had the first time, as a real host would."""

    def __init__(self, kind, folder, build, *, host="127.0.0.1", port=0, intra_port=0, mountpaths=(), join=(), primary=False,
                 shared_filesystem=False, extra=()):
        self.kind = kind
        self.folder = pathlib.Path(folder).resolve()
        self.executable = str((pathlib.Path(build) / "bin" / PROGRAMS[kind]).resolve())
        self.host, self.port, self.intra_port = host, port, intra_port
        self.mountpaths, self.join, self.primary = [str(m) for m in mountpaths], list(join), primary
        self.shared_filesystem, self.extra = shared_filesystem, list(extra)
        self.id = None
        self.popen = None

    @property
    def name(self):
        return self.folder.name

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self):
        record = self._record()
        return record["pid"] if record else None

    def arguments(self):
        args = [self.executable, "--state-dir", str(self.folder / "state"), "--log-dir", str(self.folder / "log"),
                "--port", str(self.port), "--intra-port", str(self.intra_port), "--public-host", self.host,
                "--ready-file", str(self.folder / "ready")]
        if self.host.startswith("127."):  # what only this machine is told about, only this machine may reach
            args += ["--bind", self.host]
        for mountpath in self.mountpaths:
            args += ["--mountpath", mountpath]
        for url in self.join:
            args += ["--join", url]
        if self.primary:
            args.append("--primary")
        if self.shared_filesystem:
            args.append("--allow-shared-filesystem")
        return args + self.extra

    def start(self, environment=None):
        """Starts the process; wait_ready() says when it serves."""
        if self.running():
            raise ClusterError(f"{self.name} is already running (pid {self.pid})")
        for folder in [self.folder / "state", self.folder / "log"]:
            folder.mkdir(parents=True, exist_ok=True)
        for mountpath in self.mountpaths:
            pathlib.Path(mountpath).mkdir(parents=True, exist_ok=True)
        (self.folder / "ready").unlink(missing_ok=True)
        with open(self.folder / "stderr", "ab") as stderr:
            self.popen = subprocess.Popen(self.arguments(), stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr,
                                          start_new_session=True, env={**os.environ, **(environment or {})})
        record = {"pid": self.popen.pid, "start_time": process_start_time(self.popen.pid), "executable": self.executable}
        (self.folder / "process").write_text(json.dumps(record))
        return self

    def read_ready_file(self):
        """Ports and id from the ready file; False while it is not there or belongs to an earlier process."""
        try:
            text = (self.folder / "ready").read_text()
        except OSError:
            return False
        values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        if not {"pid", "port", "intra_port", "id"} <= values.keys() or int(values["pid"]) != self.pid:
            return False
        self.port, self.intra_port, self.id = int(values["port"]), int(values["intra_port"]), values["id"]
        return True

    def healthy(self, query=""):
        try:
            return http_get(self.host, self.port, "/v1/health" + query)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_ready(self, timeout=10.0):
        def ready():
            if not self.running():
                raise ClusterError(f"{self.name} ended while starting:\n{self.stderr_tail()}")
            return self.read_ready_file() and self.healthy()
        wait_until(ready, timeout, lambda: f"{self.name} is ready; its stderr:\n{self.stderr_tail()}")
        return self

    def wait_ended(self, timeout=15.0):
        """Waits for the process to end by itself; its exit status where this process is the parent, else None."""
        wait_until(lambda: not self.running(), timeout, f"{self.name} ends")
        status = self.popen.wait() if self.popen else None
        self.popen = None
        (self.folder / "process").unlink(missing_ok=True)
        (self.folder / "ready").unlink(missing_ok=True)
        return status

    def signal(self, number):
        if self.running():
            os.kill(self.pid, number)

    def stop(self, timeout=15.0):
        """SIGTERM, and SIGKILL when that does not help in time."""
        if self.running():
            self.signal(signal.SIGTERM)
            try:
                return self.wait_ended(timeout)
            except ClusterError:
                return self.kill()
        return self.wait_ended()

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait_ended()

    def running(self):
        if self.popen is not None:
            return self.popen.poll() is None
        record = self._record()
        return bool(record) and record["start_time"] is not None and \
            process_start_time(record["pid"]) == record["start_time"] and \
            process_executable(record["pid"]) == record["executable"]

    def stderr_tail(self, lines=12):
        try:
            return "\n".join((self.folder / "stderr").read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def memory(self):
        """Bytes by name from smaps_rollup: Rss, Pss, Anonymous, ..."""
        text = pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        rows = (line.split() for line in text.splitlines()[1:])
        return {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows}

    def cpu_ns(self):
        """Scheduler run time of all its threads, user and system."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                pass  # the thread ended between the listing and the reading
        return total

    def _record(self):
        try:
            return json.loads((self.folder / "process").read_text())
        except (OSError, ValueError):
            return None


class Cluster:
    """Gateways p1.. (p1 is the primary) and targets t1.. under one root."""

    def __init__(self, root, build, *, targets=1, proxies=1, mountpaths=1, base_port=0, host="127.0.0.1", filesystems=(),
                 proxy_extra=(), target_extra=()):
        self.root = pathlib.Path(root).resolve()
        self.host = host
        ports = iter(range(base_port, base_port + targets + proxies)) if base_port else None

        def node(kind, name, **options):
            port = next(ports) if ports else 0
            return Node(kind, self.root / name, build, host=host, port=port, intra_port=port + 1000 if port else 0, **options)

        self.proxies = [node("proxy", f"p{i + 1}", primary=i == 0, extra=proxy_extra) for i in range(proxies)]
        self.targets = []
        for i in range(targets):
            name = f"t{i + 1}"
            # Ready-made filesystems are shared by the targets of this one machine: each has a folder of its own on each.
            paths = [pathlib.Path(f) / name for f in filesystems] or [self.root / name / f"mp{m + 1}" for m in range(mountpaths)]
            self.targets.append(node("target", name, mountpaths=paths, shared_filesystem=not filesystems, extra=target_extra))

    @property
    def primary(self):
        return self.proxies[0]

    @property
    def nodes(self):
        return self.proxies + self.targets

    @property
    def endpoint(self):
        return self.primary.url

    def start(self, timeout=20.0):
        """Starts every node and waits until all serve and are in the cluster map. Nothing is left running when it fails."""
        try:
            self.start_missing(timeout)
        except BaseException:
            self.stop()
            raise
        return self

    def start_missing(self, timeout=20.0):
        """Starts the nodes that do not run, leaves the others alone, and waits as start() does. Returns those that were started."""
        missing = [node for node in self.nodes if not node.running()]
        for node in self.nodes:
            if node is self.primary and node in missing:
                node.start()
            if node is self.primary or node not in missing:
                node.wait_ready(timeout)
        for node in missing:
            if node is not self.primary:
                node.join = [self.primary.url]
                node.start()
        for node in missing:
            node.wait_ready(timeout)
        self.wait_complete(timeout)
        return missing

    def wait_complete(self, timeout=10.0):
        """Waits until every node's map has all nodes at their present addresses and every node is ready for clients."""
        expected = {node.id: node.url for node in self.nodes}

        def complete(node):
            try:
                status, _, body = http_get(node.host, node.port, "/v1/daemon?what=smap")
            except (OSError, http.client.HTTPException):
                return False
            if status != 200:
                return False
            smap = json.loads(body)
            have = {**smap["pmap"], **smap["tmap"]}
            addresses = {i: n["public_net"]["direct_url"] for i, n in have.items()}
            return all(addresses.get(i) == url for i, url in expected.items()) and node.healthy("?readiness=true")
        for node in self.nodes:
            wait_until(lambda n=node: complete(n), timeout, f"{node.name} knows all {len(expected)} nodes")
        return self

    def stop(self):
        """Targets and gateways at once: SIGTERM to all, then wait for each."""
        for node in self.nodes:
            node.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()

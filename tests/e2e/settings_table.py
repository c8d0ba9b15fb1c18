"""The knobs as docs/configuration.md lists them (the table is printed from the code, which a unit test checks), and what tests do with
them."""
import contextlib
import dataclasses
import pathlib
import signal
import time
import urllib.parse

import wire
from conftest import create_bucket
from local_cluster import wait_until

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/configuration.md"


@dataclasses.dataclass(frozen=True)
class Knob:
    name: str
    type: str
    default: str
    allowed: str
    scope: str
    effect: str  # "", "not there: <feature>", "only <bits>"

    @property
    def missing(self):
        return self.effect.removeprefix("not there: ") if self.effect.startswith("not there: ") else ""

    @property
    def per_node(self):
        return self.scope.startswith("node")

    def other_value(self):
        """Some value that it may take and that is not its default."""
        if self.name in OTHER_VALUES:
            return OTHER_VALUES[self.name]
        if self.type == "bool":
            return "false" if self.default == "true" else "true"
        if self.type == "int":
            high = self.allowed.rpartition(" .. ")[2] if " .. " in self.allowed else ""
            return str(int(self.default) - 1 if high == self.default else int(self.default) + 1)
        if self.type == "string" and ", " in self.allowed:
            return next(word for word in self.allowed.split(", ") if word != self.default)
        return {"string": "text", "list": "text", "backends": '{"aws":{}}', "size": "2MiB", "duration": "7s"}[self.type]


OTHER_VALUES = {
    "lru.dont_evict_time": "5h", "timeout.startup_time": "2m", "timeout.join_startup_time": "4m", "timeout.max_host_busy": "1m",
    "distributed_sort.default_max_mem_usage": "70%", "distributed_sort.dsorter_mem_threshold": "1GB", "lru.capacity_upd_time": "1m",
    "memsys.default_buf": "64KiB", "transport.idle_teardown": "7s",
}


def knobs():
    rows = []
    for line in PAGE.read_text().splitlines():
        if not line.startswith("| `"):
            continue
        name, kind, default, allowed, scope, _, effect = (cell.strip() for cell in line.strip("|").split(" |"))
        rows.append(Knob(name.strip("`"), kind, default.strip("`"), allowed, scope, effect))
    return rows


KNOBS = knobs()
MISSING = [knob for knob in KNOBS if knob.missing]
WITH_EFFECT = [knob for knob in KNOBS if not knob.missing]


def set_knobs(cluster, **values):
    """set_knobs(place, log__level="4")"""
    query = urllib.parse.urlencode({name.replace("__", "."): value for name, value in values.items()})
    answer = wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?" + query)
    assert answer.status == 200, answer


def config_of(cluster):
    return wire.request(cluster.endpoint, "GET", "/v1/cluster?what=cluster_config").json()


@contextlib.contextmanager
def new_bucket(cluster, props=None):
    name = f"b{time.monotonic_ns()}"
    create_bucket(cluster.endpoint, name, props)
    try:
        yield name
    finally:
        wire.request(cluster.endpoint, "DELETE", f"/v1/buckets/{name}", {"action": "destroy-bck"})


def states_of(node):
    """Of its threads: a signal reaches each at its own time."""
    states = set()
    for task in pathlib.Path(f"/proc/{node.pid}/task").iterdir():
        with contextlib.suppress(OSError):
            states.add((task / "stat").read_text().rpartition(")")[2].split()[0])
    return states


@contextlib.contextmanager
def stopped(*nodes):
    """These processes hear nothing for a while."""
    for node in nodes:
        node.signal(signal.SIGSTOP)
        wait_until(lambda n=node: states_of(n) == {"T"}, 5, f"{node.name} stands still")
    try:
        yield
    finally:
        for node in nodes:
            node.signal(signal.SIGCONT)

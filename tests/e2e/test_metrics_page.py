"""docs/metrics.md lists what the nodes export: no metric more, none less, with the kind and the meaning that they tell themselves."""
import re

import wire
from conftest import ROOT


def rows_of_page():
    """{section: {tracker name: (Prometheus name, kind, meaning)}}"""
    sections, current = {}, None
    for line in (ROOT / "docs/metrics.md").read_text().splitlines():
        if line.startswith("## "):
            current = sections.setdefault(line[3:], {})
        elif row := re.match(r"\| `([^`]+)` \| `([^`]+)` \| ([^|]+) \| (.+) \|$", line):
            current[row[1]] = (row[2], row[3], row[4])
    return sections


def prometheus_name(role, tracker):
    """The rule that the page states."""
    for end, becomes in [(".n", "_count"), (".size", "_bytes")]:
        if tracker.endswith(end):
            tracker = tracker.removesuffix(end) + becomes
    return f"ais_{role}_" + re.sub(r"\W", "_", tracker)


def rows_of_node(node, role):
    """As the page has them: a disk's name is NAME there."""
    kinds = wire.request(node.url, "GET", "/v1/daemon?what=metrics").json()
    text = wire.request(node.url, "GET", "/metrics").body.decode()
    helps = dict(re.findall(r"^# HELP (\S+) (.+)$", text, re.MULTILINE))
    of_a_disk = re.compile(r"^disk\..+\.(read\.bps|write\.bps|avg\.rsize|avg\.wsize|util)$")
    names = {tracker: of_a_disk.sub(r"disk.NAME.\1", tracker) for tracker in kinds}
    return {names[tracker]: (prometheus_name(role, names[tracker]), kind, helps.get(prometheus_name(role, tracker)))
            for tracker, kind in kinds.items()}


def test_page_and_nodes_agree(cluster):
    sections = rows_of_page()
    assert set(sections) == {"Every node", "Gateways", "Targets"}
    for node, section, role in [(cluster.primary, "Gateways", "proxy"), (cluster.targets[0], "Targets", "target")]:
        common = {tracker: (name.replace("ais_proxy_", f"ais_{role}_"), kind, meaning)
                  for tracker, (name, kind, meaning) in sections["Every node"].items()}
        expected = common | sections[section]
        rows = rows_of_node(node, role)
        if not any(name.startswith("disk.") for name in rows):  # a filesystem without a disk, such as tmpfs
            expected = {name: row for name, row in expected.items() if not name.startswith("disk.")}
        assert rows == expected, f"docs/metrics.md, {section}"

"""docs/metrics.md lists what the nodes export: no metric more, none less, with the meaning that they print themselves."""
import json
import re

import wire
from conftest import ROOT


def rows_of_page():
    """{section: {tracker name: (Prometheus name, meaning)}}"""
    sections, current = {}, None
    for line in (ROOT / "docs/metrics.md").read_text().splitlines():
        if line.startswith("## "):
            current = sections.setdefault(line[3:], {})
        elif row := re.match(r"\| `([^`]+)` \| `([^`]+)` \| [^|]+ \| (.+) \|$", line):
            current[row[1]] = (row[2], row[3])
    return sections


def rows_of_node(node):
    names = json.loads(wire.request(node.url, "GET", "/v1/daemon?what=metrics").body)
    text = wire.request(node.url, "GET", "/metrics").body.decode()
    helps = dict(re.findall(r"^# HELP (\S+) (.+)$", text, re.MULTILINE))
    return {tracker: (prometheus, helps.get(prometheus)) for tracker, prometheus in names.items()}


def test_page_and_nodes_agree(cluster):
    sections = rows_of_page()
    assert set(sections) == {"Every node", "Gateways", "Targets"}
    for node, section, role in [(cluster.primary, "Gateways", "proxy"), (cluster.targets[0], "Targets", "target")]:
        common = {tracker: (name.replace("ais_proxy_", f"ais_{role}_"), meaning)
                  for tracker, (name, meaning) in sections["Every node"].items()}
        assert rows_of_node(node) == common | sections[section], f"docs/metrics.md, {section}"

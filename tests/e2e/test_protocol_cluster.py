"""The wire of nodes and the cluster: health, metrics, logs, node queries, configuration."""
import io
import re
import tarfile

import pytest
import wire
from wire import put, reverse


def test_health(cluster):
    for node in cluster.nodes:
        answer = wire.request(node.url, "GET", "/v1/health")
        assert (answer.status, answer.body) == (200, b"")
        assert int(answer.headers["Ais-Node-Uptime"]) > 0 and int(answer.headers["Ais-Cluster-Uptime"]) >= 0
        assert wire.request(node.url, "GET", "/v1/health?readiness=true").status == 200
        info = wire.request(node.url, "GET", "/v1/health?cii=true").json()
        assert info["smap"]["Primary"]["id"] == cluster.primary.id
        assert info["flags"] & 6 == 6
    for proxy in cluster.proxies:
        assert wire.request(proxy.url, "GET", "/v1/health?prr=true").status == 200
        assert wire.request(proxy.url, "GET", "/v1/health?prr=true&cii=true").status == 400


def test_root_page(cluster):
    """A browser is told what this is, with links that work; others get the error that they got before."""
    for node, word in ((cluster.proxies[1], "gateway"), (cluster.targets[0], "target")):
        page = wire.request(node.url, "GET", "/", headers={"Accept": "text/html,application/xhtml+xml"})
        assert page.status == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
        text = page.body.decode()
        assert word in text and node.id in text
        links = re.findall(r'href="([^"]+)"', text)
        assert len(links) >= 4
        for link in links:
            assert wire.request(node.url, "GET", link).status == 200, link
        assert wire.request(node.url, "HEAD", "/", headers={"Accept": "text/html"}).status == 200
        for method, headers in (("GET", {}), ("GET", {"Accept": "*/*"}), ("PUT", {"Accept": "text/html"})):
            assert wire.request(node.url, method, "/", headers=headers).status == 404, (method, headers)
        assert wire.request(node.url, "GET", "/favicon.ico", headers={"Accept": "text/html"}).status == 404


def test_metrics(cluster, bucket):
    put(cluster, bucket, "o")
    for node in cluster.nodes:
        answer = wire.request(node.url, "GET", "/metrics")
        assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
        samples = [line for line in answer.body.decode().splitlines() if line and not line.startswith("#")]
        assert samples and all(re.fullmatch(r"[a-zA-Z_:][\w:]*(\{.*\})? [0-9.eE+-]+(NaN|Inf)?", line) for line in samples)


def test_logs(cluster):
    for node in [cluster.primary, cluster.proxies[1], cluster.targets[0]]:
        text = reverse(cluster, node, "?what=log&severity=info")
        assert text.status == 200 and text.body
        tail = reverse(cluster, node, "?what=log&severity=info&offset=10")
        assert tail.body[:20] == text.body[10:30]
        assert reverse(cluster, node, "?what=log&severity=info&offset=999999999").status == 416
        assert reverse(cluster, node, "?what=log&severity=error").status == 200
        assert reverse(cluster, node, "?what=log&severity=x").status == 400
        archive = reverse(cluster, node, "?what=log&severity=info&all=true")
        assert archive.status == 200
        with tarfile.open(fileobj=io.BytesIO(archive.body), mode="r:gz") as tar:
            assert any(member.size > 0 for member in tar.getmembers())


def test_reverse(cluster):
    for node in cluster.nodes:
        status = reverse(cluster, node, "?what=node_status").json()
        assert status["snode"]["daemon_id"] == node.id
        assert status["ais_version"].startswith("5.0")
        assert isinstance(status["smap_version"], str) and isinstance(status["tracker"], dict)
        assert reverse(cluster, node, "?what=snode").json()["public_net"]["direct_url"] == node.url
    missing = wire.request(cluster.endpoint, "GET", "/v1/reverse/daemon?what=smap")
    assert missing.status == 400 and "missing node ID" in missing.json()["message"]
    unknown = wire.request(cluster.endpoint, "GET", "/v1/reverse/daemon?what=smap", headers={"Ais-Node-Id": "t99999999"})
    assert unknown.status == 404 and "node t99999999 not present in Smap" in unknown.json()["message"]


def test_node_queries(cluster):
    for node in cluster.nodes:
        for what in ["smap", "bmd", "config", "snode", "sysinfo", "node_stats", "node_status", "metrics"]:
            answer = wire.request(node.url, "GET", f"/v1/daemon?what={what}")
            assert answer.status == 200 and isinstance(answer.json(), dict), (what, answer)
            assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
            assert answer.body.endswith(b"\n")
        assert wire.request(node.url, "GET", "/v1/daemon?what=software_version").body.startswith(b"5.0")
        bad = wire.request(node.url, "GET", "/v1/daemon?what=nonsense")
        assert bad.status == 400 and "unexpected query [what=nonsense]" in bad.json()["message"]
    paths = wire.request(cluster.targets[0].url, "GET", "/v1/daemon?what=mountpaths").json()
    assert sorted(paths["available"]) == sorted(cluster.targets[0].mountpaths) and paths["disabled"] == []


def test_cluster_queries(cluster):
    smap = wire.request(cluster.endpoint, "GET", "/v1/cluster?what=smap").json()
    assert set(smap["tmap"]) == {t.id for t in cluster.targets} and set(smap["pmap"]) == {p.id for p in cluster.proxies}
    assert smap["proxy_si"]["daemon_id"] == cluster.primary.id
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", smap["creation_time"]) and smap["version"].isdigit()
    snode = smap["tmap"][cluster.targets[0].id]
    assert {"public_net", "intra_data_net", "intra_control_net", "daemon_type", "daemon_id", "flags", "id_digest"} <= snode.keys()
    assert isinstance(snode["id_digest"], int) and snode["public_net"]["daemon_port"] == str(cluster.targets[0].port)
    assert wire.request(cluster.endpoint, "GET", "/v1/cluster?what=backends").json() == []
    assert wire.request(cluster.endpoint, "GET", "/v1/cluster?what=remote").json()["a"] is None
    assert set(wire.request(cluster.endpoint, "GET", "/v1/cluster?what=sysinfo").json()["target"]) == {t.id for t in cluster.targets}
    assert set(wire.request(cluster.endpoint, "GET", "/v1/cluster?what=mountpaths").json()["targets"]) == {t.id for t in cluster.targets}
    assert b"127.0.0.1" in wire.request(cluster.endpoint, "GET", "/v1/cluster?what=target_ips").body
    assert wire.request(cluster.endpoint, "GET", "/v1/cluster?what=nonsense").status == 400


def cluster_config(cluster, proxy=0):
    return wire.request(cluster.proxies[proxy].url, "GET", "/v1/cluster?what=cluster_config").json()


SECTIONS = """write_policy checksum tcb tco arch lso rate_limit keepalivetracker rebalance log ec get_batch space transport disk fshc chunks
lru mirror periodic client downloader auth backend uuid lastupdate_time config_version proxy net timeout memsys features versioning
resilver""".split()


def test_config_shape_and_defaults(cluster):
    config = cluster_config(cluster)
    assert set(SECTIONS) <= set(config)
    assert config["checksum"]["type"] == "xxhash2" and config["client"]["client_timeout"] == "10s"
    assert config["timeout"]["object_md"] == "2h0m" and config["space"]["out_of_space"] == 95
    assert config["features"] == "0" and config["config_version"].isdigit()


def test_config_set_and_reset(cluster):
    version = int(cluster_config(cluster)["config_version"])
    for i, proxy in enumerate(cluster.proxies):
        changed = wire.request(proxy.url, "PUT", f"/v1/cluster/set-config?periodic.retry_sync_time={5 + i}s&log.level=4")
        assert (changed.status, changed.body) == (200, b"")
        for j in range(len(cluster.proxies)):
            assert cluster_config(cluster, j)["periodic"]["retry_sync_time"] == f"{5 + i}s"
        for target in cluster.targets:
            config = wire.request(target.url, "GET", "/v1/daemon?what=config").json()
            assert config["periodic"]["retry_sync_time"] == f"{5 + i}s" and config["log"]["level"] == "4"
    assert int(cluster_config(cluster)["config_version"]) > version
    body = {"action": "set-config", "value": {"checksum": {"type": "md5"}}}
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster", body).status == 200
    assert cluster_config(cluster)["checksum"]["type"] == "md5"
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster", {"action": "reset-config"}).status == 200
    config = cluster_config(cluster)
    assert config["periodic"]["retry_sync_time"] == "2s" and config["checksum"]["type"] == "xxhash2" and config["log"]["level"] == "3"


@pytest.mark.parametrize("query", ["nonsense.field=1", "mirror.copies=1", "mirror.copies=33", "log.level=44", "space.lowwm=99",
                                   "client.client_timeout=abc", "periodic.stats_time=1h", "checksum.type=nope"])
def test_config_validation(cluster, query):
    before = cluster_config(cluster)
    answer = wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?" + query)
    assert answer.status == 400 and answer.json()["message"]
    assert cluster_config(cluster) == before


def test_config_transient(cluster):
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?transient=true&log.level=5").status == 200
    assert cluster_config(cluster)["log"]["level"] == "5"
    assert wire.request(cluster.endpoint, "PUT", "/v1/cluster/set-config?log.level=3").status == 200
    for query in ["net.http.use_https=true", "memsys.min_free=1GiB", "timeout.max_keepalive=6s"]:
        assert wire.request(cluster.endpoint, "PUT", f"/v1/cluster/set-config?transient=true&{query}").status == 501


def test_node_config(cluster):
    node, other = cluster.targets[0], cluster.targets[1]
    assert reverse(cluster, node, "/set-config?log.level=4", "PUT").status == 200
    config = reverse(cluster, node, "?what=config").json()
    assert config["log"]["level"] == "4"
    assert set(config["fspaths"]) == set(node.mountpaths)
    assert config["host_net"]["port"] == str(node.port) and {"confdir", "log_dir", "test_fspaths"} <= set(config)
    assert reverse(cluster, other, "?what=config").json()["log"]["level"] == "3"
    assert reverse(cluster, node, "/set-config?mirror.copies=3", "PUT").status == 400
    assert reverse(cluster, node, "", "PUT", {"action": "reset-config"}).status == 200
    assert reverse(cluster, node, "?what=config").json()["log"]["level"] == "3"


def test_node_actions(cluster):
    for node in [cluster.primary, cluster.targets[0]]:
        for action in ["reset-stats", "rotate-logs"]:
            assert reverse(cluster, node, "", "PUT", {"action": action}).status == 200, action
        assert reverse(cluster, node, "", "PUT", {"action": "nonsense"}).status == 400


def test_job_queries_when_nothing_runs(cluster):
    unknown = wire.request(cluster.endpoint, "GET", "/v1/cluster?what=status", {"id": "nosuchjob1"})
    assert unknown.status == 404 and unknown.json()["tcode"] == "ErrXactNotFound"
    assert wire.request(cluster.endpoint, "GET", "/v1/cluster?what=qryxstats", {}).status == 200

"""Settings that nothing acts on in this version are refused with 501, and nothing is changed."""
import json
import urllib.parse

import pytest
import wire
from settings_table import KNOBS, MISSING, config_of, new_bucket
from test_settings import PROBES


def refused(answer, name, feature):
    assert answer.status == 501, (name, answer)
    error = answer.json()
    assert error["tcode"] == "ErrNotImpl" and error["message"] == f"{name}: {feature} is not there in this version", error


def test_missing_knobs_are_refused_and_change_nothing(place):
    before = config_of(place)
    assert len(MISSING) > 90
    for knob in MISSING:
        pair = urllib.parse.urlencode({knob.name: knob.other_value()})
        refused(wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?log.level=4&{pair}"), knob.name, knob.missing)
        if knob.per_node:
            refused(wire.reverse(place, place.targets[0], f"/set-config?log.level=4&{pair}", "PUT"), knob.name, knob.missing)
        if "not transient" not in knob.scope:
            refused(wire.request(place.proxies[1].url, "PUT", f"/v1/cluster/set-config?{pair}&transient=true"), knob.name, knob.missing)
        # The default is what is there; a list and a text without one have no value to give back.
        if knob.default and knob.type not in ("list", "backends"):
            same = urllib.parse.urlencode({knob.name: knob.default})
            assert wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?{same}").status == 200, knob
    after = config_of(place)
    for name in ("config_version", "lastupdate_time"):
        before.pop(name), after.pop(name)
    assert after == before
    assert wire.reverse(place, place.targets[0], "?what=config").json()["log"]["level"] == "3"


def test_a_document_is_refused_whole_and_may_be_sent_back(place):
    whole = config_of(place)
    assert wire.request(place.endpoint, "PUT", "/v1/cluster", {"action": "set-config", "value": whole}).status == 200
    for section, member, value, feature in [("mirror", "enabled", True, "mirroring"), ("EC", "enabled", True, "erasure coding"),
                                            ("net", "http", {"use_https": True}, "TLS"), ("backend", "aws", {}, "backend support")]:
        changed = {"log": {"level": "5"}, section: {member: value}}
        answer = wire.request(place.endpoint, "PUT", "/v1/cluster", {"action": "set-config", "value": changed})
        assert answer.status == 501 and feature in answer.json()["message"], answer
        assert config_of(place)["log"]["level"] == "3"


def test_every_feature_flag_is_there_or_refused(place):
    for bit in range(28):
        answer = wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?features={1 << bit}")
        assert answer.status == (200 if bit == 4 else 501), (bit, answer)
        if bit != 4:
            assert answer.json()["message"].startswith("features: ") and not answer.json()["message"].startswith("features: 1")
        assert wire.request(place.endpoint, "PUT", "/v1/cluster/set-config?features=0").status == 200
    assert wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?features={1 << 28}").status == 400


def test_what_is_not_allowed_is_400_before_501(place):
    for query in ["mirror.copies=1", "mirror.copies=33", "ec.data_slices=0", "lru.dont_evict_time=1m", "features=x"]:
        assert wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?{query}").status == 400, query


def leaves(value, prefix=""):
    for key, item in value.items():
        if isinstance(item, dict):
            yield from leaves(item, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", item


# Properties of a bucket that are no knobs of the configuration: refused with this, or with their effect (a probe below), or facts.
OWN_PROPERTIES = {
    "backend_bck.name": "fact", "backend_bck.provider": "fact", "backend_bck.namespace.uuid": "fact", "backend_bck.namespace.name": "fact",
    "provider": "fact", "Renamed": "fact", "bid": "fact", "created": "fact", "access": "test_access_bits",
}
HIDDEN_WHEN_EMPTY = {"extra.aws.cloud_region": "x", "extra.aws.endpoint": "http://h", "extra.aws.profile": "x", "extra.aws.max_pagesize": 5,
                     "extra.aws.multipart_size": "5MiB", "extra.gcp.application_creds": "x", "extra.oci.region": "x"}


def nested(name, value):
    for part in reversed(name.split(".")):
        value = {part: value}
    return value


def test_bucket_properties_are_there_or_refused(place):
    by_name = {knob.name: knob for knob in KNOBS}
    with new_bucket(place) as bucket:
        path = f"/v1/buckets/{bucket}"

        def props():
            return json.loads(wire.request(place.endpoint, "HEAD", path).headers["Ais-Bucket-Props"])

        def refuse(value, name, feature):
            value = {"checksum": {"type": "md5"}, **value}
            refused(wire.request(place.endpoint, "PATCH", path, {"action": "set-bprops", "value": value}), name, feature)
            refused(wire.request(place.endpoint, "POST", "/v1/buckets/never", {"action": "create-bck", "value": value}), name, feature)

        before = props()
        for name, _ in leaves(before):
            if name in OWN_PROPERTIES:
                continue
            knob = by_name[name]
            if knob.missing:
                value = knob.other_value()
                refuse(nested(name, value == "true" if knob.type == "bool" else value), name, knob.missing)
            else:
                assert knob.name in PROBES
        for name, value in HIDDEN_WHEN_EMPTY.items():
            refuse(nested(name, value), name, "backend support")
        refuse({"backend_bck": {"name": "c", "provider": "aws"}}, "backend_bck", "backend support")
        refuse({"features": "2"}, "features", "Skip-Loading-VersionChecksum-MD")
        assert props() == before
        assert wire.request(place.endpoint, "HEAD", "/v1/buckets/never").status == 404
        whole = {"action": "set-bprops", "value": before}
        assert wire.request(place.endpoint, "PATCH", path, whole).status == 200
        for copies in (0, 33):
            bad = {"action": "set-bprops", "value": {"mirror": {"copies": copies, "enabled": True}}}
            assert wire.request(place.endpoint, "PATCH", path, bad).status == 400
        note = {"action": "set-bprops", "value": {"extra": {"custom": "my note"}}}
        assert wire.request(place.endpoint, "PATCH", path, note).status == 200 and props()["extra"]["custom"] == "my note"


def test_a_stored_configuration_of_another_version_is_kept_and_told(make_cluster):
    """What an older or newer primary has stored, with something that is missing here: the node starts, keeps it, and says so."""
    own = make_cluster()
    own.stop()
    for node in own.nodes:
        file = node.folder / "state/config.json"
        text = file.read_text()
        assert text.count('"copies":2,') == 1
    # The file has a checksum: what changes it is the daemon itself, by documents of the intra-cluster port.
    own.start()
    config = config_of(own)
    config["config_version"] = str(int(config["config_version"]) + 1)
    config["mirror"]["enabled"] = True
    for node in own.nodes:
        intra = f"http://{node.host}:{node.intra_port}"
        assert wire.request(intra, "PUT", "/v1/metasync", {"config": config}).status == 200
    for node in own.nodes:
        node.stop()
        node.start().wait_ready()
        assert wire.request(node.url, "GET", "/v1/daemon?what=config").json()["mirror"]["enabled"] is True
        log = wire.request(node.url, "GET", "/v1/daemon?what=log").body.decode()
        assert log.count("configuration: mirror.enabled: mirroring is not there in this version") >= 2  # when it came, and at start
    repeat = wire.request(own.endpoint, "PUT", "/v1/cluster/set-config?mirror.enabled=true")
    assert repeat.status == 200
    assert wire.request(own.endpoint, "PUT", "/v1/cluster/set-config?mirror.enabled=false").status == 200
    assert wire.request(own.endpoint, "PUT", "/v1/cluster/set-config?mirror.enabled=true").status == 501




def test_settings_of_one_node_meet_a_change_of_the_cluster(make_cluster):
    """Only what does not fit is lost, and the answer and the node's status say so. A node that is away keeps its own through a reset."""
    own = make_cluster()
    node = own.targets[0]

    def set_node(query):
        assert wire.reverse(own, node, f"/set-config?{query}", "PUT").status == 200

    def config():
        return wire.reverse(own, node, "?what=config").json()

    set_node("log.level=3")  # what the cluster has: kept all the same
    assert wire.request(own.endpoint, "PUT", "/v1/cluster/set-config?log.level=4").status == 200
    assert config()["log"]["level"] == "3"
    set_node("log.max_size=1MiB&space.lowwm=40&space.cleanupwm=30")
    tight = wire.request(own.endpoint, "PUT", "/v1/cluster/set-config?space.highwm=35&space.lowwm=20&space.cleanupwm=10")
    assert tight.status == 200
    assert tight.headers["Ais-Lost-Overrides"] == f"t[{node.id}]: space.cleanupwm, space.lowwm"
    now = config()
    assert now["log"]["level"] == "3" and now["log"]["max_size"] == "1MiB" and now["space"]["lowwm"] == 20
    assert int(wire.reverse(own, node, "?what=node_status").json()["tracker"]["overrides.lost.n"]) == 2
    wide = wire.request(own.endpoint, "PUT", "/v1/cluster/set-config?space.highwm=90&space.lowwm=75&space.cleanupwm=65&transient=true")
    assert wide.status == 200 and "Ais-Lost-Overrides" not in wide.headers
    assert config()["space"]["lowwm"] == 40
    node.stop()
    refused = wire.request(own.endpoint, "PUT", "/v1/cluster", {"action": "reset-config"})
    assert refused.status == 500 and refused.json()["tcode"] == "ErrNodeUnavailable"
    assert f"t[{node.id}]" in refused.json()["message"]
    node.start().wait_ready()
    assert wire.request(own.endpoint, "PUT", "/v1/cluster", {"action": "reset-config"}).status == 200
    assert config()["log"]["level"] == "3" and config()["log"]["max_size"] == "64MiB"


@pytest.mark.parametrize("value, name", [
    ({"bogus": {"x": 1}}, "bogus"), ({"checksum": {"tpye": "md5"}}, "checksum.tpye"), ({"provider": "aws"}, "provider"),
    ({"bid": "7"}, "bid"), ({"created": "5"}, "created"), ({"Renamed": "x"}, "renamed"), ({"access": str(1 << 18)}, "access"),
    ({"extra": {"aws": {"x": ""}}}, "extra.aws.x"),
    ({"backend_bck": {"nmae": "x"}}, "backend_bck.nmae"), ({"access": str(1 << 40 | 1)}, "access"),
])
def test_bucket_properties_that_mean_nothing_are_named(place, value, name):
    with new_bucket(place) as bucket:
        for method, path, action in [("PATCH", bucket, "set-bprops"), ("POST", "never", "create-bck")]:
            answer = wire.request(place.endpoint, method, f"/v1/buckets/{path}", {"action": action, "value": value})
            assert answer.status == 400 and name in answer.json()["message"], answer
        assert wire.request(place.endpoint, "HEAD", "/v1/buckets/never").status == 404
        allowed = {"access": str((1 << 64) - 1), "provider": "ais", "Renamed": "", "force": False, "lru": None}
        assert wire.request(place.endpoint, "PATCH", f"/v1/buckets/{bucket}", {"action": "set-bprops", "value": allowed}).status == 200


@pytest.mark.parametrize("value, status, name", [
    ({"bogus": {"x": 1}}, 400, "bogus"), ({"log": {"levl": "4"}}, 400, "log.levl"), ({"uuid": "other"}, 400, "uuid"),
    ({"tracing": {"enabled": True}}, 501, "tracing.enabled"), ({"fspaths": {"/x": {}}}, 200, ""),
    ({"tracing": {"enabled": False}}, 200, ""),
    ({"net": {"http": {"pub": {"server_crt": "x"}}}}, 501, "net.http.pub.server_crt"), ({"config_version": "1"}, 200, ""),
])
def test_names_of_a_configuration_that_mean_nothing_are_named(place, value, status, name):
    answer = wire.request(place.endpoint, "PUT", "/v1/cluster", {"action": "set-config", "value": value})
    assert answer.status == status, answer
    assert status == 200 or name in answer.json()["message"]


def test_words_that_are_no_booleans_and_knobs_that_are_given_twice(place):
    for query in ["log.level=4&transient=maybe", "log.level=4&log.level=5", "log.level=4&LOG.level=5", "tracing.x.y.z=1&log.level=4"]:
        for answer in [wire.request(place.endpoint, "PUT", f"/v1/cluster/set-config?{query}"),
                       wire.reverse(place, place.targets[0], f"/set-config?{query}", "PUT")]:
            assert answer.status == (501 if "tracing" in query else 400), answer
    assert config_of(place)["log"]["level"] == "3"
    for method, path in [("GET", "/v1/buckets?sys=maybe"), ("GET", "/v1/objects/b/o?presence=9"), ("HEAD", "/v1/objects/b/o?sln=2"),
                         ("GET", "/v1/health?readiness=soon"), ("GET", "/v1/daemon?what=log&all=x")]:
        assert wire.request(place.endpoint, method, path).status == 400, path

"""Probes of the knobs that say over which spans statistics are taken."""
import pathlib
import re
import time

import wire
from local_cluster import wait_until
from settings_table import new_bucket, set_knobs


def metric(node, name):
    text = wire.request(node.url, "GET", "/metrics").body.decode()
    return int(float(re.search(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE)[1]))


def probe_stats_time(place):
    """Rates are those of the latest span: one read shows for a second, and then no longer."""
    set_knobs(place, periodic__stats_time="1s")
    with new_bucket(place) as bucket:
        answer = wire.put(place, bucket, "o", b"x" * 100_000)
        assert answer.status == 200
        (target,) = [node for node in place.targets if metric(node, "ais_target_put_count") > 0 and any(
            p for m in node.mountpaths for p in pathlib.Path(m).rglob(f"*/{bucket}/%ob/o"))]

        def rises_and_falls():
            assert wire.follow(place.endpoint, "GET", f"/v1/objects/{bucket}/o").status == 200
            begin = time.monotonic()
            wait_until(lambda: metric(target, "ais_target_get_bps") > 0, 15, "the rate of the read")
            wait_until(lambda: metric(target, "ais_target_get_bps") == 0, 15, "the rate of none")
            return time.monotonic() - begin
        rises_and_falls()  # the span of 10 s that was under way ends first
        assert rises_and_falls() < 6


def probe_iostat_time_long(place):
    """The figures of the disks stay the same between two readings, however busy the disk is."""
    with new_bucket(place) as bucket:
        def disks():
            return wire.request(place.targets[0].url, "GET", "/v1/daemon?what=disk").json()["AllDiskStats"]

        def changes_within(seconds):
            before, deadline = disks(), time.monotonic() + seconds
            while time.monotonic() < deadline:
                wire.put(place, bucket, "o", b"x" * 100_000)
                if disks() != before:
                    return True
            return False
        assert changes_within(6)
        set_knobs(place, disk__iostat_time_long="8s")
        assert changes_within(15)
        assert not changes_within(5)

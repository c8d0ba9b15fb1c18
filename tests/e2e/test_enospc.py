"""A full disk: 507, nothing half stored, and the target works again when there is room."""
import os
import pathlib

import pytest
import wire
from conftest import create_bucket
from local_cluster import Cluster, wait_until
from loop_disk import MEGABYTE, mounted


@pytest.fixture(params=["ext4", "xfs"])
def small_disk(request, scratch):
    """A loop-mounted filesystem of its own: 64 MiB of ext4, 300 MiB (the least it takes) of XFS."""
    folder = scratch / f"{request.node.originalname}-{request.param}"
    with mounted(folder, request.param, {"ext4": 64, "xfs": 300}[request.param]) as mount:
        yield mount


def files_with_bytes(root):
    return [p for p in pathlib.Path(root).rglob("*") if p.is_file() and p.stat().st_size > 0]


def test_disk_full(small_disk, scratch, build):
    one = Cluster(scratch / f"full-{small_disk.parent.name}", build, targets=1, filesystems=[small_disk])
    one.start()
    try:
        create_bucket(one.endpoint, "full", {"versioning": {"enabled": True}})
        # The watermark would refuse first; this is about the disk itself.
        assert wire.request(one.endpoint, "PUT", "/v1/cluster/set-config?space.out_of_space=100&space.highwm=99").status == 200
        stored, refused = {}, 0
        for i in range(400):
            body = os.urandom(3 * MEGABYTE if i % 2 else 100_000)
            answer = wire.follow(one.endpoint, "PUT", f"/v1/objects/full/o{i}", body)
            if answer.status == 200:
                stored[f"o{i}"] = body
            else:
                assert answer.status == 507, answer
                refused += 1
                if refused == 6:
                    break
        assert refused == 6 and stored
        victim = max(stored, key=lambda name: len(stored[name]))
        assert wire.follow(one.endpoint, "PUT", f"/v1/objects/full/{victim}", os.urandom(40 * MEGABYTE)).status in (200, 507)
        listed = wire.request(one.endpoint, "GET", "/v1/buckets/full", {"action": "list", "value": {}}).json()
        assert sorted(e["name"] for e in listed["entries"]) == sorted(stored)
        for name, body in stored.items():
            if name != victim:
                assert wire.follow(one.endpoint, "GET", f"/v1/objects/full/{name}").body == body
        assert len(files_with_bytes(one.targets[0].mountpaths[0])) <= len(stored) + 4, "work files are gone"
        for name in list(stored)[:len(stored) // 2]:
            assert wire.follow(one.endpoint, "DELETE", f"/v1/objects/full/{name}").status == 200
        # The watermark looks at the disk once a second.
        wait_until(lambda: wire.follow(one.endpoint, "PUT", "/v1/objects/full/again", b"x" * MEGABYTE).status == 200, 3, "room again")
        assert wire.follow(one.endpoint, "GET", "/v1/objects/full/again").body == b"x" * MEGABYTE
    finally:
        one.stop()


def test_out_of_space_watermark(small_disk, scratch, build):
    """Above space.out_of_space a write is refused before a byte of it is received; reads go on."""
    one = Cluster(scratch / f"mark-{small_disk.parent.name}", build, targets=1, filesystems=[small_disk]).start()
    try:
        create_bucket(one.endpoint, "mark")
        body = os.urandom(20 * MEGABYTE)
        assert wire.follow(one.endpoint, "PUT", "/v1/objects/mark/before", body).status == 200
        watermarks = "space.cleanupwm=1&space.lowwm=2&space.highwm=3&space.out_of_space=4"
        assert wire.request(one.endpoint, "PUT", f"/v1/cluster/set-config?{watermarks}").status == 200

        def refused():
            return wire.follow(one.endpoint, "PUT", "/v1/objects/mark/after", b"x").status == 507
        wait_until(refused, 10, "writes are refused")
        assert wire.follow(one.endpoint, "GET", "/v1/objects/mark/before").body == body
    finally:
        one.stop()

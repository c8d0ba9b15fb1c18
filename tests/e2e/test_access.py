"""The access bits of a bucket: each forbids one thing, and nothing else."""
import pytest
import wire
from settings_table import new_bucket


ACCESS = {"GET": (1 << 0, "GET", "/o", None), "HEAD-OBJECT": (1 << 1, "HEAD", "/o", None), "PUT": (1 << 2, "PUT", "/n", b"x"),
          "APPEND": (1 << 3, "PUT", "/a?append_type=append&append_handle=", b"x"), "DELETE-OBJECT": (1 << 4, "DELETE", "/o", None),
          "MOVE-OBJECT": (1 << 5, "POST", "/o", {"action": "rename-obj", "name": "p"}),
          "UPDATE-OBJECT": (1 << 7, "PATCH", "/o", {"value": {"k": "v"}})}


@pytest.mark.parametrize("name", [*ACCESS, "DESTROY-BUCKET"])
def test_access_bits(place, name):
    everything = (1 << 64) - 1
    with new_bucket(place) as bucket:
        wire.put(place, bucket, "o")
        destroy = (1 << 15, "DELETE", None, {"action": "destroy-bck"})
        bit, method, target, body = ACCESS.get(name, destroy)
        path = f"/v1/objects/{bucket}{target}" if target else f"/v1/buckets/{bucket}"

        def allow(access):
            change = {"action": "set-bprops", "value": {"access": str(access)}}
            assert wire.request(place.endpoint, "PATCH", f"/v1/buckets/{bucket}", change).status == 200
        allow(everything & ~bit)
        assert wire.follow(place.endpoint, method, path, body).status == 403
        allow(everything)
        assert wire.follow(place.endpoint, method, path, body).status == 200

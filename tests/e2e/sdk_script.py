"""What a training script does with the Python SDK, against a real cluster: python sdk_script.py ENDPOINT PREFIX. Runs unchanged
under every SDK version; prints "step" lines and ends with a traceback at the first thing that is not as it should be."""
import io
import os
import sys
import tarfile
import tempfile

from aistore.sdk import Client
from aistore.sdk.errors import AISError, ErrBckAlreadyExists, ErrBckNotFound, ErrObjNotFound
from aistore.sdk.list_object_flag import ListObjectFlag

endpoint, prefix = sys.argv[1:3]
client = Client(endpoint)
cluster = client.cluster()


def step(name):
    print("step", name, flush=True)


def expect(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} expected")


def buckets():
    bucket = client.bucket(prefix + "-b").create()
    expect(ErrBckAlreadyExists, bucket.create)
    bucket.create(exist_ok=True)
    assert bucket.name in [b.name for b in cluster.list_buckets()]
    assert "Ais-Bucket-Props" in bucket.head()
    bucket.delete()
    expect(ErrBckNotFound, bucket.delete)
    bucket.delete(missing_ok=True)
    expect(AISError, bucket.head)


def custom_pairs(obj):
    obj.head()
    return obj.props.custom_metadata


def check_head(bucket, obj, size):
    """head() gives headers up to 1.26 (with head_v2 beside it) and properties from 2.0 on."""
    first = obj.head()
    if hasattr(obj, "head_v2"):
        assert first["Ais-Version"] == "1" and int(first["Content-Length"]) == size
        selected = obj.head_v2("checksum,version,last-modified,etag")
        assert selected.size == size and selected.present and selected.obj_version == "1" and selected.checksum_value
        assert selected.last_modified and selected.etag
    else:
        assert first.size == size and first.present
        full = obj.head("checksum,version,atime,copies,location,last-modified,etag")
        assert full.obj_version == "1" and full.location.startswith("t[") and full.mirror_copies == 1
        assert full.checksum_type == "xxhash2" and int(full.access_time) > 0 and full.last_modified and full.etag
    assert obj.props.size == size and obj.props.name == "dir/one.bin" and obj.props.bucket_name == bucket.name


def objects(bucket):
    obj = bucket.object("dir/one.bin")
    body = os.urandom(100_000)
    obj.get_writer().put_content(body)
    assert obj.get_reader().read_all() == body
    assert obj.get_reader(byte_range="bytes=10-19").read_all() == body[10:20]
    assert obj.get_reader(byte_range="bytes=-5").read_all() == body[-5:]
    assert b"".join(obj.get_reader(chunk_size=1000)) == body
    assert obj.get_reader().raw().read(7) == body[:7]
    attributes = obj.get_reader().attributes
    assert attributes.size == len(body) and attributes.checksum_type == "xxhash2" and attributes.obj_version == "1"
    check_head(bucket, obj, len(body))
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        bucket.object("from-file").get_writer().put_file(file.name)
    assert bucket.object("from-file").get_reader().read_all() == body
    with bucket.object("from-file").get_reader().as_file() as file:
        assert file.read(10) == body[:10] and file.read() == body[10:]
    obj.get_writer().set_custom_props({"label": "cat"})
    assert custom_pairs(obj) == {"label": "cat"}
    obj.get_writer().set_custom_props({"kind": "train"}, replace_existing=True)
    assert custom_pairs(obj) == {"kind": "train"}
    obj.delete()
    expect(AISError, obj.head)
    assert ErrObjNotFound is not None


def names(bucket):
    for name in ["with space", "50%", "a+b?c#d", "ключ", "deep/" * 20 + "leaf"]:
        bucket.object(name).get_writer().put_content(name.encode())
        assert bucket.object(name).get_reader().read_all() == name.encode()
        assert bucket.object(name).get_reader(direct=True).read_all() == name.encode()
        bucket.object(name).delete()


def copies(bucket):
    source = bucket.object("copy/source")
    source.get_writer().put_content(b"copied")
    for i in range(5):
        source.copy(bucket.object(f"copy/{i}"))
        assert bucket.object(f"copy/{i}").get_reader().read_all() == b"copied"


def appends(bucket):
    writer = bucket.object("appended").get_writer()
    handle = writer.append_content(b"one,")
    handle = writer.append_content(b"two,", handle=handle)
    writer.append_content(b"", handle=handle, flush=True)
    assert bucket.object("appended").get_reader().read_all() == b"one,two,"
    with writer.as_file(mode="a") as file:
        file.write(b"three")
    assert bucket.object("appended").get_reader().read_all() == b"one,two,three"
    with writer.as_file(mode="w") as file:
        file.write(b"again")
        file.write(b" and again")
    assert bucket.object("appended").get_reader().read_all() == b"again and again"


def listings(bucket):
    wanted = sorted(f"list/{i:03}" for i in range(120))
    for name in wanted:
        bucket.object(name).get_writer().put_content(b"x" * 3)
    page = bucket.list_objects(prefix="list/", page_size=50)
    assert len(page.entries) == 50 and page.continuation_token == wanted[49] and page.uuid
    second = bucket.list_objects(prefix="list/", page_size=50, uuid=page.uuid, continuation_token=page.continuation_token)
    assert [e.name for e in second.entries] == wanted[50:100]
    assert [e.name for e in bucket.list_objects_iter(prefix="list/", page_size=7)] == wanted
    assert [e.name for e in bucket.list_all_objects(prefix="list/", page_size=120)] == wanted
    assert [o.name for o in bucket.list_all_objects_iter(prefix="list/")] == wanted
    full = bucket.list_all_objects(prefix="list/00", props="name,size,checksum,version,atime,location,copies")
    assert all(e.size == 3 and e.checksum and e.version == "1" and e.location and e.copies == 1 and e.atime for e in full)
    only_names = bucket.list_all_objects(prefix="list/", flags=[ListObjectFlag.NAME_ONLY])
    assert [e.name for e in only_names] == wanted
    assert [u for u in bucket.list_urls(prefix="list/00")]


def large(bucket):
    body = os.urandom(5_000_001)
    obj = bucket.object("large")
    obj.get_writer().put_content(body)
    assert bytes(obj.get_reader(direct=True).read_all()) == body
    with obj.get_reader(num_workers=4, chunk_size=1_000_000).read_all() as buffer:
        assert buffer.tobytes() == body
    assert b"".join(bytes(chunk) for chunk in obj.get_reader(num_workers=3, chunk_size=700_000)) == body


def cluster_calls():
    info = cluster.get_info()
    assert len(info.tmap) == 3 and info.proxy_si.public_net.direct_url == endpoint
    assert cluster.is_ready() and cluster.get_uuid() and cluster.get_primary_url() == endpoint
    performance = cluster.get_performance()
    assert set(performance) == set(info.tmap)
    node = next(iter(info.tmap))
    assert cluster.get_node_log(node)
    with tarfile.open(fileobj=io.BytesIO(cluster.get_node_log_archive(node)), mode="r:gz") as tar:
        assert tar.getnames()


def main():
    step("buckets")
    buckets()
    bucket = client.bucket(prefix).create()
    for part in [objects, names, copies, appends, listings, large]:
        step(part.__name__)
        part(bucket)
    step("cluster")
    cluster_calls()
    bucket.delete()
    step("done")


main()

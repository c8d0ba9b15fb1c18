"""What the Python SDK makes of features that are not there: python sdk_missing.py ENDPOINT PREFIX. An error that names the feature, and
empty lists. Runs unchanged under every SDK version; ends with "step done"."""
import sys

from aistore.sdk import Client
from aistore.sdk.errors import AISError
from aistore.sdk.etl import ETLConfig
from aistore.sdk.multiobj import ObjectNames

endpoint, prefix = sys.argv[1:3]
client = Client(endpoint)
cluster = client.cluster()


def refused(feature, call):
    try:
        call()
    except AISError as error:
        assert f"{feature} is not there in this version" in str(error), error
        return
    raise AssertionError(f"no error: {feature}")


def unknown(words, call):
    try:
        call()
    except AISError as error:
        assert words in str(error), error
        return
    raise AssertionError(f"no error: {words}")


def lists():
    assert cluster.list_running_jobs() == []
    assert cluster.list_jobs_status() == []
    assert cluster.list_etls() == []
    assert client.job(job_kind="lru").get_within_timeframe is not None
    unknown("not found", client.job(job_id="nosuchjob1").status)


def main():
    lists()
    bucket = client.bucket(prefix).create()
    obj = bucket.object("o")
    obj.get_writer().put_content(b"hello")
    group = bucket.objects(obj_names=["o"])
    assert ObjectNames is not None and ETLConfig is not None
    refused("running of jobs", lambda: client.job(job_kind="lru").start())
    if hasattr(client.job(), "abort"):
        refused("running of jobs", lambda: client.job(job_id="nosuchjob1").abort())
    refused("copying of buckets", lambda: bucket.copy(client.bucket(prefix + "-2")))
    refused("renaming of buckets", lambda: bucket.rename(prefix + "-2"))
    refused("summarising of buckets", bucket.summary)
    refused("ETL", lambda: bucket.transform(etl_name="my-etl", to_bck=client.bucket(prefix + "-2")))
    refused("deleting of many objects", group.delete)
    refused("copying of many objects", lambda: group.copy(client.bucket(prefix + "-2")))
    refused("archiving", lambda: group.archive("x.tar"))
    refused("ETL", lambda: obj.get_reader(etl=ETLConfig("my-etl")).read_all())
    refused("promoting of files", lambda: obj.promote("/tmp"))
    if hasattr(client, "batch"):
        refused("batch reading", lambda: list(client.batch(["o"], bucket=bucket).get()))
    if hasattr(obj, "multipart_upload"):
        refused("multipart upload", lambda: obj.multipart_upload().create())
    unknown("dsort job nosuchjob1", lambda: client.dsort("nosuchjob1").get_job_info())
    unknown("etl job my-etl", client.etl("my-etl").view)
    assert obj.get_reader().read_all() == b"hello"
    bucket.delete()
    print("step done")


main()

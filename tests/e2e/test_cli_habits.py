"""What users of AIStore's own command line type: its words, its flags, its files."""
import json
import os
import pty
import re
import select
import subprocess
import time

import pytest
from conftest import BUILD, create_bucket, destroy_bucket

AIS = BUILD / "bin" / "ais"


def succeed(run):
    assert run.returncode == 0, (run.args, run.stdout, run.stderr)
    return run.stdout


def refused(run, status=2):
    assert run.returncode == status, (run.args, run.stdout, run.stderr)
    return run.stderr


def on_terminal(endpoint, *arguments, answers=(), timeout=30):
    """(exit status, all that was shown) of a command on a pseudo-terminal. `answers` are (text to wait for, what to type)."""
    process, fd = pty.fork()
    if process == 0:
        os.execve(AIS, [str(AIS), *arguments], {**os.environ, "AIS_ENDPOINT": endpoint, "TERM": "xterm", "NO_COLOR": "1"})
    shown, left, deadline = "", list(answers), time.monotonic() + timeout
    while select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
        try:
            piece = os.read(fd, 65536)
        except OSError:  # the program has ended
            break
        shown += piece.decode(errors="replace")
        if left and left[0][0] in shown:
            os.write(fd, left.pop(0)[1].encode())
    os.close(fd)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return status, shown.replace("\r\n", "\n")


@pytest.fixture
def filled(run_tool, cluster, bucket, tmp_path):
    """A bucket with a/1 .. a/3 and b/1."""
    for name in ("a/1", "a/2", "a/3", "b/1"):
        file = tmp_path / name.replace("/", "-")
        file.write_text(name * 100)
        succeed(run_tool("ais", "put", file, f"ais://{bucket}/{name}"))
    return f"ais://{bucket}"


# ---------------------------------------------------------------- words and flags

def test_long_flags_may_have_one_dash(run_tool, filled):
    assert succeed(run_tool("ais", "ls", filled, "-prefix=a", "-name-only")).split() == ["a/1", "a/2", "a/3"]
    assert succeed(run_tool("ais", "ls", filled, "-props", "name,size", "-limit=1")).splitlines()[0].split() == ["NAME", "SIZE"]
    succeed(run_tool("ais", "rmo", "-prefix=b", filled, "-y"))
    assert succeed(run_tool("ais", "ls", filled, "-1")).split() == ["a/1", "a/2", "a/3"]


def test_words_that_are_not_there(run_tool):
    for word in ("etl", "job", "auth", "wait", "tls", "dsort"):
        text = refused(run_tool("ais", word, "ls"))
        assert f"AIStore's \"{word}\" is not part of this version" in text and "did you mean" not in text
    assert "not part of this version" in refused(run_tool("ais", "show", "dashboard"))


def test_a_group_alone_says_its_commands(run_tool):
    for words, command in ((["bucket"], "bucket create"), (["show"], "show cluster"), (["log"], "log get"), (["object"], "object put")):
        run = run_tool("ais", *words)
        assert run.returncode == 2 and run.stdout == "" and command in run.stderr


def test_version(run_tool):
    version = succeed(run_tool("ais", "version"))
    assert version == succeed(run_tool("ais", "-v")) == succeed(run_tool("ais", "--version"))
    assert json.loads(succeed(run_tool("ais", "version", "--json")))["version"] in version


def test_j_is_json_unless_a_command_has_its_own(run_tool, filled):
    assert len(json.loads(succeed(run_tool("ais", "ls", filled, "-j")))) == 4
    assert json.loads(succeed(run_tool("ais", "show", "config", "cluster", "log", "-j")))["level"]
    assert succeed(run_tool("ais", "rmo", f"{filled}/b/1", "-j", "3", "-y"))


def test_tables_without_titles_and_totals(run_tool, cluster, filled):
    with_titles = succeed(run_tool("ais", "ls", filled)).splitlines()
    assert succeed(run_tool("ais", "ls", filled, "-H")).splitlines() == with_titles[1:]
    nodes = succeed(run_tool("ais", "show", "cluster", "--no-headers", "--no-footers")).splitlines()
    assert len(nodes) == len(cluster.nodes) and all(line.split()[0] in ("primary", "proxy", "target") for line in nodes)
    assert "total" in succeed(run_tool("ais", "summary", f"{filled}/a/", f"{filled}/b/"))
    assert "total" not in succeed(run_tool("ais", "summary", f"{filled}/a/", f"{filled}/b/", "-F"))
    assert "PROPERTY" not in succeed(run_tool("ais", "show", "bucket", filled, "-H"))
    for view in (["storage"], ["storage", "disk"], ["performance", "throughput"], ["performance", "latency"], ["performance"]):
        shown = succeed(run_tool("ais", "show", *view, "-H"))
        assert "TARGET" not in shown and "NODE" not in shown, shown


def test_help_joins_the_lines_of_a_paragraph(run_tool):
    for words in (["put"], ["show", "performance"], ["show", "cluster"]):
        lines = succeed(run_tool("ais", *words, "--help")).split("Usage:")[0].split("\n\n")[0].splitlines()
        following = [line.split()[0] for line in lines[2:]]  # the first word of a line did not fit the line before
        assert all(len(line) + 1 + len(word) > 80 for line, word in zip(lines[1:], following)), lines


# ---------------------------------------------------------------- buckets

def test_access_and_features_in_words(run_tool, bucket):
    name = f"ais://{bucket}"
    assert re.search(r"^access +su$", succeed(run_tool("ais", "bucket", "props", "show", name, "access")), re.M)
    changed = succeed(run_tool("ais", "bucket", "props", "set", name, "access=ro"))
    assert re.search(r"^access +ro +su$", changed, re.M), changed
    refused(run_tool("ais", "put", os.devnull, f"{name}/o"), 1)
    succeed(run_tool("ais", "props", "set", name, "access", "GET,PUT,HEAD-OBJECT,DELETE-OBJECT"))
    assert "GET,HEAD-OBJECT,PUT,DELETE-OBJECT" in succeed(run_tool("ais", "show", "bucket", name, "access"))
    assert json.loads(succeed(run_tool("ais", "show", "bucket", name, "access", "--json"))) == "23"  # the number stays for programs
    succeed(run_tool("ais", "props", "set", name, "access=su"))
    assert "HEAD-OBJECT" in refused(run_tool("ais", "props", "set", name, "access=readonly"))
    succeed(run_tool("ais", "props", "set", name, "features=Fsync-PUT"))
    assert re.search(r"^features +Fsync-PUT$", succeed(run_tool("ais", "show", "bucket", name, "features")), re.M)
    assert re.search(r"^features +none +Fsync-PUT$", succeed(run_tool("ais", "props", "set", name, "features", "none")), re.M)


def test_properties_as_pairs_and_sections(run_tool, bucket):
    name = f"ais://{bucket}"
    changed = succeed(run_tool("ais", "props", "set", name, "checksum.enable_read_range", "true", "checksum.type", "md5"))
    assert "checksum.enable_read_range" in changed
    assert "nothing to change" in succeed(run_tool("ais", "props", "set", name, "checksum.type=md5"))
    assert "nothing to change" in succeed(run_tool("ais", "props", "set", name, "checksum.type=md5", "mirror.copies=2", "--dry-run"))
    for flags in ([], ["--dry-run"]):
        missing = refused(run_tool("ais", "props", "set", name, "checksum.type=sha256", "mirror.enabled=true", *flags), 1)
        assert "mirror.enabled: mirroring is not there in this version" in missing
    assert "nothing to change" in succeed(run_tool("ais", "props", "set", name, "backend_bck=none"))
    text = refused(run_tool("ais", "props", "set", name, "mirror=2"))
    assert '"mirror" is a section' in text and "mirror.copies" in text
    assert "is not NAME=VALUE" in refused(run_tool("ais", "props", "set", name, "mirror.copies", "2", "mirror.enabled"))
    compact = succeed(run_tool("ais", "bucket", "props", name, "--compact"))
    assert re.search(r"^ec +disabled$", compact, re.M) and re.search(r"^checksum +.*type=md5", compact, re.M), compact


def test_properties_are_sorted_and_readable(run_tool, bucket):
    rows = [line.split(None, 1) for line in succeed(run_tool("ais", "bucket", "props", f"ais://{bucket}", "-H")).splitlines()]
    names = [row[0] for row in rows]
    assert names == sorted(names) and "Renamed" not in names
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", dict(rows)["created"])


def test_chosen_rows_of_an_object(run_tool, filled):
    shown = succeed(run_tool("ais", "object", "show", f"{filled}/a/1", "--props", "size,name", "-H"))
    assert [line.split()[0] for line in shown.splitlines()] == ["name", "size"]
    whole = succeed(run_tool("ais", "show", "object", f"{filled}/a/1", "--all"))
    assert whole == succeed(run_tool("ais", "show", "object", f"{filled}/a/1", "--props", "all")) and "checksum" in whole
    assert 'no "siez"' in refused(run_tool("ais", "object", "show", f"{filled}/a/1", "--props", "siez"))


def test_create_and_destroy_as_scripts_do(run_tool):
    made = succeed(run_tool("ais", "create", "ais://habit", "habit", "--props", "checksum.type md5"))
    assert made == "bucket ais://habit created\n"  # named twice, made once
    assert "md5" in succeed(run_tool("ais", "show", "bucket", "ais://habit", "checksum.type"))
    succeed(run_tool("ais", "create", "ais://habit", "--ignore-error"))
    succeed(run_tool("ais", "rmb", "ais://habit", "-y"))
    succeed(run_tool("ais", "bucket", "rm", "ais://habit", "--ignore-error", "-y"))


def test_destroying_all_buckets_wants_a_phrase(run_tool, make_cluster):
    own = make_cluster(targets=1, proxies=1, mountpaths=1)
    for name in ("one", "two"):
        create_bucket(own.endpoint, name)
    assert "confirmed on a terminal" in refused(run_tool("ais", "rmb", "--all", "--yes", endpoint=own.endpoint))
    assert "--all" in refused(run_tool("ais", "rmb", "--yes", endpoint=own.endpoint))
    assert succeed(run_tool("ais", "rmb", "--all", "--dry-run", endpoint=own.endpoint)).count("would be destroyed") == 2
    status, shown = on_terminal(own.endpoint, "rmb", "--all", answers=[("to go on", "yes\n")])
    assert status == 1 and "nothing was done" in shown
    assert len(succeed(run_tool("ais", "ls", endpoint=own.endpoint)).split()) == 2
    status, shown = on_terminal(own.endpoint, "rmb", "--all", answers=[("to go on", "destroy 2 buckets\n")])
    assert status == 0 and shown.count(" destroyed\n") == 2, shown
    assert succeed(run_tool("ais", "ls", endpoint=own.endpoint)) == ""
    status, shown = on_terminal(own.endpoint, "ls")
    assert status == 0 and shown == "no buckets\n"


# ---------------------------------------------------------------- listings

def test_a_provider_is_all_its_buckets(run_tool, filled, cluster):
    everything = succeed(run_tool("ais", "ls"))
    for text in ("ais", "ais:", "ais://"):
        assert succeed(run_tool("ais", "ls", text)) == everything
    assert refused(run_tool("ais", "ls", "s3"), 1) == refused(run_tool("ais", "ls", "s3://"), 1)  # no such backend here
    assert filled in succeed(run_tool("ais", "summary", "ais"))
    create_bucket(cluster.endpoint, "ais")
    try:
        assert succeed(run_tool("ais", "ls", "ais://ais")) == ""
    finally:
        destroy_bucket(cluster.endpoint, "ais")


def test_counting(run_tool, filled):
    assert re.fullmatch(r"4 names in \S+\n", succeed(run_tool("ais", "ls", filled, "--count-only")))
    assert succeed(run_tool("ais", "ls", filled, "--count-only", "--prefix", "b")).startswith("1 name in ")
    assert json.loads(succeed(run_tool("ais", "ls", filled, "--count-only", "--template", "a/{2..9}", "--json")))["names"] == 2
    assert json.loads(succeed(run_tool("ais", "ls", filled, "--count-only", "--limit", "3", "--json")))["names"] == 3


def test_pages(run_tool, filled):
    assert succeed(run_tool("ais", "object", "ls", filled, "-1", "--page-size", "1", "--max-pages", "2")).split() == ["a/1", "a/2"]
    assert succeed(run_tool("ais", "ls", filled, "-1", "--max-pages", "2", "--limit", "1")).split() == ["a/1"]
    scripts = ["--paged", "--cached", "--skip-lookup", "--dont-wait", "--silent", "--nr"]
    assert succeed(run_tool("ais", "ls", filled, "-1", *scripts)).split() == ["a/", "b/"]
    for broken in ("f{1..", "f}", "f{1..x}"):
        assert "braces" in refused(run_tool("ais", "ls", filled, "--template", broken))


def test_an_empty_listing_says_so_to_people_only(run_tool, cluster, filled, bucket):
    run = run_tool("ais", "ls", filled, "--prefix", "x")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert on_terminal(cluster.endpoint, "ls", filled, "--prefix", "x") == (0, f'no object of {filled} begins with "x"\n')
    assert on_terminal(cluster.endpoint, "ls", filled, "--regex", "^z") == (0, f"no object of {filled} matches\n")


def test_summary_of_a_prefix(run_tool, filled):
    rows = json.loads(succeed(run_tool("ais", "storage", "summary", filled, "--prefix", "a/", "--json")))
    assert rows[0]["objects"] == 3 and rows[0]["prefix"] == "a/"
    assert "given twice" in refused(run_tool("ais", "summary", f"{filled}/a", "--prefix", "b"))
    assert succeed(run_tool("ais", "show", "storage", "capacity")) and succeed(run_tool("ais", "storage", "mountpath"))


# ---------------------------------------------------------------- configuration

def test_configuration_as_pairs_and_json(run_tool):
    try:
        text = succeed(run_tool("ais", "config", "cluster", "periodic.retry_sync_time", "7s", "log.level", "4"))
        assert re.search(r"log\.level +4 +3", text) and re.search(r"periodic\.retry_sync_time +7s +2s", text), text
        text = succeed(run_tool("ais", "config", "cluster", "log.level=4", "periodic.retry_sync_time=8s"))
        assert "log.level" not in text and "8s" in text  # what stays is no row
        assert "nothing to change" in succeed(run_tool("ais", "config", "cluster", "log.level=4"))
        assert re.search(r"log\.level +3 +4", succeed(run_tool("ais", "config", "cluster", '{"log": {"level": "3"}}')))
        assert re.search(r"log\.level +3,net,store +3", succeed(run_tool("ais", "config", "cluster", "log.modules", "net,store")))
        assert re.search(r"log\.level +3 +3,net,store", succeed(run_tool("ais", "config", "cluster", "log.modules=none")))
        assert re.search(r"features +Fsync-PUT +none", succeed(run_tool("ais", "config", "cluster", "features=Fsync-PUT")))
        assert "Fsync-PUT" in succeed(run_tool("ais", "show", "config", "features"))
        assert "is not NAME=VALUE" in refused(run_tool("ais", "config", "cluster", "log.level", "4", "log.max_size"))
    finally:
        succeed(run_tool("ais", "config", "reset", "cluster", "--yes"))
    assert "log.level  3" in succeed(run_tool("ais", "show", "config", "log.level"))


def settings(run):
    return {name: (item["value"], item["source"]) for name, item in json.loads(succeed(run))["settings"].items()}


def test_settings_of_the_program(run_tool, cluster, tmp_path):
    def ais(*words, **more):
        environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), **more}
        for name in ("AIS_ENDPOINT", "AIS_URL", "NO_COLOR"):
            if name not in more:
                environment.pop(name, None)
        return subprocess.run([AIS, *words], capture_output=True, text=True, timeout=60, env=environment)
    path = str(tmp_path / "ais/cli/cli.json")
    assert succeed(ais("config", "cli", "--path")).strip() == path
    assert settings(ais("show", "config", "cli", "--json"))["cluster.url"] == ("http://127.0.0.1:8080", "the default")
    succeed(ais("config", "cli", "set", f"cluster.url={cluster.endpoint}", "no_color=true"))
    assert cluster.targets[0].id in succeed(ais("show", "cluster"))  # the gateway of the file
    assert settings(ais("config", "cli", "-j")) == {"cluster.url": (cluster.endpoint, path), "no_color": ("true", path),
                                                    "timeout.http_timeout": ("1m", "the default")}
    assert settings(ais("config", "cli", "-j", AIS_URL="http://h:1"))["cluster.url"] == ("http://h:1", "AIS_URL")
    flag = settings(ais("config", "cli", "-j", "--endpoint", "http://h:2", AIS_URL="http://h:1"))
    assert flag["cluster.url"] == ("http://h:2", "--endpoint")
    assert "is from AIS_ENDPOINT" in refused(ais("ls", AIS_ENDPOINT="http://127.0.0.1:1"), 1)
    assert "is from --endpoint" in refused(ais("ls", "--endpoint", "http://127.0.0.1:1"), 1)
    assert "AIS_URL" in succeed(ais("config", "cli", "set", "cluster.url", "http://127.0.0.1:1", AIS_URL="http://h:1"))
    assert f"is from {path}" in refused(ais("ls"), 1)
    both = ais("config", "cli", "set", "cluster.url", "http://h:3", "--json", AIS_URL="http://h:1")
    assert settings(both)["cluster.url"] == ("http://h:1", "AIS_URL")
    assert settings(ais("config", "cli", "reset", "cluster.url", "--json", "--dry-run"))["cluster.url"] == ("http://h:3", path)
    assert settings(ais("config", "cli", "reset", "cluster.url", "--json"))["cluster.url"][1] == "the default"
    assert "https is not supported" in refused(ais("config", "cli", "set", "cluster.url=https://h:4"), 2)
    succeed(ais("config", "cli", "set", "cluster.url=http://h:4"))
    succeed(ais("config", "reset", "cli", "cluster.url"))
    assert settings(ais("config", "cli", "-j"))["cluster.url"][1] == "the default"
    for wrong in ("cluster.url=x", "no_color=maybe", "timeout.http_timeout=soon", "cluster.uri=http://h:1", "word"):
        refused(ais("config", "cli", "set", wrong))
    assert settings(ais("config", "cli", "-j"))["no_color"] == ("true", path)
    refused(ais("config", "cli", "reset"))  # nobody to ask
    succeed(ais("config", "cli", "reset", "--yes"))
    assert settings(ais("config", "cli", "-j"))["no_color"] == ("false", "the default")


def test_settings_keep_what_others_wrote(tmp_path):
    file = tmp_path / "ais/cli/cli.json"
    file.parent.mkdir(parents=True)
    others = {"cluster": {"url": "http://h:1", "skip_verify_crt": True}, "aliases": {"get": "object get"},
              "timeout": {"tcp_timeout": "60s"}}
    file.write_text(json.dumps(others))
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}

    def ais(*words):
        return subprocess.run([AIS, *words], capture_output=True, text=True, timeout=60, env=environment)
    succeed(ais("config", "cli", "set", "cluster.url=http://h:2", "timeout.http_timeout=5s"))
    others["cluster"]["url"], others["timeout"]["http_timeout"] = "http://h:2", "5s"
    assert json.loads(file.read_text()) == others
    file.write_text("{")
    assert str(file) in refused(ais("ls"), 1)  # not silently another cluster
    assert str(file) in refused(ais("config", "cli", "set", "no_color=true"), 1) and file.read_text() == "{"
    succeed(ais("config", "cli", "reset", "--yes"))
    assert not file.exists()


# ---------------------------------------------------------------- nodes, logs, aliases

def test_cpu_and_memory_of_nodes(run_tool, cluster):
    target = cluster.targets[0].id
    cpu = succeed(run_tool("ais", "show", "cluster", "cpu"))
    assert cpu.split()[:3] == ["ROLE", "ID", "CPU"] and all(node.id in cpu for node in cluster.nodes)
    memory = succeed(run_tool("ais", "show", "cluster", "memory", target))
    assert target in memory and len(memory.splitlines()) == 2 and "%" in memory


def test_other_names_of_commands(run_tool, cluster, tmp_path):
    target = cluster.targets[0].id
    assert "would be" in succeed(run_tool("ais", "advanced", "rotate-logs", target, "--dry-run"))
    assert "would be removed" in succeed(run_tool("ais", "advanced", "remove-from-smap", target, "--dry-run"))
    succeed(run_tool("ais", "alias", "sc", "show cluster", XDG_CONFIG_HOME=tmp_path))
    assert target in succeed(run_tool("ais", "sc", XDG_CONFIG_HOME=tmp_path))
    assert "of which command" in refused(run_tool("ais", "alias", "sc", XDG_CONFIG_HOME=tmp_path))
    assert "sc " in succeed(run_tool("ais", "alias", XDG_CONFIG_HOME=tmp_path))


def test_logs_of_all_nodes_make_their_directory(run_tool, cluster, tmp_path):
    names = sorted(f"{node.id}.tar.gz" for node in cluster.nodes)
    succeed(run_tool("ais", "cluster", "download-logs", tmp_path / "new/logs"))
    assert sorted(os.listdir(tmp_path / "new/logs")) == names
    succeed(run_tool("ais", "log", "get", "cluster", tmp_path / "more"))
    assert sorted(os.listdir(tmp_path / "more")) == names
    for no_directory in ("-", tmp_path / "more" / names[0]):
        assert "is no directory" in refused(run_tool("ais", "cluster", "download-logs", no_directory))


def test_counters_that_have_not_moved(run_tool, make_cluster):
    own = make_cluster(targets=1, proxies=1, mountpaths=1)
    assert "--all shows zeros" in succeed(run_tool("ais", "performance", "counters", endpoint=own.endpoint))
    assert "--all shows zeros" not in succeed(run_tool("ais", "performance", "counters", "--all", endpoint=own.endpoint))


def test_nodes_fit_a_small_terminal(cluster):
    status, shown = on_terminal(cluster.endpoint, "show", "cluster")  # 80 columns, as a terminal that does not say
    rows = [line for line in shown.splitlines() if line.startswith(("ROLE", "primary", "proxy", "target"))]
    assert status == 0 and len(rows) == 1 + len(cluster.nodes) and max(map(len, rows)) <= 80, shown

#!/usr/bin/env python3
"""Every file of Debian source packages whose authors test odd names: put -r, ls, get, cp, mv and rmo with `ais` against a cluster of
its own, compared with diff -r. Symbolic links and empty directories are taken out first: objects are neither. Prints one JSON line a
package and ends with status 1 when anything differs. Run by hand: it downloads some hundred MB.

    tests/campaigns/package_names.py [--work DIRECTORY] [PACKAGE...]"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from local_cluster import Cluster  # noqa: E402

BUILD = pathlib.Path(os.environ.get("AIS_BUILD") or ROOT / "build/release")
PACKAGES = ["git", "bash", "glibc", "perl", "python3.11", "rsync", "tar", "libarchive", "subversion", "mercurial"]


def run(*words, **options):
    done = subprocess.run(list(words), capture_output=True, check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"{words}: {done.returncode}\n{done.stdout[-2000:]!r}\n{done.stderr[-2000:]!r}")
    return done.stdout


class Sources:
    """apt with the machine's own sources, as source packages, and a state of its own."""

    def __init__(self, folder):
        self.folder = folder
        words = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
        self.release = words["VERSION_CODENAME"].strip('"')
        parts, lists = folder / "parts", folder / "lists"
        parts.mkdir(parents=True)
        (lists / "partial").mkdir(parents=True)
        for path in pathlib.Path("/etc/apt/sources.list.d").glob("*.sources"):
            (parts / path.name).write_text(path.read_text().replace("Types: deb\n", "Types: deb-src\n"))
        self.options = ["-qq", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={parts}",
                        "-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User=root"]
        run("apt-get", *self.options, "update")

    def unpack(self, package):
        folder = self.folder / package
        folder.mkdir()
        # A mirror may lack the newest version, which comes from another archive.
        for version in [package, package + "/" + self.release]:
            fetched = subprocess.run(["apt-get", *self.options, "source", "--download-only", version], cwd=folder, capture_output=True,
                                     check=False)
            if fetched.returncode == 0:
                break
        else:
            raise SystemExit(f"{package} cannot be fetched: {fetched.stderr[-500:]!r}")
        description = next(folder.glob("*.dsc"))
        run("dpkg-source", "--no-check", "-x", description, folder / "tree", cwd=folder)
        return folder / "tree"


def regular_files(tree):
    """Leaves only these below `tree`; how many, how many have a name that is no plain text, and bytes."""
    run("find", tree, "-type", "l", "-delete")
    run("find", tree, "-mindepth", "1", "-type", "d", "-empty", "-delete")
    names, size = [], 0
    top = os.fsencode(tree)
    for folder, _, files in os.walk(top):
        for file in files:
            path = os.path.join(folder, file)
            names.append(os.path.relpath(path, top))
            size += os.lstat(path).st_size
    odd = sum(1 for name in names if not name.isascii() or any(byte <= 0x20 or byte == 0x7F for byte in name))
    return sorted(names), odd, size


def check(cluster, package, tree, folder):
    names, odd, size = regular_files(tree)
    begin = time.monotonic()

    def ais(*words, stdin=None):
        return run(BUILD / "bin/ais", *words, input=stdin, env={**os.environ, "AIS_ENDPOINT": cluster.endpoint})

    def listed(place):
        return ais("ls", place, "-0").split(b"\0")[:-1]

    def same(place, *flags):
        back = folder / "back"
        ais("get", place, *flags, back)
        run("diff", "-r", "--no-dereference", tree, back)
        shutil.rmtree(back)

    first, second = "ais://names-one", "ais://names-two"
    ais("create", first)
    ais("put", "-r", tree, first)
    assert listed(first) == names, "ls after put"
    same(first, "--all")
    ais("cp", first, second)
    assert listed(second) == names, "ls after cp"
    same(second, "--all")
    ais("mv", second, "--names-from", "-", "--null", "moved/", "--yes", stdin=b"".join(name + b"\0" for name in names))
    assert listed(second) == [b"moved/" + name for name in names], "ls after mv"
    same(second + "/moved/")
    ais("rmo", first, "--names-from", "-", "--null", stdin=b"".join(name + b"\0" for name in names[::2]))
    assert listed(first) == names[1::2], "ls after rmo"
    ais("rmo", first, "--all", "--yes")
    assert listed(first) == [], "ls after rmo --all"
    for bucket in [first, second]:
        ais("bucket", "rm", bucket, "--yes")
    print(json.dumps({"package": package, "files": len(names), "odd_names": odd, "bytes": size,
                      "seconds": round(time.monotonic() - begin, 1)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--work", default="/var/tmp")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ais-package-names-", dir=arguments.work))
    cluster = None
    try:
        sources = Sources(folder / "sources")
        cluster = Cluster(folder / "cluster", BUILD, targets=2, proxies=1, mountpaths=2).start()
        for package in arguments.packages:
            tree = sources.unpack(package)
            check(cluster, package, tree, folder)
            shutil.rmtree(tree.parent)
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

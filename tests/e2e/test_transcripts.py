"""Every ```console transcript block of README.md, docs/*.md and docs/cli/*.md is run against a real cluster and its output compared.

`$ command` lines (and `> ` lines that go on with them) are run by bash in one directory per document, in order; the lines below are
what they print. `...` stands for
anything within a line; on a line of its own, for any number of lines."""
import os
import pathlib
import re
import subprocess

import pytest
from conftest import BUILD, ROOT
from local_cluster import Cluster

BLOCK = re.compile(r"^```console transcript\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/cli").glob("*.md"))]
DOCUMENTS = [p for p in PAGES if p.exists() and BLOCK.search(p.read_text())]


def steps(document):
    """(command, expected output) in order."""
    for block in BLOCK.findall(document.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            while command.endswith("\\"):
                more, _, expected = expected.partition("\n")
                command = command[:-1] + more.removeprefix("> ")
            while re.match(r"> |>$", expected):  # a here-document
                more, _, expected = expected.partition("\n")
                command += "\n" + more[2:]
            yield command, expected


def pattern(expected):
    lines = []
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() == "...":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*".join(re.escape(part.strip(" ") if part != line else part) for part in line.split("...")) + r" *\n")
    return re.compile("".join(lines) if expected.strip() else "")


def test_there_are_transcripts():
    assert ROOT / "README.md" in DOCUMENTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_transcript(document, scratch, build):
    folder = scratch / f"transcript-{document.parent.name}-{document.stem}"
    work = folder / "work"
    work.mkdir(parents=True)
    cluster = Cluster(folder / "cluster", build, targets=3, proxies=1, mountpaths=2).start()
    environment = {**os.environ, "PATH": f"{pathlib.Path(BUILD).resolve()}/bin:{os.environ['PATH']}", "NO_COLOR": "1",
                   "AIS_ENDPOINT": cluster.endpoint, "LC_ALL": "C.UTF-8"}
    try:
        for command, expected in steps(document):
            done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
            output = "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())
            assert pattern(expected).fullmatch(output), f"$ {command}\n--- printed\n{output}--- documented\n{expected}"
    finally:
        cluster.stop()

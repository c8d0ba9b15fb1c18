"""The script of docs/shell_tour.md, in the places where cron leaves it alone."""
import os
import subprocess

import pytest
from conftest import BUILD, ROOT
from test_cli_data import names_of, succeed


@pytest.fixture
def mirror(tmp_path, cluster):
    tour = (ROOT / "docs/shell_tour.md").read_text()
    lines = tour.split("$ cat >mirror <<'END'\n")[1].split("> END\n")[0].splitlines()
    script = tmp_path / "mirror"
    script.write_text("".join(line[2:] + "\n" for line in lines).replace("--timeout 30s", "--timeout 5s"))

    def run(*arguments, endpoint=cluster.endpoint):
        environment = {"PATH": f"/usr/bin:/bin:{BUILD}/bin", "HOME": str(tmp_path), "AIS_ENDPOINT": endpoint}
        return subprocess.run(["bash", script, *arguments], capture_output=True, text=True, timeout=90, env=environment)
    return run


def test_links_to_files_stay(mirror, run_tool, bucket, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a").write_text("x")
    os.symlink("a", folder / "b")
    for _ in range(2):
        assert succeed(mirror(folder, f"ais://{bucket}/")) and names_of(run_tool, f"ais://{bucket}") == ["a", "b"]
    (folder / "a").rename(folder / "c")  # now the link leads nowhere
    mirror(folder, f"ais://{bucket}/")
    os.unlink(folder / "b")
    succeed(mirror(folder, f"ais://{bucket}/"))
    assert names_of(run_tool, f"ais://{bucket}") == ["c"]


def test_what_cannot_be_mirrored_is_told(mirror, run_tool, bucket, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    succeed(run_tool("ais", "put", "-", f"ais://{bucket}/kept", stdin="q"))
    for arguments, status, says in [((folder, f"ais://{bucket}"), 1, "is its disk mounted"),
                                    ((tmp_path / "none", f"ais://{bucket}"), 1, "No such file"),
                                    ((folder, f"ais://{bucket}/sub"), 2, "whole bucket")]:
        run = mirror(*arguments)
        assert run.returncode == status and says in run.stderr, run
    run = mirror(folder, f"ais://{bucket}", endpoint="http://127.0.0.1:1")
    assert run.returncode == 1 and run.stderr != "", run
    assert names_of(run_tool, f"ais://{bucket}") == ["kept"]

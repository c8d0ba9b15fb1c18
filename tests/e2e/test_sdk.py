"""The Python SDKs in the field work unmodified, each in a process of its own."""
import os
import pathlib
import subprocess
import sys

import pytest
from conftest import ROOT

VERSIONS = sorted(path.name for path in (ROOT / "build/sdk").glob("*.*.*"))


def test_all_versions_are_here():
    assert VERSIONS == ["1.25.0", "1.26.0", "2.0.0"]


@pytest.mark.parametrize("version", VERSIONS)
def test_sdk(cluster, version):
    script = pathlib.Path(__file__).parent / "sdk_script.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "build/sdk" / version), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, script, cluster.endpoint, "sdk-" + version.replace(".", "-")], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    assert done.returncode == 0 and done.stdout.endswith("step done\n"), done.stdout

"""Small filesystems of their own, in a file that is mounted: disks that tests may fill."""
import contextlib
import os
import pathlib
import subprocess

import pytest

MEGABYTE = 1 << 20
NOT_PERMITTED = ("permission denied", "Operation not permitted", "must be superuser", "failed to setup loop device")


@contextlib.contextmanager
def mounted(folder, filesystem, megabytes):
    """The directory where a new `filesystem` of that size is mounted, below `folder`; unmounted at the end. Skips the test where
    mounting is not permitted."""
    if os.geteuid() != 0:
        pytest.skip("loop mounts need root")
    mount = pathlib.Path(folder) / "mount"
    mount.mkdir(parents=True)
    image = pathlib.Path(folder) / "image"
    with open(image, "wb") as file:
        file.truncate(megabytes * MEGABYTE)
    subprocess.run([f"mkfs.{filesystem}", "-q", image], check=True, capture_output=True)
    done = subprocess.run(["mount", "-o", "loop", image, mount], capture_output=True, text=True)
    if done.returncode != 0 and any(words in done.stderr for words in NOT_PERMITTED):
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    try:
        yield mount
    finally:
        # A test may have taken it away, or shut it down, and then os.path.ismount() cannot look at it.
        if any(line.split()[1] == str(mount) for line in pathlib.Path("/proc/mounts").read_text().splitlines()):
            subprocess.run(["umount", mount], check=True, capture_output=True)
        image.unlink()


def fill(directory):
    """Writes until not a byte more goes onto the filesystem of `directory`; the file that did it."""
    filler = pathlib.Path(directory) / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (MEGABYTE, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size):
                    pass
    return filler

#!/usr/bin/env python3
"""Packs labelled pictures into WebDataset-style tar shards: pack_shards.py PICTURES OUTPUT [SAMPLES_PER_SHARD].

The folder below PICTURES is the label. A sample is two members with one key: <key>.png and <key>.cls (the label's number as text);
classes.txt beside the shards names the numbers. The order is shuffled with a fixed seed, so a run gives the same bytes as the last."""
import io
import pathlib
import random
import sys
import tarfile


def add(tar, name, data):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


def main():
    pictures, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    samples = sorted(p for p in pictures.rglob("*.png") if p.is_file() and not p.is_symlink())
    if not samples:
        sys.exit(f"pack_shards: no pictures under {pictures}")
    labels = sorted({p.relative_to(pictures).parts[0] for p in samples})
    random.Random(1).shuffle(samples)
    output.mkdir(parents=True, exist_ok=True)
    for shard, begin in enumerate(range(0, len(samples), size)):
        with tarfile.open(output / f"openclipart-{shard:04}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
            for i, path in enumerate(samples[begin:begin + size], begin):
                add(tar, f"{i:06}.png", path.read_bytes())
                add(tar, f"{i:06}.cls", str(labels.index(path.relative_to(pictures).parts[0])).encode())
    (output / "classes.txt").write_text("\n".join(labels) + "\n")
    print(f"{len(samples)} samples of {len(labels)} classes in {(len(samples) + size - 1) // size} shards")


if __name__ == "__main__":
    main()

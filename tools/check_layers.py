#!/usr/bin/env python3
"""Checks who includes whom: a module under lib/ includes itself and the modules left of it in the Makefile's LAYERS; a program may
include every module, and its own folder, whose subfolders have an order, too (ROOMS_<program>); a third-party header appears only in
.cpp files of its owner, and one that has no owner here nowhere. Prints each violation."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')

# First part of a third-party include path -> modules whose .cpp files may name it. "tool" stands for the programs that people run.
OWNERS = {
    "event2": {"net"}, "event.h": {"net"}, "llhttp": {"net"}, "llhttp.h": {"net"},
    "rapidjson": {"codec"}, "msgpack": {"codec"}, "msgpack.hpp": {"codec"}, "openssl": {"codec", "net"}, "xxhash.h": {"codec"},
    "archive.h": {"codec"}, "archive_entry.h": {"codec"}, "isa-l": {"codec"}, "isa-l.h": {"codec"},
    "libaio.h": {"sys"}, "curl": {"remote"},
    "spdlog": {"app"}, "fmt": {"app"}, "prometheus": {"app"}, "CLI": {"cli"},
    "gtest": {"test"}, "gmock": {"test"},
}
# Headers of libc and the kernel: any module may include them.
SYSTEM_FOLDERS = {"sys", "linux", "netinet", "arpa", "net"}
SYSTEM_HEADERS = set("""
    dirent.h dlfcn.h endian.h errno.h fcntl.h fnmatch.h getopt.h glob.h ifaddrs.h inttypes.h libgen.h limits.h locale.h malloc.h
    netdb.h poll.h pthread.h pwd.h regex.h sched.h semaphore.h signal.h spawn.h stdint.h stdio.h stdlib.h string.h syslog.h
    termios.h time.h unistd.h wchar.h wordexp.h
""".split())
# Modules side by side: neither may include the other although one stands left.
STRANGERS = {("net", "meta"), ("net", "store"), ("meta", "net"), ("store", "net"),
             ("remote", "meta"), ("remote", "store"), ("remote", "net")}
TOOLS = {"ais", "aisloader"}


def makefile_words(name):
    match = re.search(rf"^{name}\s*:=\s*(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return match.group(1).split() if match else []


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def module_error(layers, module, included):
    """Why `module` of lib/ may not include `included` ("net/task.h"), or None."""
    head = included.split("/")[0]
    if head not in layers:
        return f'"{included}" is not a module of LAYERS'
    if layers.index(head) > layers.index(module):
        return f"{module} is left of {head} in LAYERS"
    if (module, head) in STRANGERS:
        return f"{module} and {head} do not include each other"
    return None


def third_party_error(path, owner, included):
    first = included.split("/")[0]
    if first not in OWNERS:
        standard = "." not in included or included in SYSTEM_HEADERS or first in SYSTEM_FOLDERS
        return None if standard else f"<{included}> has no owner: give it one in tools/check_layers.py, and a row in docs/dependencies.md"
    if owner not in OWNERS[first]:
        return f"<{included}> belongs to {', '.join(sorted(OWNERS[first]))}"
    if path.suffix != ".cpp" and owner != "test":
        return f"<{included}> in a header: third-party headers stay in .cpp files"
    return None


def check_library(layers):
    for path in sorted(ROOT.glob("lib/*/*")):
        module = path.parent.name
        if path.suffix not in (".h", ".cpp"):
            continue
        if module not in layers:
            yield path, 1, f"lib/{module} is not in LAYERS"
            continue
        for number, own, foreign in includes(path):
            error = module_error(layers, module, own) if own and "/" in own else third_party_error(path, module, own or foreign)
            if error:
                yield path, number, error


def room_error(rooms, room, included):
    """Why a file in subfolder `room` of a program ("" = beside main.cpp) may not include `included` ("ais/job/batch.h"), or None."""
    inner = included.split("/")[1:-1]
    if len(inner) > 1 or any(name not in rooms for name in [*inner, *filter(None, [room])]):
        return f'"{included}" or its includer is in no folder of {rooms}'
    if room and (not inner or rooms.index(inner[0]) > rooms.index(room)):
        return f'{room} is left of "{included}" in {rooms}'
    return None


def check_programs(layers, programs):
    for path in sorted([*ROOT.glob("cmd/*/*"), *ROOT.glob("cmd/*/*/*")]):
        program, *room = path.relative_to(ROOT / "cmd").parts[:-1]
        if path.suffix not in (".h", ".cpp"):
            continue
        if program not in programs:
            yield path, 1, f"cmd/{program} is not in PROGRAMS"
        rooms = makefile_words(f"ROOMS_{program}")
        for number, own, foreign in includes(path):
            head = (own or "").split("/")[0]
            if own and "/" in own and head not in layers and head != program:
                yield path, number, f'"{own}": a program includes modules and its own folder'
            if head == program and (error := room_error(rooms, room[0] if room else "", own)):
                yield path, number, error
            error = None if own else third_party_error(path, "tool" if program in TOOLS else "daemon", foreign)
            if error:
                yield path, number, error


def main():
    layers, programs = makefile_words("LAYERS"), makefile_words("PROGRAMS")
    errors = [*check_library(layers), *check_programs(layers, programs)]
    for path, number, text in errors:
        print(f"{path.relative_to(ROOT)}:{number}: {text}")
    print(f"check_layers: {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

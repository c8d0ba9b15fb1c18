#!/usr/bin/env python3
"""Sizes and words. Functions of more than 70 lines, files of more than 500, folders of more than 30 sources, lines of more than 140
characters, headers of a module with less than a quarter of comment, and words that must not be there. What was over a limit when it was
introduced is listed in tools/tidy_allowed.txt with its size: it may shrink (a share of comment: grow), never get worse, and no new entry
comes without a review."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "tools/tidy_allowed.txt"
FUNCTION_LINES, FILE_LINES, LINE_LENGTH, FOLDER_FILES, COMMENT_PERCENT = 70, 500, 140, 30, 25
CODE_FOLDERS = ["lib/*", "cmd/*", "cmd/*/*"]
SOURCES = ["lib/*/*.h", "lib/*/*.cpp", "cmd/*/*.h", "cmd/*/*.cpp", "cmd/*/*/*.h", "cmd/*/*/*.cpp", "tests/support/*", "tests/sim/*",
           "tests/unit/*/*.cpp", "tests/bench/*.cpp", "tests/fuzz/*.cpp", "tests/e2e/*.py", "tests/bench/*.py", "tools/*.py",
           "tools/playground", "tools/quickstart"]
EVERYWHERE = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
TEST_SLEEP = re.compile(r"\b(this_thread::sleep_\w+|usleep|nanosleep|time\.sleep)\b")
PRODUCT_SLEEP = re.compile(r"\b(this_thread::sleep_\w+|usleep|nanosleep)\b")
# The one place of each language where polling with a deadline sleeps between two looks.
POLLERS = {"tools/local_cluster.py", "tools/tidy.py", "tests/support/wait_until.h", "tests/support/wait_until.cpp"}
NOT_A_FUNCTION = "if|for|while|switch|else|do|try|catch|namespace|class|struct|enum|union|return|extern"
FUNCTION_HEAD = re.compile(rf"^(?! *({NOT_A_FUNCTION})\b)[^#/].*\)[^;{{}}]*\{{\s*$")


def long_functions(lines):
    """(name, first line, length) of C++ functions over the limit, found by indentation: a body ends at the closing brace of its
    head's own column."""
    number = 0
    while number < len(lines):
        line = lines[number]
        indent = len(line) - len(line.lstrip())
        if indent <= 2 and FUNCTION_HEAD.match(line):
            end = next((i for i in range(number + 1, len(lines)) if lines[i].startswith(" " * indent + "}")), number)
            if end - number + 1 > FUNCTION_LINES:
                name = re.search(r"([\w:~]+)\s*\(", line)
                yield (name.group(1) if name else line.strip()), number + 1, end - number + 1
        number += 1


def allowed_sizes():
    if not ALLOWED.exists():
        return {}
    rows = (line.split() for line in ALLOWED.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {key: int(size) for key, size in rows}


def check_words(name, lines):
    is_test = name.startswith("tests/")
    sleep = TEST_SLEEP if is_test else PRODUCT_SLEEP
    for number, line in enumerate(lines, 1):
        if EVERYWHERE.search(line):
            yield f"{name}:{number}: {EVERYWHERE.search(line).group(1)}"
        if name not in POLLERS and sleep.search(line):
            yield f"{name}:{number}: {sleep.search(line).group(1)}: wait for a condition, with a deadline"
        if len(line) > LINE_LENGTH:
            yield f"{name}:{number}: {len(line)} characters"


def check_sizes(name, path, lines, allowed):
    if len(lines) > allowed.get(name, FILE_LINES):
        yield f"{name}: {len(lines)} lines (limit {allowed.get(name, FILE_LINES)})"
    if path.suffix not in (".cpp", ".h"):
        return
    for function, number, length in long_functions(lines):
        limit = allowed.get(f"{name}:{function}", FUNCTION_LINES)
        if length > limit:
            yield f"{name}:{number}: {function} has {length} lines (limit {limit})"


def check_folders(allowed):
    """A folder is a table of contents: it must be possible to read it."""
    for folder in sorted({p for pattern in CODE_FOLDERS for p in ROOT.glob(pattern) if p.is_dir()}):
        name = str(folder.relative_to(ROOT))
        sources = [p for p in folder.iterdir() if p.suffix in (".h", ".cpp")]
        limit = allowed.get(f"{name}/", FOLDER_FILES)
        if len(sources) > limit:
            yield f"{name}: {len(sources)} sources (limit {limit})"
        lines = [line for p in sources if p.suffix == ".h" for line in p.read_text().splitlines() if line.strip()]
        percent = 100 * sum("//" in line for line in lines) // max(len(lines), 1)
        least = allowed.get(f"{name}/*.h:comment", COMMENT_PERCENT)
        if lines and percent < least:
            yield f"{name}: {percent} % of the headers' lines have a comment (at least {least} %)"


def main():
    allowed = allowed_sizes()
    errors = []
    for path in sorted({p for pattern in SOURCES for p in ROOT.glob(pattern) if p.is_file()}):
        name = str(path.relative_to(ROOT))
        lines = path.read_text(errors="replace").splitlines()
        errors += check_words(name, lines)
        errors += check_sizes(name, path, lines, allowed)
    errors += check_folders(allowed)
    print("\n".join(errors + [f"tidy: {len(errors)} findings"]))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

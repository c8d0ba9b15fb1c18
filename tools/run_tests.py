#!/usr/bin/env python3
"""Runs the unit test programs and the end-to-end suite, and prints as the last line `N passed, N failed` (`, N skipped` when some
were). Exit status 0 only when nothing failed and something ran."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNIT_TIMEOUT, E2E_TIMEOUT = 300, 1500
# Side by side; each file of tests stays in one process, since its tests share a cluster.
E2E_WORKERS = 2


class Totals:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def fail(self, name):
        self.failed += 1
        self.failures.append(name)


def run_unit(binary, reports):
    """(binary, exit status or text, output, seconds, report)"""
    report = reports / (binary.name + ".json")
    report.unlink(missing_ok=True)
    begin = time.monotonic()
    try:
        done = subprocess.run([binary, f"--gtest_output=json:{report}", "--gtest_brief=1"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=UNIT_TIMEOUT, cwd=ROOT)
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as expired:
        status, output = f"no end within {UNIT_TIMEOUT} s", expired.stdout or b""
    return binary, status, output.decode(errors="replace"), time.monotonic() - begin, report


def count_gtest(binary, status, report, totals):
    """Counts of one test program. A program that dies is one failure more than it could report."""
    cases = []
    try:
        cases = [case for suite in json.loads(report.read_text())["testsuites"] for case in suite["testsuite"]]
    except (OSError, ValueError, KeyError):
        pass
    before = totals.failed
    for case in cases:
        if case.get("failures"):
            totals.fail(f"{binary.name}: {case['classname']}.{case['name']}")
        elif case.get("result") == "SKIPPED" or case.get("status") == "NOTRUN":
            totals.skipped += 1
        else:
            totals.passed += 1
    if status != 0 and totals.failed == before:
        totals.fail(f"{binary.name}: ended with {status}")


def run_units(binaries, reports, totals):
    workers = min(len(binaries), os.cpu_count() or 1) or 1
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for result in concurrent.futures.as_completed([pool.submit(run_unit, binary, reports) for binary in binaries]):
            binary, status, output, seconds, report = result.result()
            failed = totals.failed
            count_gtest(binary, status, report, totals)
            print(f"  {'ok  ' if totals.failed == failed else 'FAIL'}  {binary.name} ({seconds:.1f} s)", flush=True)
            if totals.failed != failed:
                print(output, flush=True)


def run_e2e(build, reports, totals):
    report = reports / "e2e.xml"
    report.unlink(missing_ok=True)
    command = [ROOT / "build/venv/bin/python", "-m", "pytest", "--junitxml", report, "-p", "no:cacheprovider",
               "-n", str(E2E_WORKERS), "--dist", "loadfile",
               ROOT / "tests/e2e",
               *shlex.split(os.environ.get("PYTEST_ARGS", ""))]
    try:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=E2E_TIMEOUT, cwd=ROOT,
                                env={**os.environ, "AIS_BUILD": str(build)}).returncode
    except subprocess.TimeoutExpired:
        status = f"no end within {E2E_TIMEOUT} s"
    before = totals.failed
    cases = xml.etree.ElementTree.parse(report).iter("testcase") if report.exists() else []
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            totals.fail(f"e2e: {case.get('classname')}.{case.get('name')}")
        elif case.find("skipped") is not None:
            totals.skipped += 1
        else:
            totals.passed += 1
    if status != 0 and totals.failed == before:
        totals.fail(f"e2e: pytest ended with {status}")


def heed_signals():
    """Whoever runs this in the background may ignore signals, and the tools under test keep to what they inherit."""
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def main():
    heed_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--unit", nargs="*", default=[], type=pathlib.Path)
    parser.add_argument("--e2e", action="store_true")
    options = parser.parse_args()
    build = options.build.resolve()
    reports = build / "test-reports"
    reports.mkdir(parents=True, exist_ok=True)
    totals = Totals()
    if options.unit:
        run_units([binary.resolve() for binary in options.unit], reports, totals)
    if options.e2e:
        run_e2e(build, reports, totals)
    for name in totals.failures:
        print(f"  FAILED  {name}")
    skipped = f", {totals.skipped} skipped" if totals.skipped else ""
    print(f"{totals.passed} passed, {totals.failed} failed{skipped}")
    return 0 if totals.failed == 0 and totals.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())

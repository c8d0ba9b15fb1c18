#!/usr/bin/env python3
"""make bench: this build against nginx and plain system calls. Prints one table and, as the last line, one JSON object.

--rows a,b selects rows by function name (get, uncached, redirect, put, fsync, cold, loader, idle, cli, listing)."""
import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]
import rows  # noqa: E402

ROWS = {"get": rows.get_rows, "uncached": rows.uncached_row, "redirect": rows.redirect_row, "put": rows.put_rows,
        "fsync": rows.fsync_rows, "cold": rows.cold_row, "loader": rows.loader_row, "idle": rows.idle_row}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def line(row):
    f = row.figures
    if "rate" in f:
        cpu = f"{number(f['cpu_us'])} / {number(f['their_cpu_us'])}" if "cpu_us" in f else "-"
        cpu_ratio = f"{f['cpu_us_ratio']:.2f}" if "cpu_us" in f else "-"
        extra = f"  client {f['loader_us']:.1f} / {f['wrk_us']:.1f} us {f['loader_wrk_ratio']:.2f}" if "loader_us" in f else ""
        return f"{row.name:40} {row.theirs_name:28} {cpu:>19} {cpu_ratio:>6} {number(f['rate']):>9} / {number(f['their_rate']):<9}" \
               f"{f['rate_ratio']:>5.2f} {f['p99']:>8.0f} / {f['their_p99']:<8.0f}{extra}"
    return f"{row.name:40} {row.theirs_name:28} " + "  ".join(f"{key} {number(value)}" for key, value in f.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--full", action="store_true", help="a million names, longer rounds")
    parser.add_argument("--rows", default=",".join([*ROWS, "cli", "listing"]))
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ais-bench-", dir=os.environ.get("AIS_TEST_DIR") or "/var/tmp"))
    wanted = options.rows.split(",")
    done = []
    print(f"{'':40} {'against':28} {'CPU us/request':>19} {'ratio':>6} {'requests/s':>21}{'ratio':>5} {'p99 us':>18}")

    def show(row):
        print(line(row), flush=True)
        done.append({"name": row.name, "against": row.theirs_name, **{k: round(v, 3) for k, v in row.figures.items()}})
    try:
        if set(wanted) & set(ROWS):
            bench = rows.Bench(folder, options.build, 3.0 if options.full else 1.0)
            try:
                for name in [name for name in ROWS if name in wanted]:
                    rows.settle(bench)
                    for row in ROWS[name](bench):
                        show(row)
            finally:
                bench.close()
        if "cli" in wanted:
            for row in rows.cli_rows(folder, options.build, 5 if options.full else 2):
                show(row)
        if "listing" in wanted:
            for row in rows.listing_rows(folder, options.build, 1_000_000 if options.full else 20_000):
                show(row)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"bench": done}))


if __name__ == "__main__":
    main()

"""The page of `aisloader --report` in a real browser without a network, where one is installed."""
import json
import re
import shutil
import subprocess

import pytest

BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome-headless-shell"]
# Measures the page as it is laid out and leaves the result in its title.
MEASURE = """<script>
function inside(a, b) { return a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1; }
function apart(boxes) { return boxes.every(function (a, i) { return boxes.slice(i + 1).every(function (b) {
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top; }); }); }
var charts = Array.from(document.querySelectorAll("svg.chart")).map(function (chart) {
  var texts = Array.from(chart.querySelectorAll("text"));
  var boxes = texts.map(function (text) { return text.getBoundingClientRect(); }), frame = chart.getBoundingClientRect();
  return { name: chart.getAttribute("aria-label"), width: frame.width, texts: texts.map(function (text) { return text.textContent; }),
    inside: boxes.every(function (box) { return inside(box, frame); }), apart: apart(boxes),
    shapes: Array.from(chart.querySelectorAll("path, rect")).filter(function (shape) {
      var box = shape.getBBox(); return box.width > 0 && isFinite(box.height); }).length };
});
document.title = JSON.stringify({ charts: charts, width: innerWidth, needed: document.documentElement.scrollWidth });
</script>"""


@pytest.fixture(scope="module")
def browser():
    found = [path for path in map(shutil.which, BROWSERS) if path]
    if not found:
        pytest.skip(f"no browser is installed: none of {', '.join(BROWSERS)}")
    return found[0]


@pytest.fixture(scope="module")
def page(run_tool, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    run = run_tool("aisloader", "--bucket", "ais://report-page", "--pctput", 40, "--pctlist", 10, "--minsize", "1KiB",
                   "--maxsize", "256KiB", "--duration", "3s", "--numworkers", 4, "--report", path, "--quiet", "--cleanup")
    assert run.returncode == 0, run.stderr
    return path


@pytest.mark.parametrize("columns, dark", [(1200, False), (1200, True), (500, False)])
def test_the_page_in_a_browser(browser, page, columns, dark, tmp_path):
    measured = tmp_path / "measured.html"
    measured.write_text(page.read_text().replace("</body>", MEASURE + "</body>"))
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--proxy-server=127.0.0.1:1", "--host-resolver-rules=MAP * ~NOTFOUND",
         f"--user-data-dir={tmp_path}/profile", f"--window-size={columns},2000", "--enable-logging=stderr",
         f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", measured.as_uri()],
        capture_output=True, text=True, timeout=90)
    assert done.returncode == 0 and "CONSOLE" not in done.stderr, done.stderr
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL).group(1).replace("&amp;", "&")
    layout = json.loads(title)
    assert layout["needed"] <= layout["width"], "the page itself does not scroll sideways"
    charts = {chart["name"].split(",")[0]: chart for chart in layout["charts"]}
    assert charts["Latency by percentile"]["shapes"] == 3 and "99.9 %" in charts["Latency by percentile"]["texts"]
    for name in ["Operations per second", "Throughput"] + [f"Latency of {op} over time" for op in ("GET", "PUT", "LIST")]:
        assert charts[name]["shapes"] >= 3, (name, charts[name])
    assert len(layout["charts"]) == 9, [chart["name"] for chart in layout["charts"]]
    for chart in layout["charts"]:
        assert chart["inside"] and chart["apart"] and chart["width"] >= 450 and len(chart["texts"]) >= 4, chart
        assert not re.search("NaN|Infinity|undefined", "".join(chart["texts"])), chart
    ticks = [text for text in charts["Throughput"]["texts"] if text.endswith("/s")]
    assert all(re.fullmatch(r"[\d.]{1,4}[KMG]?i?B/s", tick) for tick in ticks), ticks
    steps = {float(re.match(r"[\d.]+", tick)[0]) for tick in ticks} - {0.0}
    smallest = min(steps)
    assert all(abs(step / smallest - round(step / smallest)) < 0.01 for step in steps), f"round steps: {ticks}"

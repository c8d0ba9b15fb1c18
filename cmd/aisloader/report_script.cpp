#include "aisloader/report.h"

namespace ais::loader {

// SVG is made as markup, which the browser parses into its own namespace: the page names no address at all. Every text that goes into the
// markup is a number or a constant of this script.
const char kReportScript[] = R"js(
(function ()
{
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var plots = document.getElementById("plots");
  var W = 960, H = 260, L = 70, R = 30, T = 12, B = 34;
  var OPS = [["get", "GET"], ["put", "PUT"], ["list", "LIST"]].filter(function (o) { return data.histogram[o[0]]; });
  var DASHES = { p50: "", p99: "7 4", p999: "2 3", max: "9 3 2 3" };
  var NAMES = { p50: "p50", p99: "p99", p999: "p99.9", max: "max" };

  function short(v) {
    var units = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
    for (var i = 0; i < units.length; i++) if (v >= units[i][0]) return trim(v / units[i][0]) + units[i][1];
    return trim(v);
  }
  function trim(v) { return v >= 100 || v === Math.round(v) ? String(Math.round(v)) : String(Number(v.toPrecision(3))); }
  // In the unit that suits `like`: all ticks of an axis have the same.
  function bytes(v, like) {
    var units = ["B", "KiB", "MiB", "GiB", "TiB"], i = 0;
    for (like = like || v; like >= 1024 && i < 4; i++) { v /= 1024; like /= 1024; }
    return trim(v) + units[i] + "/s";
  }
  function time(us) { return us >= 1e6 ? trim(us / 1e6) + " s" : us >= 1e3 ? trim(us / 1e3) + " ms" : trim(us) + " us"; }
  function f(x) { return x.toFixed(1); }

  function linear(lo, hi, from, to) {
    return function (v) { return from + (hi > lo ? (v - lo) / (hi - lo) : 0) * (to - from); };
  }
  function niceTicks(hi, wanted) {
    var step = Math.pow(10, Math.floor(Math.log10(hi / wanted || 1)));
    while (hi / step > wanted) step *= hi / step > wanted * 2.5 ? 5 : 2;
    var out = [];
    for (var v = 0; v <= hi * 1.0001; v += step) out.push(v);
    return out;
  }
  // Round numbers of KiB, MiB, ... instead of round numbers of bytes.
  function byteTicks(hi, wanted) {
    var unit = 1;
    while (hi / unit >= 1024) unit *= 1024;
    return niceTicks(hi / unit, wanted).map(function (v) { return v * unit; });
  }
  function decades(lo, hi) {
    var out = [];
    for (var e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e++) out.push(Math.pow(10, e));
    return out;
  }

  function frame(xTicks, x, xText, yTicks, y, yText, inner, title) {
    var s = '<div class="scroll"><svg class="chart" viewBox="0 0 ' + W + " " + H + '" role="img" aria-label="' + title + '">';
    yTicks.forEach(function (v) {
      s += '<line class="axis" x1="' + L + '" x2="' + (W - R) + '" y1="' + f(y(v)) + '" y2="' + f(y(v)) + '"></line>' +
        '<text x="' + (L - 8) + '" y="' + f(y(v) + 4) + '" text-anchor="end">' + yText(v) + "</text>";
    });
    xTicks.forEach(function (v) {
      s += '<text x="' + f(x(v)) + '" y="' + (H - 12) + '" text-anchor="middle">' + xText(v) + "</text>";
    });
    return s + inner + "</svg></div>";
  }
  function path(cls, dash, points, x, y) {
    var d = "";
    points.forEach(function (p, i) {
      if (p[1] === null) return;
      var before = i > 0 && points[i - 1][1] !== null, after = i + 1 < points.length && points[i + 1][1] !== null;
      d += (before ? "L" : "M") + f(x(p[0])) + " " + f(y(p[1])) + (before || after ? "" : "h4");
    });
    return '<path class="plot ' + cls + '" stroke-dasharray="' + dash + '" d="' + d + '"></path>';
  }
  function legend(items) {
    return '<ul class="legend">' + items.map(function (i) {
      return '<li><svg viewBox="0 0 32 12" aria-hidden="true"><path class="plot ' + i[0] + '" stroke-dasharray="' + i[1] +
        '" d="M0 6H32"></path></svg>' + i[2] + "</li>";
    }).join("") + "</ul>";
  }
  function table(head, rows) {
    return '<details><summary>Numbers of this plot</summary><table class="numbers"><thead><tr>' +
      head.map(function (h) { return '<th scope="col">' + h + "</th>"; }).join("") + "</tr></thead><tbody>" +
      rows.map(function (r) { return "<tr>" + r.map(function (c) { return "<td>" + c + "</td>"; }).join("") + "</tr>"; }).join("") +
      "</tbody></table></details>";
  }
  function add(title, markup) {
    var box = document.createElement("div");
    box.innerHTML = "<h2>" + title + "</h2>" + markup;
    plots.appendChild(box);
  }

  var series = data.series;
  if (!series.length) return;
  var end = series[series.length - 1].t + series[series.length - 1].seconds;
  var x = linear(0, end, L, W - R);
  var xTicks = niceTicks(end, 8);
  function seconds(v) { return trim(v) + " s"; }
  function middle(p) { return p.t + p.seconds / 2; }
  function over(title, lines, text, log) {
    var values = [];
    lines.forEach(function (l) { l.points.forEach(function (p) { if (p[1] !== null && p[1] > 0) values.push(p[1]); }); });
    if (!values.length) return;
    var hi = Math.max.apply(null, values), lo = Math.min.apply(null, values), y, ticks;
    if (log) {
      ticks = decades(lo, hi);
      var scale = linear(Math.log10(ticks[0]), Math.log10(ticks[ticks.length - 1]), H - B, T);
      y = function (v) { return scale(Math.log10(Math.max(v, ticks[0]))); };
    } else {
      ticks = (text === bytes ? byteTicks : niceTicks)(hi, 5);
      y = linear(0, Math.max(hi, ticks[ticks.length - 1]), H - B, T);
    }
    var inner = lines.map(function (l) { return path(l.cls, l.dash, l.points, x, y); }).join("");
    add(title, legend(lines.map(function (l) { return [l.cls, l.dash, l.name]; })) +
      frame(xTicks, x, seconds, ticks, y, function (v) { return text(v, hi); }, inner, title + ", maximum " + text(hi)) +
      table(["from"].concat(lines.map(function (l) { return l.name; })), series.map(function (p, i) {
        return [seconds(p.t)].concat(lines.map(function (l) { return l.points[i][1] === null ? "" : text(l.points[i][1]); }));
      })));
  }
  function line(op, dash, name, value) {
    return { cls: op, dash: dash, name: name, points: series.map(function (p) { return [middle(p), value(p)]; }) };
  }

  over("Operations per second", OPS.map(function (o) {
    return line(o[0], "", o[1], function (p) { return p[o[0]] ? p[o[0]].ops / p.seconds : 0; });
  }), short, false);
  over("Throughput", OPS.map(function (o) {
    return line(o[0], "", o[1], function (p) { return p[o[0]] ? p[o[0]].bytes / p.seconds : 0; });
  }), bytes, false);
  OPS.forEach(function (o) {
    over("Latency of " + o[1] + " over time", Object.keys(DASHES).map(function (k) {
      return line(o[0], DASHES[k], NAMES[k], function (p) { return p[o[0]] ? p[o[0]][k] : null; });
    }), time, true);
  });
  curve();
  OPS.forEach(function (o) { histogram(o[0], o[1], data.histogram[o[0]]); });
  over("Errors per second", [line("error", "", "errors", function (p) { return p.errors / p.seconds; })], short, false);

  // How long the slowest operations took: each step to the right is a tenth of what is slower.
  function curve() {
    var lines = OPS.map(function (o) { return { op: o[0], name: o[1], points: data.result[o[0]].latency_curve_us }; });
    if (!lines.length) return;
    var nines = 1, lo = Infinity, hi = 0;
    lines.forEach(function (l) {
      var last = l.points[l.points.length - 2] || [0];
      nines = Math.max(nines, Math.ceil(missing(last[0])));
      l.points.forEach(function (p) { lo = Math.min(lo, Math.max(p[1], 0.1)); hi = Math.max(hi, p[1]); });
    });
    function missing(percent) { return -Math.log10(Math.max(1 - percent / 100, 1e-15)); }
    var cx = linear(0, nines, L, W - R - 20), ticks = decades(lo, hi);
    var scale = linear(Math.log10(ticks[0]), Math.log10(ticks[ticks.length - 1]), H - B, T);
    function x(percent) { return cx(Math.min(missing(percent), nines)); }
    function y(v) { return scale(Math.log10(Math.max(v, ticks[0]))); }
    var xTicks = [0];
    for (var n = 1; n <= nines; n++) xTicks.push(100 - Math.pow(10, 2 - n));
    function percentText(p) { return String(Number(p.toFixed(10))) + " %"; }
    var title = "Latency by percentile";
    add(title, legend(lines.map(function (l) { return [l.op, "", l.name]; })) +
      frame(xTicks, x, percentText, ticks, y, time, lines.map(function (l) { return path(l.op, "", l.points, x, y); }).join(""),
        title + ", maximum " + time(hi)) +
      table(["operation", "percent", "took at most"], [].concat.apply([], lines.map(function (l) {
        return l.points.map(function (p) { return [l.name, percentText(p[0]), time(p[1])]; });
      }))));
  }

  function histogram(op, name, buckets) {
    // Twenty bars a decade; the recordings are finer than that.
    var bars = {}, total = 0, most = 0;
    buckets.forEach(function (b) {
      var k = Math.floor(Math.log10(Math.max(b[0], 0.1)) * 20);
      bars[k] = (bars[k] || 0) + b[1];
      total += b[1];
    });
    var keys = Object.keys(bars).map(Number).sort(function (a, b) { return a - b; });
    keys.forEach(function (k) { most = Math.max(most, bars[k]); });
    var ticks = decades(Math.pow(10, keys[0] / 20), Math.pow(10, (keys[keys.length - 1] + 1) / 20));
    var hx = linear(Math.log10(ticks[0]) * 20, Math.log10(ticks[ticks.length - 1]) * 20, L, W - R);
    var yTicks = niceTicks(most, 5), y = linear(0, Math.max(most, yTicks[yTicks.length - 1]), H - B, T), inner = "";
    keys.forEach(function (k) {
      inner += '<rect class="bar ' + op + '" x="' + f(hx(k)) + '" y="' + f(y(bars[k])) +
        '" width="' + f(Math.max(1, hx(k + 1) - hx(k) - 1)) + '" height="' + f(H - B - y(bars[k])) + '"></rect>';
    });
    var title = "Latency of " + name + ", histogram";
    add(title, frame(ticks, function (v) { return hx(Math.log10(v) * 20); }, time, yTicks, y, short, inner,
      title + " of " + total + " operations") +
      table(["up to", "operations"], keys.map(function (k) { return [time(Math.pow(10, (k + 1) / 20)), String(bars[k])]; })));
  }
})();
)js";

}  // namespace ais::loader

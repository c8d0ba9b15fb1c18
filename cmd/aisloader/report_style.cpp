#include "aisloader/report.h"

namespace ais::loader {

// Series colours keep a contrast of 3:1 to the background in both modes; lines differ in dashes too.
const char kReportStyle[] = R"css(
:root { --ground: #ffffff; --text: #1c2024; --faint: #5c6670; --line: #d5dbe1; }
:root { --get: #0b62c4; --put: #b4470b; --list: #6b3fa0; --error: #b3142b; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14181c; --text: #e6e9ec; --faint: #9aa5b0; --line: #343c45; }
  :root { --get: #6cb2ff; --put: #ffa066; --list: #c8a2ff; --error: #ff7d8c; }
}
body { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
caption { text-align: left; color: var(--faint); padding-bottom: .3rem; }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.numbers td, .numbers thead th + th { text-align: right; }
thead th { white-space: nowrap; }
.pairs td { overflow-wrap: anywhere; }
.warning { color: var(--error); font-weight: 600; }
svg { width: 100%; height: auto; display: block; }
.scroll { overflow-x: auto; }
.chart { min-width: 40rem; }
svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
.axis { stroke: var(--line); stroke-width: 1; }
.get { stroke: var(--get); fill: var(--get); } .put { stroke: var(--put); fill: var(--put); }
.list { stroke: var(--list); fill: var(--list); } .error { stroke: var(--error); fill: var(--error); }
path.plot { fill: none; stroke-width: 1.8; }
rect.bar { stroke: none; opacity: .75; }
.legend { display: flex; flex-wrap: wrap; gap: 1.2rem; margin: .2rem 0; padding: 0; list-style: none; color: var(--faint); }
.legend svg { width: 2rem; height: .8rem; display: inline-block; vertical-align: middle; margin-right: .4rem; }
details { color: var(--faint); margin: .3rem 0 1rem; }
)css";

}  // namespace ais::loader

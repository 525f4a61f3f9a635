"""How a report looks: on light and dark screens, and on A4 paper. One style sheet, nothing from elsewhere."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #ffffff; --line: #e2e5ea; --text: #1a1d21; --secondary: #646e7d; --faint: #a3a9b4;
  --accent: #2f5fd0; --right: #0b8466; --wrong: #c24c1b; --amber: #8f5600; --empty: #f8f9fb; --on: #ffffff;
  --right-rgb: 11, 132, 102; --wrong-rgb: 194, 76, 27;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #141619; --card: #1c1f24; --line: #2c3036; --text: #e8eaed; --secondary: #9aa2ad; --faint: #646b76;
    --accent: #7ea2ff; --right: #3cc79e; --wrong: #f08a5d; --amber: #e6b450; --empty: #21252b; --on: #14181f;
    --right-rgb: 60, 199, 158; --wrong-rgb: 240, 138, 93;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 28px 16px; background: var(--ground); color: var(--text);
  font: 14px/1.5 Inter, system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans SC", "PingFang SC",
    "Microsoft YaHei", sans-serif;
}
main { max-width: 860px; margin: 0 auto; }
h1 { font-size: 22px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 {
  font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--secondary); font-weight: 600;
  margin: 0 0 12px;
}
h3 { font-size: 14px; margin: 0 0 4px; }
p { margin: 0 0 8px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 18px; margin: 12px 0; }
.small, .key { font-size: 12px; color: var(--secondary); }
.big { font-size: 40px; font-weight: 650; line-height: 1.1; margin: 0 0 4px; font-variant-numeric: tabular-nums; }
.right { color: var(--right); } .wrong { color: var(--wrong); }
.note { white-space: pre-wrap; overflow-wrap: anywhere; }
.tag {
  display: inline-block; border: 1px solid var(--line); border-radius: 10px; padding: 0 8px; margin: 0 6px 4px 0;
  font-size: 12px; color: var(--secondary);
}
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(330px, 1fr)); gap: 18px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-weight: 500; text-align: left; color: var(--secondary); }
td, th { padding: 3px 10px 3px 0; vertical-align: top; }
.figures { width: 100%; }
.figures td, .figures th { border-bottom: 1px solid var(--line); }
.figures .number { text-align: right; white-space: nowrap; }
.changed td { font-weight: 600; }
.settings td { overflow-wrap: anywhere; }
.group td { padding-top: 10px; color: var(--secondary); font-size: 12px; border: 0; }
.matrix td, .matrix th { padding: 0; text-align: center; vertical-align: middle; font-size: 12px; }
.matrix td { min-width: 42px; height: 32px; border: 1px solid var(--card); background: var(--empty); }
.matrix tbody th { text-align: right; padding-right: 8px; white-space: nowrap; vertical-align: middle; }
.matrix thead th { padding: 0 3px 4px; vertical-align: bottom; }
.matrix .tall { writing-mode: vertical-rl; transform: rotate(180deg); padding: 4px 0 0; }
.matrix .hit { background: rgba(var(--right-rgb), var(--share)); }
.matrix .miss { background: rgba(var(--wrong-rgb), var(--share)); }
.matrix .strong { color: var(--on); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 14px 10px; }
figure { margin: 0; }
figcaption { font-size: 12px; line-height: 1.35; }
.pictures img {
  width: 84px; height: 84px; object-fit: contain; image-rendering: pixelated; border-radius: 4px; background: #000;
}
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 11px; fill: var(--secondary); font-family: inherit; }
.grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.pale { fill: none; stroke-width: 1; opacity: .35; }
.dash { stroke-dasharray: 5 4; }
.accent { stroke: var(--accent); } .green { stroke: var(--right); } .orange { stroke: var(--amber); }
.grey { stroke: var(--faint); }
.dot-accent { fill: var(--accent); } .dot-green { fill: var(--right); } .dot-orange { fill: var(--amber); }
.bar { fill: var(--accent); opacity: .18; }
.key span { white-space: nowrap; margin-right: 14px; }
.key svg { display: inline-block; width: 22px; height: 8px; vertical-align: middle; margin-right: 5px; }
pre {
  font: 12px/1.45 ui-monospace, "JetBrains Mono", Consolas, monospace; background: var(--empty); border-radius: 6px;
  padding: 10px; margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere;
}
code { font: 12px ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
footer { color: var(--secondary); font-size: 12px; padding: 4px 2px; }
@page { size: A4; margin: 14mm; }
@media print {
  body { background: none; padding: 0; font-size: 10.5pt; }
  main { max-width: none; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 10px 0; margin: 0; }
  figure, tr, .chart, .wide { break-inside: avoid; }
  .settings { font-size: 9pt; }
  h2, h3 { break-after: avoid; }
  .matrix td, .bar { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

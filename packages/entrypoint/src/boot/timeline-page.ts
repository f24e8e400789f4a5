import type { FinishedStep } from "../events.ts";
import { TIMELINE_COLUMNS, type Timeline } from "./timeline.ts";

const STYLE = `
:root { color-scheme: light dark; --bar: #2f6f9f; --wait: #c9a13b; --failed: #b3403a; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.step { overflow-wrap: anywhere; }
td.track { width: 40%; min-width: 12rem; }
.track div { position: relative; height: 1.1rem; background: #8881; border-radius: 3px; }
.track span { position: absolute; inset-block: 0; min-width: 2px; border-radius: 3px; background: var(--bar); }
.track span.wait { background: var(--wait); }
.failed .track span { background: var(--failed); }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .3em 0 1em; }
small { color: #888; }
`;

/** The timeline as one page that needs nothing else: no script, no font, no network. */
export function timelinePage(timeline: Timeline): string {
  const { release, steps, seconds, exitCode } = timeline;
  const end = exitCode === null ? "the app took over" : `ended with ${String(exitCode)}`;
  const heads = TIMELINE_COLUMNS.map(({ name }) => `<th class="number">${name}</th>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Boot timeline${release === null ? "" : ` of ${escape(release)}`}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Boot timeline</h1>
<p>${release === null ? "No release" : `Release <b>${escape(release)}</b>`}: ${String(steps.length)} steps in ${seconds.toFixed(2)} s, then ${end}.
<i class="key" style="background: var(--bar)"></i>works <i class="key" style="background: var(--wait)"></i>waits
<i class="key" style="background: var(--failed)"></i>failed</p>
<table>
<thead><tr><th>step</th>${heads}<th>0 to ${seconds.toFixed(2)} s</th></tr></thead>
<tbody>
${steps.map((step) => rowOf(step, seconds)).join("\n")}
</tbody>
</table>
</body>
</html>
`;
}

function rowOf(step: FinishedStep, total: number): string {
  const cells = TIMELINE_COLUMNS.map(({ of }) => `<td class="number">${escape(of(step))}</td>`).join("");
  const name = `${escape(step.task)}<br><small>${escape(step.subject)}: ${escape(step.outcome)}</small>`;
  const bars = [
    bar("", step.start + step.wait, step.seconds - step.wait, total),
    bar("wait", step.start, step.wait, total),
  ];
  const failed = step.outcome === "failed" ? ' class="failed"' : "";
  return `<tr${failed}><td class="step">${name}</td>${cells}<td class="track"><div>${bars.join("")}</div></td></tr>`;
}

function bar(kind: string, start: number, seconds: number, total: number): string {
  if (seconds <= 0 || total <= 0) return "";
  const percent = (value: number): string => `${((value / total) * 100).toFixed(2)}%`;
  return `<span class="${kind}" style="left: ${percent(start)}; width: ${percent(seconds)}"></span>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

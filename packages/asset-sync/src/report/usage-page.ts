import { bytesText, count } from "../amounts.ts";
import type { Amount, Usage } from "./usage.ts";

const STYLE = `
:root { color-scheme: light dark; --bar: light-dark(#3465a4, #729fcf); --line: light-dark(#ddd, #444); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.25rem 0.6rem 0.25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.bar { width: 30%; min-width: 8rem; } td.bar span { display: block; height: 0.8rem; background: var(--bar); min-width: 1px; }
`;

/** One row of a table; the last column is a bar as long as its number says. */
interface Row {
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  readonly bar: number;
}

/** A page that stands alone: no script, nothing that is loaded from elsewhere. Pure. */
export function usagePage(target: string, usage: Usage): string {
  const { stored, releases, types, grown, collectable } = usage;
  const sections = [
    table("Releases", ["release", "recorded"], ["files", "needs", "new in it"], releases.map(releaseRow)),
    table("Bytes by type", ["type"], ["files", "stored"], types.map(typeRow)),
    table("What grew in the newest release", ["file"], ["before", "now", "more"], grown.map(growthRow)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Assets at ${escaped(target)}</title><style>${STYLE}</style></head><body>
<h1>Assets at ${escaped(target)}</h1>
<p>${amountText(stored)} in ${count(releases.length, "release")}.</p>
${sections.join("\n")}
<h2>What collect would free</h2>
<p>${collectableText(collectable)}${collectable.releases.length === 0 ? "" : `, forgetting ${collectable.releases.map((release) => escaped(release)).join(", ")}`}.</p>
</body></html>
`;
}

function releaseRow({ release, at, pinned, needed, added }: Usage["releases"][number]): Row {
  const when = new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ");
  return {
    texts: [pinned ? `${release} (pinned)` : release, `${when} UTC`],
    numbers: [`${needed.files}`, bytesText(needed.bytes), bytesText(added.bytes)],
    bar: added.bytes,
  };
}

function typeRow({ type, files, bytes }: Usage["types"][number]): Row {
  return { texts: [type], numbers: [`${files}`, bytesText(bytes)], bar: bytes };
}

function growthRow({ name, before, after }: Usage["grown"][number]): Row {
  const more = after - before;
  return {
    texts: [name],
    numbers: [before === 0 ? "new" : bytesText(before), bytesText(after), bytesText(more)],
    bar: more,
  };
}

function table(title: string, texts: readonly string[], numbers: readonly string[], rows: readonly Row[]): string {
  if (rows.length === 0) return `<h2>${title}</h2><p>Nothing.</p>`;
  const longest = Math.max(1, ...rows.map(({ bar }) => bar));
  const head = [
    ...texts.map((text) => `<th>${text}</th>`),
    ...numbers.map((text) => `<th class="number">${text}</th>`),
  ];
  const body = rows.map((row) => {
    const cells = row.texts.map((text) => `<td>${escaped(text)}</td>`);
    const figures = row.numbers.map((text) => `<td class="number">${text}</td>`);
    const bar = `<td class="bar"><span style="width:${((100 * row.bar) / longest).toFixed(1)}%"></span></td>`;
    return `<tr>${[...cells, ...figures].join("")}${bar}</tr>`;
  });
  return `<h2>${title}</h2><table><tr>${head.join("")}<th></th></tr>${body.join("\n")}</table>`;
}

/** What a collection would free, in words. */
export function collectableText({ leftOver, ...amount }: Usage["collectable"]): string {
  return leftOver === 0
    ? amountText(amount)
    : `${amountText(amount)}, and up to ${count(leftOver, "file")} left over by an earlier collection`;
}

/** Files and bytes, in words. */
export function amountText({ files, bytes }: Amount): string {
  return `${count(files, "file")}, ${bytesText(bytes)}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

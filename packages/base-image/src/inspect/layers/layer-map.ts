import { instructionOf, megabytes, type LayerReport } from "./layer-report.ts";
import type { Layer, SavedImage } from "./layer.ts";
import { treemap, type Area, type Weighted } from "./treemap.ts";

/** A folder or file of a layer with the bytes of all below it. */
interface Branch extends Weighted {
  readonly children: readonly Branch[];
}

const MAP: Area = { x: 0, y: 0, width: 1000, height: 240 };
const HEADING = 16;
const SMALLEST = 3;
const SHORTEST = 40;
const DEEPEST = 4;

/**
 * One self-contained page: a treemap of each layer's folders, what is wasted, and what grew most against another image.
 * It loads nothing and runs nothing.
 */
export function layerMap(image: SavedImage, report: LayerReport): string {
  const layers = image.layers.map((layer, index) => ({ layer, line: report.layers[index] }));
  const biggest = Math.max(1, ...image.layers.map(({ tarBytes }) => tarBytes));
  const sections = layers.map(({ layer, line }) => layerSection(layer, biggest, line?.shared === true));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Layers of ${escapeHtml(report.image)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(report.image)}</h1>
<p class="sum"><b>${megabytes(report.tarBytes)}</b> unpacked <b>${megabytes(report.blobBytes)}</b> to pull <b>${report.packages}</b> packages
<b>${(report.efficiency.score * 100).toFixed(2)} %</b> efficiency <b>${megabytes(report.efficiency.wastedBytes)}</b> wasted</p>
${sections.join("\n")}
${table("Wasted: paths that several layers write", ["bytes", "times", "path"], wastedRows(report))}
${report.against === undefined ? "" : comparison(report)}
</body></html>
`;
}

function layerSection(layer: Layer, biggest: number, shared: boolean): string {
  const height = Math.max(SHORTEST, Math.round((MAP.height * layer.tarBytes) / biggest));
  const area = { ...MAP, height };
  const tiles = layer.tarBytes < biggest / 200 ? "" : tilesOf(branchesOf(layer), area, 0);
  const drawing = tiles === "" ? "" : `<svg viewBox="0 0 ${MAP.width} ${height}" role="img">${tiles}</svg>`;
  return `<section${shared ? ' class="shared"' : ""}><h2><span>${megabytes(layer.tarBytes)}</span><span>${megabytes(layer.blobBytes)}</span>
<code>${escapeHtml(instructionOf(layer.createdBy))}</code></h2>${drawing}</section>`;
}

function tilesOf(branches: readonly Branch[], area: Area, depth: number): string {
  return treemap(branches, area)
    .filter(({ width, height }) => width >= SMALLEST && height >= SMALLEST)
    .map((tile) => {
      const { thing, x, y, width, height } = tile;
      const named = height > HEADING && width > thing.name.length * 6 + 6;
      const inner = { x: x + 2, y: y + HEADING, width: width - 4, height: height - HEADING - 2 };
      const isDivided = named && depth < DEEPEST && inner.height > HEADING && thing.children.length > 0;
      const label = named ? `<text x="${fixed(x + 4)}" y="${fixed(y + 12)}">${escapeHtml(thing.name)}</text>` : "";
      const box = `<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${fixed(height)}" class="d${depth}"><title>${escapeHtml(thing.name)} ${megabytes(thing.bytes).trim()}</title></rect>`;
      return box + label + (isDivided ? tilesOf(thing.children, inner, depth + 1) : "");
    })
    .join("");
}

/** The folders of a layer as a tree; a chain of folders with nothing beside is one branch. */
function branchesOf({ entries }: Layer): readonly Branch[] {
  const files = entries.filter(({ kind, size }) => kind === "file" && size > 0);
  return grow(files.map(({ path, size }) => ({ parts: path.split("/"), size })));
}

function grow(files: readonly { readonly parts: readonly string[]; readonly size: number }[]): readonly Branch[] {
  const groups = Map.groupBy(files, ({ parts }) => parts[0] ?? "");
  return [...groups].map(([name, members]) => {
    const deeper = members.filter(({ parts }) => parts.length > 1);
    const children = grow(deeper.map(({ parts, size }) => ({ parts: parts.slice(1), size })));
    const bytes = members.reduce((sum, { size }) => sum + size, 0);
    const [only] = children;
    return only !== undefined && children.length === 1 && only.bytes === bytes
      ? { name: `${name}/${only.name}`, bytes, children: only.children }
      : { name, bytes, children };
  });
}

function wastedRows({ efficiency }: LayerReport): readonly (readonly string[])[] {
  return efficiency.wasted.slice(0, 25).map(({ path, bytes, times }) => [megabytes(bytes), `${times}`, `/${path}`]);
}

function comparison({ against }: LayerReport): string {
  if (against === undefined) return "";
  const { paths, packages } = against;
  const grown = paths.slice(0, 25).map(({ path, bytes, kind }) => [change(bytes), kind, `/${path}`]);
  const changed = packages.map(({ name, before, after, bytes }) => [
    change(bytes),
    name,
    `${before ?? "–"} → ${after ?? "–"}`,
  ]);
  return `<h1>Against ${escapeHtml(against.image)}</h1>
<p class="sum"><b>${change(against.tarBytes)}</b> unpacked <b>${change(against.blobBytes)}</b> to pull <b>${megabytes(against.addedWaste)}</b> more wasted</p>
${table("Biggest differences", ["bytes", "", "path"], grown)}${table("Packages", ["bytes", "package", "version"], changed)}`;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("");
  return `<h3>${escapeHtml(title)}</h3><table><tr>${cells("th", head)}</tr>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("")}</table>`;
}

function change(bytes: number): string {
  return `${bytes < 0 ? "−" : "+"}${megabytes(Math.abs(bytes)).trim()}`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2733;--page:#fff;--line:#d5dde5;--soft:#5c6b7a;--d0:#2f6f9f;--d1:#4b8fbf;--d2:#79b1d6;--d3:#a9cfe8;--d4:#d3e7f4}
@media(prefers-color-scheme:dark){:root{--ink:#e4ebf1;--page:#141a20;--line:#33404d;--soft:#93a3b3;--d0:#1e4d70;--d1:#2b6690;--d2:#3a7fae;--d3:#5596c2;--d4:#7fb4d8}}
body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:1040px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.35rem;margin:1.5rem 0 .3rem}h2{font-size:.8rem;font-weight:400;margin:1rem 0 .2rem;display:flex;gap:.8rem;align-items:baseline}
h2 span{min-width:5.2rem;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}h2 code{color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
h3{font-size:1rem;margin:1.6rem 0 .3rem}.sum b{margin-left:.8rem;font-variant-numeric:tabular-nums}.sum b:first-child{margin:0}
.shared{opacity:.55}svg{display:block;width:100%;height:auto;border-radius:3px}rect{stroke:var(--page);stroke-width:1}
text{font:11px system-ui,sans-serif;fill:#fff;pointer-events:none}.d0{fill:var(--d0)}.d1{fill:var(--d1)}.d2{fill:var(--d2)}.d3{fill:var(--d3)}.d4{fill:var(--d4)}.d2+text,.d3+text,.d4+text{fill:#10202e}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.15rem .6rem .15rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
td:first-child,th:first-child{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}`;

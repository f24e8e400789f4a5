/** Colours by what they are for, each with one for a dark page: the picture follows the reader's preference. */
const COLOURS = {
  ground: ["#ffffff", "#0d1117"],
  text: ["#1f2328", "#e6edf3"],
  quiet: ["#59636e", "#9198a1"],
  line: ["#d1d9e0", "#3d444d"],
  ours: ["#0969da", "#4493f8"],
  other: ["#afb8c1", "#656c76"],
  second: ["#bc4c00", "#f0883e"],
  third: ["#1a7f37", "#3fb950"],
} as const;

export type Colour = keyof typeof COLOURS;

/** A picture of that size with a ground of its own, so that it is readable on any page. */
export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font:12px system-ui,sans-serif}.head{font-weight:600}${classesOf(0)}`,
    `@media (prefers-color-scheme:dark){${classesOf(1)}}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** A line of text; `at` is where it begins, unless it ends or is centred there. */
export function label(
  at: { readonly x: number; readonly y: number },
  words: string,
  { colour = "text", anchor = "start", head = false }: LabelStyle = {},
): string {
  const classes = head ? `${colour} head` : colour;
  const place = `x="${round(at.x)}" y="${round(at.y)}"${anchor === "start" ? "" : ` text-anchor="${anchor}"`}`;
  return `<text class="${classes}" ${place}>${escaped(words)}</text>`;
}

export interface LabelStyle {
  readonly colour?: Colour;
  readonly anchor?: "start" | "middle" | "end";
  readonly head?: boolean;
}

export function bar(
  x: number,
  y: number,
  size: { readonly width: number; readonly height: number },
  colour: Colour,
): string {
  return `<rect class="${colour}" x="${round(x)}" y="${round(y)}" width="${round(size.width)}" height="${round(size.height)}" rx="1.5"/>`;
}

/** A line through points. */
export function line(points: readonly (readonly [number, number])[], colour: Colour, width = 1): string {
  const path = points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
  return `<path class="${colour}-line" stroke-width="${width}" d="${path}"/>`;
}

function classesOf(side: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, sides]) => `.${name}{fill:${sides[side]}}.${name}-line{stroke:${sides[side]};fill:none}`)
    .join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
